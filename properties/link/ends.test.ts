/** How a connection ends at each end: who is told, when, and what becomes of what was on its way. */
import { describe, expect, test } from 'vitest';
import type { End, LinkEvent } from '../../src/link/vocabulary.ts';
import { ms, seconds } from '../../src/time.ts';
import { CLEAR, DEAF, PlayedLink } from '../machines/link.ts';

const CUT: LinkEvent = { type: 'cut', direction: 'both' };
const HEAL: LinkEvent = { type: 'heal', direction: 'both' };
const gone = (end: End, how: 'process' | 'host'): LinkEvent => ({ type: 'endDown', end, how });
const hangUp = (end: End, how: 'fin' | 'rst'): LinkEvent => ({ type: 'terminate', end, conn: 1, how });
const close = (end: End): LinkEvent => ({ type: 'close', end, conn: 1, code: 1000, reason: '' });

/** A link with connection 1 open on it. */
function opened(): PlayedLink {
  const link = new PlayedLink();
  link.open(1);
  return link;
}

/** A link whose connection 1 was dialled and got so far. */
function dialled(phase: 'syn' | 'connected' | 'heard'): PlayedLink {
  const link = new PlayedLink();
  if (phase === 'syn') link.tell(CUT);
  link.tell({ type: 'dial', end: 0, conn: 1 });
  if (phase === 'heard') link.pass(ms(150));
  expect(link.state.conns[1]?.phase).toBe(phase);
  return link;
}

const lost = (link: PlayedLink): readonly number[] =>
  link.lost.map(({ payload }) => (payload as { nonce: number }).nonce);
const reasons = (link: PlayedLink, end: End): readonly string[] => link.ends(end).map(({ reason }) => reason);

describe('before the acceptor has heard of a connection', () => {
  test('it hears nothing of its end: neither by a reset of the dialler, nor of the network', () => {
    for (const event of [
      hangUp(0, 'rst'),
      hangUp(0, 'fin'),
      close(0),
      gone(0, 'host'),
      { type: 'resetAll' } as const,
    ]) {
      const link = dialled('connected');
      link.tell(event);
      expect(link.state.conns).toEqual({});
      expect(link.ends(1)).toEqual([]);
      expect(link.timers()).toEqual([]);
    }
    const halfDeaf = dialled('connected');
    halfDeaf.tell({ type: 'cut', direction: 'down' });
    halfDeaf.tell({ type: 'resetAll' });
    expect(halfDeaf.heard).toEqual([]);
  });

  test('a dial whose request never comes through is forgotten when it times out', () => {
    const link = dialled('connected');
    link.tell({ type: 'forgetAll' });
    link.pass(seconds(1100));
    expect(reasons(link, 0)).toEqual(['timed out']);
    expect(link.state.conns).toEqual({});
  });

  test('a process that dies is found out by the next SYN, and only if it is still dead', () => {
    const refused = dialled('syn');
    refused.tell(gone(1, 'process'));
    refused.tell(HEAL);
    refused.pass(seconds(3));
    expect(reasons(refused, 0)).toEqual(['refused']);
    const back = dialled('syn');
    back.tell(gone(1, 'process'));
    back.tell({ type: 'endUp', end: 1 });
    back.tell(HEAL);
    back.pass(seconds(3));
    expect(back.heard.map(({ event }) => event.type)).toEqual(['incoming']);
  });

  test('a dead host answers no SYN, not even with a reset', () => {
    const link = new PlayedLink();
    link.tell(gone(1, 'host'));
    link.tell({ type: 'dial', end: 0, conn: 1 });
    link.pass(seconds(130));
    expect(link.heard).toEqual([]);
    link.pass(seconds(10));
    expect(reasons(link, 0)).toEqual(['timed out']);
    expect(link.state.conns).toEqual({});
  });
});

test('a dial that is refused is told the status and nothing else, and nothing is left of it', () => {
  const link = dialled('heard');
  link.tell({ type: 'refuse', end: 1, conn: 1, status: 503 });
  link.pass(seconds(10));
  expect(link.heard.slice(1)).toMatchObject([
    { end: 0, at: 200_000, event: { type: 'closed', code: 1006, status: 503 } },
  ]);
  expect(link.state.conns).toEqual({});
});

describe('an end that is over', () => {
  test('sends nothing more, and accepts nothing more', () => {
    const link = opened();
    link.tell(CUT);
    link.tell(hangUp(0, 'fin'));
    link.send(0, 300, 1);
    expect(lost(link)).toEqual([1]);
    link.tell(HEAL);
    link.pass(seconds(10));
    expect(link.frames(1)).toEqual([]);

    for (const how of ['fin', 'rst'] as const) {
      const asked = dialled('heard');
      asked.tell(CUT);
      asked.tell(hangUp(1, how));
      asked.tell({ type: 'accept', end: 1, conn: 1 });
      asked.tell(HEAL);
      asked.pass(seconds(10));
      expect(asked.heard.some(({ event }) => event.type === 'opened')).toBe(false);
    }
  });

  test('is told nothing more: no time-out of a close frame, of a FIN, of an old queue', () => {
    const closing = opened();
    closing.tell(CUT);
    closing.tell(close(0));
    closing.tell({ type: 'forgetEnd', end: 0 });
    closing.pass(seconds(60));
    expect(reasons(closing, 0)).toEqual(['lost']);

    const finishing = opened();
    finishing.tell(CUT);
    finishing.tell(hangUp(1, 'fin'));
    finishing.pass(seconds(1100));
    expect(reasons(finishing, 1)).toEqual(['']);

    const crossing = opened();
    crossing.tell({ type: 'cut', direction: 'down' });
    crossing.tell(hangUp(1, 'fin'));
    crossing.tell(hangUp(0, 'rst'));
    expect(reasons(crossing, 1)).toEqual(['']);
  });

  test('answers what comes for it with a reset, which arrives a round trip after it was sent, and nobody gets it', () => {
    const link = opened();
    link.tell({ type: 'forgetEnd', end: 1 });
    const { now } = link;
    link.send(0, 300, 1);
    expect(link.ends(0)).toEqual([{ at: now + 100_000, code: 1006, reason: 'reset' }]);
    expect(lost(link)).toEqual([1]);
    expect(link.frames(1)).toEqual([]);
    expect(link.state.conns).toEqual({});
  });
});

test('a dead host answers nothing, and once it lives again it answers with a reset', () => {
  const link = opened();
  link.tell(gone(1, 'host'));
  link.send(0, 300, 1);
  link.pass(seconds(20));
  expect(link.ends(0)).toEqual([]);
  link.tell({ type: 'endUp', end: 1 });
  link.pass(seconds(60));
  expect(reasons(link, 0)).toEqual(['reset']);
  expect(lost(link)).toEqual([1]);
});

describe('what waits in a sender', () => {
  test.each<readonly [string, End, readonly LinkEvent[]]>([
    ['its host dies', 1, [gone(1, 'host'), { type: 'endUp', end: 1 }]],
    ['its sender loses the connection', 0, [{ type: 'forgetEnd', end: 0 }]],
    ['its sender resets', 0, [hangUp(0, 'rst')]],
  ])('is lost when %s', (_, end, events) => {
    const link = opened();
    link.tell(CUT);
    link.send(end, 300, 1);
    for (const event of events) link.tell(event);
    expect(lost(link)).toEqual([1]);
    link.tell(HEAL);
    link.pass(seconds(10));
    expect(link.frames(end === 0 ? 1 : 0)).toEqual([]);
  });

  test('is lost when its close frame is not answered for 30 s', () => {
    const link = opened();
    link.tell(CUT);
    link.send(0, 300, 1);
    link.tell(close(0));
    link.pass(ms(29_999));
    expect(lost(link)).toEqual([]);
    link.pass(ms(1));
    expect(lost(link)).toEqual([1]);
    link.tell(HEAL);
    link.pass(seconds(60));
    expect(link.frames(1)).toEqual([]);
  });

  test('is lost when the connection times out, and is not sent after all when a path changes later', () => {
    const link = opened();
    link.tell(CUT);
    link.send(0, 300, 1);
    link.pass(seconds(1100));
    expect(reasons(link, 0)).toEqual(['timed out']);
    expect(lost(link)).toEqual([1]);
    link.tell(HEAL);
    link.tell({ type: 'cut', direction: 'down' });
    link.pass(seconds(1100));
    expect(link.frames(1)).toEqual([]);
    expect(reasons(link, 0)).toEqual(['timed out']);
  });

  test('arrives when its process dies, if it was on its way behind a hole, however much it is', () => {
    const link = opened();
    // A long message has just opened the window.
    link.send(0, 1_000_000, 1);
    link.pass(seconds(1));
    link.send(0, 300, 2);
    link.tell({ type: 'degrade', up: DEAF, down: CLEAR });
    link.send(0, 300, 3);
    link.tell({ type: 'restore' });
    for (let nonce = 4; nonce < 154; nonce++) link.send(0, 1400, nonce);
    link.tell(gone(0, 'process'));
    link.pass(seconds(2));
    expect(link.frames(1)).toHaveLength(153);
    expect(lost(link)).toEqual([]);
    expect(reasons(link, 1)).toEqual(['']);
  });
});

describe('a middlebox', () => {
  test('resets an end beyond no cut, and is not heard beyond one', () => {
    const link = opened();
    link.tell({ type: 'cut', direction: 'down' });
    link.tell({ type: 'resetAll' });
    expect(link.ends(0)).toEqual([]);
    expect(reasons(link, 1)).toEqual(['reset']);
  });

  test('ends with a close frame only what is open', () => {
    const link = dialled('heard');
    link.tell({ type: 'closeAll', code: 1012, reason: '' });
    link.tell({ type: 'accept', end: 1, conn: 1 });
    expect(link.heard.map(({ event }) => event.type)).toEqual(['incoming', 'opened']);
    link.tell({ type: 'closeAll', code: 1012, reason: '' });
    expect(link.heard.slice(2).map(({ end, event }) => [end, event.type])).toEqual([
      [0, 'closed'],
      [1, 'closed'],
    ]);
  });
});

test('a dial that is refused is told when to come back, if the refusal says so', () => {
  const link = dialled('heard');
  link.tell({ type: 'refuse', end: 1, conn: 1, status: 503, retryAfter: seconds(7) });
  link.pass(seconds(10));
  expect(link.heard.slice(1)).toMatchObject([
    { end: 0, event: { type: 'closed', status: 503, retryAfter: 7_000_000 } },
  ]);
});

/** Neutral laws on histories of no protocol in particular: order, backoff from dial to dial, and the end of a client. */
import { describe, expect, test } from 'vitest';
import { POLICY_DEFAULTS, type Policy } from '../../../src/backoff/policy.ts';
import { PRESETS } from '../../../src/backoff/presets.ts';
import { type Duration, ms, seconds, us, ZERO } from '../../../src/time.ts';
import { LAWS } from '../session/all.ts';
import { NEUTRAL_LAWS } from './all.ts';
import { backoff } from './backoff.ts';
import { exactlyOnce } from './exactly-once.ts';
import { honestErrors } from './honest-errors.ts';
import { prefix } from './prefix.ts';
import { History, verdict } from './written.ts';

test('the neutral laws stand among those of the session protocol by their names, in the same order', () => {
  const names = NEUTRAL_LAWS.map(({ name }) => name);
  expect(LAWS.map(({ name }) => name).filter((name) => names.includes(name))).toEqual(names);
});

describe('prefix: what is given on a stream', () => {
  const says = (history: History, joinsLate = false): string[] =>
    verdict(prefix, history, { clients: [{ node: 'c1' }], joinsLate });

  test('in its order, whole, is honest; so is what is behind a gap that was told, or behind a late beginning', () => {
    expect(says(new History().produce(1, 2, 3).receive(1, 2).produce(4).receive(3, 4))).toEqual([]);
    const told = new History().produce(1, 2, 3, 4).receive(1);
    expect(says(told.say('told', 'c1', { error: 'gap', detail: '', stream: 'news' }).receive(4))).toEqual([]);
    expect(says(new History().produce(1, 2, 3).receive(2, 3), true)).toEqual([]);
    const again = new History().produce(1, 2).receive(1, 2).say('reloaded', 'c1', { kept: false });
    expect(says(again.receive(1, 2))).toEqual([]);
  });

  test('twice, with a gap, out of thin air, or changed, is none', () => {
    expect(says(new History().produce(1, 2).receive(1, 1))[0]).toContain('twice');
    expect(says(new History().produce(1, 2, 3).receive(1, 3))[0]).toContain('1 piece is missing, from seq 2');
    expect(says(new History().produce(1, 2).receive(2))[0]).toContain('first: 1 piece is missing');
    expect(says(new History().produce(1, 2, 3).receive(1, 3), true)).toHaveLength(1);
    expect(says(new History().produce(1).receive(1, 2))[0]).toContain('nobody had produced');
    const given = (value: unknown): History =>
      new History()
        .say('produced', 's1', { stream: 1, seq: 1, value: { bytes: new Uint8Array([1, 2]) } })
        .say('received', 'c1', { stream: 1, seq: 1, value });
    expect(says(given({ bytes: new Uint8Array([1, 2]) }))).toEqual([]);
    expect(says(given({ bytes: new Uint8Array([1, 3]) }))[0]).toContain('with another value than was produced');
  });

  test('was produced there without a gap, and once', () => {
    expect(says(new History().produce(1, 3))[0]).toContain('seq 2 was left out');
    expect(says(new History().produce(1, 1))).toEqual([]);
    expect(
      says(new History().produce(1).say('produced', 's2', { stream: 'news', seq: 1, value: 'another' }))[0],
    ).toContain('something else than before');
  });
});

describe('backoff: a client that shows no timers', () => {
  const policy: Policy = {
    ...POLICY_DEFAULTS,
    delay: { kind: 'exponential', base: seconds(1), factor: { num: 2, of: 1 }, compounds: false },
    jitter: { kind: 'none' },
    retryAfterSpread: ZERO,
  };
  const says = (history: History): string[] => verdict(backoff, history, { clients: [{ node: 'c1', policy }] });
  const dial = (history: History, conn: number): History => history.say('dialled', 'c1', { conn, to: 'lb' });
  const lose = (history: History, conn: number): History =>
    history.say('closed', 'c1', { conn, code: 1006, reason: '', status: 0 });
  const failing = (...waits: Duration[]): History => {
    const history = dial(new History().say('intent', 'c1', { intent: 'start' }), 1);
    waits.forEach((wait, i) => void dial(lose(history, i + 1).wait(wait), i + 2));
    return history;
  };

  test('waits from the loss to the next dial as long as its policy says, longer each time', () => {
    expect(says(failing(seconds(1), seconds(2), seconds(4)))).toEqual([]);
    expect(says(failing(seconds(1), seconds(1)))[0]).toContain('for retry 2 of this outage');
    expect(says(failing(ms(999)))[0]).toContain('outside the policy');
  });

  test('begins anew once a connection was open and gave it something, and not because one opened', () => {
    const open = (conn: number, gives: boolean): History => {
      const history = failing(seconds(1)).say('opened', 'c1', { conn });
      return gives ? history.say('received', 'c1', { conn, stream: 1, seq: 1 }) : history;
    };
    expect(says(dial(lose(open(2, true), 2).wait(seconds(1)), 3))).toEqual([]);
    expect(says(dial(lose(open(2, false), 2).wait(seconds(1)), 3))[0]).toContain('for retry 2');
  });
});

describe('backoff: full jitter, which permits a dial at once', () => {
  const { policy } = PRESETS.default;
  /** So many losses, each with a dial after that share of what the policy permits first. */
  const says = (losses: number, share: (n: number) => number): string[] => {
    const history = new History().say('intent', 'c1', { intent: 'start' }).say('dialled', 'c1', { conn: 1, to: 's1' });
    for (let n = 1; n <= losses; n++)
      history
        .say('opened', 'c1', { conn: n })
        .say('received', 'c1', { conn: n, stream: 1, seq: n })
        .say('closed', 'c1', { conn: n, code: 1006, reason: '', status: 0 })
        .wait(us(share(n) * ms(500)))
        .say('dialled', 'c1', { conn: n + 1, to: 's1' });
    return verdict(backoff, history, { clients: [{ node: 'c1', policy }] });
  };

  test('does not excuse a client that never waits, or a millisecond', () => {
    expect(says(2, () => 0)).toEqual([]);
    expect(says(4, () => 0)[0]).toMatch(/^c1 dialled after 0 s; its 3 waits so far took 0.00060 % of one range/);
    expect(says(8, () => 0.002)[0]).toContain('which luck does less than once in 10^15 times');
  });

  test('draws short waits among long ones, and now and then many of them', () => {
    expect(says(100, (n) => (n % 10) / 10)).toEqual([]);
    expect(says(10, (n) => (n === 1 ? 0.99 : 0.01))).toEqual([]);
  });
});

describe('honest errors: a client that was told an end', () => {
  const begun = (): History =>
    new History().say('intent', 'c1', { intent: 'start' }).say('dialled', 'c1', { conn: 1, to: 's1' });
  const rest = { timers: [], conns: [], sessions: [] };
  const facts = { clients: [{ node: 'c1' }], errors: { feed_over: { terminal: true, transient: false } } };

  test('does nothing more', () => {
    const over = (): History => begun().say('told', 'c1', { error: 'feed_over', detail: '' });
    expect(verdict(honestErrors, over().say('rest', 'c1', rest), facts)).toEqual([]);
    expect(verdict(honestErrors, over().say('dialled', 'c1', { conn: 2, to: 's1' }), facts)).toHaveLength(1);
    expect(verdict(honestErrors, over().say('received', 'c1', { stream: 1, seq: 1 }), facts)).toHaveLength(1);
    expect(verdict(honestErrors, over().say('told', 'c1', { error: 'unauthorized', detail: '' }), facts)).toHaveLength(
      1,
    );
  });

  test('was told by a name that somebody knows, and does not stop without a word', () => {
    expect(verdict(honestErrors, begun().say('told', 'c1', { error: 'oops', detail: '' }), facts)[0]).toContain(
      'no error',
    );
    const lost = begun().say('closed', 'c1', { conn: 1, code: 1006, reason: '', status: 0 });
    expect(verdict(honestErrors, lost.say('rest', 'c1', rest), facts)[0]).toContain(
      'came to rest without a connection',
    );
  });
});

test('exactly once: a send that took effect twice, or never and was called done', () => {
  const sent = (): History => new History().say('submitted', 'c1', { key: 'k', bytes: 1 });
  const done = (history: History): History => history.say('settled', 'c1', { key: 'k', outcome: 'done', stream: 0 });
  const perform = (history: History): History => history.say('performed', 's1', { client: 'c1', key: 'k' });
  expect(verdict(exactlyOnce, done(perform(sent())))).toEqual([]);
  expect(verdict(exactlyOnce, done(perform(perform(sent()))))[0]).toContain('twice');
  expect(verdict(exactlyOnce, done(sent()))[0]).toContain('never took effect');
});

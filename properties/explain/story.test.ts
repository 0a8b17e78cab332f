/**
 * The story of a failing run names the guilty party, the message and the number, for bugs of different sorts that are planted
 * here; it stands where the cause does and not where a deadline struck, and it is the same each time.
 */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { RecordedEntry } from '../../sim/core/trail.ts';
import { storyOf } from '../../sim/explain/story.ts';
import { storyText } from '../../sim/explain/story-text.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Cursor, Frame, Hello } from '../../src/session/wire/frames.ts';
import { type Instead, saying, told, withBug } from './planted.ts';

/** A story and the two lines below it. */
const LINES_MOST = 23;

const cursors = (frame: Frame, change: (cursor: Cursor) => Cursor): Frame =>
  frame.type !== 'HELLO' || frame.resume === null
    ? frame
    : { ...frame, resume: { ...frame.resume, streams: frame.resume.streams.map(change) } };

const SKIPS = saying((frame: Frame) =>
  cursors(frame, (cursor) => ({ ...cursor, lastSeq: cursor.lastSeq > 0 ? cursor.lastSeq + 1 : 0 })),
);
const FORGETS_THE_LAST = saying((frame: Frame) => (frame.type === 'DATA' && frame.chunk.fin ? null : frame));
/** A server that takes no cursor behind 20. */
const REFUSES: Instead = (step, event) => {
  const { type, conn, payload } = event as { type: string; conn: number; payload: Frame };
  const hello = type === 'frame' && payload.type === 'HELLO' ? (payload as Hello) : null;
  const isFar = hello?.resume?.streams.some(({ lastSeq }) => lastSeq > 20) === true;
  return isFar ? [{ type: 'close', conn, code: 1002, reason: 'malformed' }] : step(event);
};
const STAYS_OFFLINE: Instead = (step, event) => ((event as { type: string }).type === 'online' ? [] : step(event));
const SENDS_AGAIN: Instead = (step, event, state) => {
  const { type, message } = event as { type: string; message: { type: string; session: number; clientSeq: number } };
  const { sessions } = state as { sessions: Record<number, { sendAck: number }> };
  const record = type === 'message' && message.type === 'submit' ? sessions[message.session] : undefined;
  if (record !== undefined && record.sendAck >= message.clientSeq) record.sendAck = message.clientSeq - 1;
  return step(event);
};

describe('a story names who did what, with the number', () => {
  test.each([
    [
      'a client whose HELLO is one ahead of what it has processed',
      told(withBug('midstream/text', 'client', SKIPS), '2', 'completion'),
      [
        /plan: {2}fault \d: \w+ of c1-lb/,
        /chain: c1 sends HELLO \(resume 1, stream 1 behind 28\) on c1#2/,
        /known: c1 .*has processed stream 1 up to seq 27 and asks for what follows/,
        /repeats: c1 hangs up c1#2: 1002 gap: \d+ times since/,
      ],
    ],
    [
      'a server that calls a good HELLO malformed',
      told(withBug('midstream/text', 'server', REFUSES), '2'),
      [/chain: c1 sends HELLO \(resume 1, stream 1 behind 27\) on c1#2/, /chain: s\d hangs up c1#2: 1002 malformed/],
    ],
    [
      'a client that does not hear that its device is online',
      told(withBug('midstream/text', 'client', STAYS_OFFLINE), '3', 'completion'),
      [/chain: c1 device is online/, /known: c1 takes itself for offline and waits for word that it is online/],
    ],
    [
      'a store that performs a send twice',
      told(withBug('context/address-change', 'store', SENDS_AGAIN), '7'),
      [/breach: {2}c1's send q2 took effect .* twice/, /chain: store performs send q2 of c1 \(client_seq 2\)/],
    ],
    [
      'a server that never sends the last chunk',
      told(withBug('context/basic', 'server', FORGETS_THE_LAST), '1'),
      [
        /no fault/,
        /known: store .*the log of stream \d ends at seq \d+, its last/,
        /chain: {2}nothing more comes of stream/,
      ],
    ],
  ])('%s', (_, { text, lines }, expected) => {
    for (const sentence of expected) expect(text).toMatch(sentence);
    expect(lines.length).toBeLessThanOrEqual(LINES_MOST);
  });
});

test('what is missed stands where it came no further, and not where a deadline struck', () => {
  const { lines, guilt } = told(withBug('midstream/text', 'client', SKIPS), '2', 'completion');
  const [first] = lines;
  expect(first?.at).toBeLessThan(2_000_000);
  expect(first?.text).toMatch(/breaks completion \(judged at \d+ min/);
  expect(guilt?.always).toBe(false);
});

test('a client that does nothing is missed since the last that it did', () => {
  const { lines } = told(withBug('midstream/text', 'client', STAYS_OFFLINE), '3', 'honest-errors');
  const judged = lines.find(({ text }) => text.includes('here the law is judged'));
  expect(judged?.text).toMatch(/^nothing more comes of c1 for/);
  expect(lines[0]?.at).toBeLessThan(judged?.at ?? 0);
});

test('a story is told alike each time, and every line of it has a place that the run has', () => {
  const scenario = withBug('midstream/text', 'server', REFUSES);
  const [one, other] = [told(scenario, '2'), told(scenario, '2')];
  expect(other.text).toBe(one.text);
  const { events } = run(scenario, '2');
  for (const { event } of one.lines) if (event !== null) expect(event).toBeLessThanOrEqual(events);
});

test('the guilty faults are enough by themselves, and the nearest passing run passes', () => {
  const scenario = withBug('midstream/text', 'server', REFUSES);
  const { guilt, law } = told(scenario, '2');
  const { plan } = run(scenario, '2');
  const breaks = (places: typeof plan): boolean =>
    run(scenario, '2', { plan: places }).breaches.some((breach) => breach.law === law);
  expect(breaks(plan.filter((_, place) => guilt?.enough.includes(place)))).toBe(true);
  expect(guilt?.passing).not.toBeNull();
  expect(breaks(guilt?.passing?.plan ?? [])).toBe(false);
});

test('a run that holds has nothing to explain: its plan, and no run is made again', () => {
  const { law, lines, runs, text } = told(scenarioNamed('midstream/text') as Parameters<typeof told>[0], '7');
  expect([law, runs]).toEqual([null, 0]);
  expect(text).toMatch(/^run: {2}midstream\/text@7 holds/);
  expect(lines.slice(1).every(({ part }) => part === 'plan')).toBe(true);
});

test('an outcome that this process did not make needs its scenario', () => {
  const history: RecordedEntry[] = [];
  const scenario = withBug('midstream/text', 'server', REFUSES);
  const outcome = run(scenario, '2', { witness: (entry) => void history.push(entry) });
  const stored: typeof outcome = JSON.parse(JSON.stringify(outcome));
  expect(() => storyOf(stored, history)).toThrow('expected an outcome of run() in this process, or its scenario, too');
  expect(storyText(storyOf(stored, history, { scenario }))).toEqual(storyText(storyOf(outcome, history)));
});

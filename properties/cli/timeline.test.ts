/** The timeline: what a folded line says, how a part of a run is chosen, and that laws and timeline use one name. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { whyOf } from '../../sim/cli/why.ts';
import { windowOf } from '../../sim/cli/window.ts';
import { Connections } from '../../sim/core/connections.ts';
import { run } from '../../sim/core/run.ts';
import { print } from '../../sim/explain/fold.ts';
import { type Line, lineOf, textOf, withBreaches } from '../../sim/explain/lines.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { TELL } from '../../sim/session/words.ts';
import type { Entry as Neutral } from '../../src/history.ts';
import type { Entry } from '../../src/session/history.ts';
import type { Frame } from '../../src/session/wire/frames.ts';
import { at } from '../../src/time.ts';
import { law } from '../laws/law.ts';
import { LAWS } from '../laws/session/all.ts';
import { chunk } from '../laws/session/written.ts';

const named = (conn: number): string => `c1#${conn}`;

const base = (event: number): { at: Entry['at']; node: string; event: number } => ({
  ...{ at: at(event * 1000), node: 'c1', event },
});
const data = (seq: number): Frame => ({ type: 'DATA', stream: 1, epoch: 1, seq, chunk: chunk(1) });
const lost = (payload: Frame, event: number): Entry => ({
  ...{ ...base(event), kind: 'lost', to: 'c1', conn: 3, payload, bytes: 100, why: 'reset' },
});
const printed = (entries: readonly Entry[], full = false): string[] =>
  print(
    entries.map((entry) => lineOf(named, entry, TELL)),
    full,
  );

/** One entry of each sort that is numbered, by its number. */
const NUMBERED: readonly (readonly [string, (number: number, event: number) => Entry])[] = [
  ['DATA lost', (seq, event) => lost(data(seq), event)],
  ['DATA sent', (seq, event) => ({ ...base(event), kind: 'sent', conn: 3, payload: data(seq), bytes: 9 })],
  ['DATA delivered', (seq, event) => ({ ...base(event), kind: 'delivered', conn: 3, payload: data(seq), bytes: 9 })],
  [
    'ACK',
    (seq, event) => ({
      ...{ ...base(event), kind: 'sent', conn: 3, bytes: 9 },
      payload: { type: 'ACK', stream: 1, epoch: 1, seq, limit: 100 },
    }),
  ],
  ['PING', (nonce, event) => ({ ...base(event), kind: 'sent', conn: 3, payload: { type: 'PING', nonce }, bytes: 9 })],
  ['PONG lost', (nonce, event) => lost({ type: 'PONG', nonce }, event)],
  [
    'produced',
    (seq, event) => ({ ...base(event), kind: 'produced', session: 1, stream: 1, epoch: 1, seq, chunk: chunk(1) }),
  ],
  [
    'durable',
    (seq, event) => ({
      ...{ ...base(event), kind: 'durable', session: 1, stream: 1, epoch: 1, seq, chunk: chunk(1), generation: 1 },
    }),
  ],
  [
    'received',
    (seq, event) => ({ ...base(event), kind: 'received', conn: 3, stream: 1, epoch: 1, seq, chunk: chunk(1) }),
  ],
];

describe.each(NUMBERED)('a folded line of %s', (_, entry) => {
  const lines = (numbers: readonly number[], full = false): string[] =>
    printed(
      numbers.map((number, i) => entry(number, i + 1)),
      full,
    );

  test('says how many there were, from which event until which, and every number', () => {
    const numbers = Array.from({ length: 34 }, (_, i) => 16 + i);
    expect(lines(numbers)).toHaveLength(1);
    expect(lines(numbers)[0]).toMatch(/^ *#1 {2}0\.001000 s {2}c1 +34 x .* 16-49\b.*, until #34 at 0\.034000 s$/);
  });

  test('shows a gap, a repetition and a step back', () => {
    expect(lines([16, 17, 18, 20, 21])[0]).toMatch(/ 16-18, 20-21\b/);
    expect(lines([16, 17, 17, 18])[0]).toMatch(/ 16-17, 17-18\b/);
    expect(lines([17, 16])[0]).toMatch(/ 17, 16\b/);
  });

  test('holds every number once, however many there are, and no line has more than eight ranges', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 80 }), (numbers) => {
        const read = lines(numbers).flatMap((line) => {
          const [, ranges = ''] = /(?:seq|up to|PING|PONG) ([\d, -]+)/.exec(line) ?? [];
          const parts = ranges.replace(/[ ,]+$/, '').split(', ');
          expect(parts.length).toBeLessThanOrEqual(8);
          return parts.flatMap((part) => {
            const [from = 0, to = from] = part.split('-').map(Number);
            return Array.from({ length: to - from + 1 }, (_, i) => from + i);
          });
        });
        expect(read).toEqual(numbers);
      }),
      { numRuns: 20 },
    );
  });

  test('is not folded with --full', () => {
    expect(lines([1, 2, 3], true)).toHaveLength(3);
  });
});

describe('a stretch of routine', () => {
  const [, , delivered, , , , , durable, received] = NUMBERED.map(([, entry]) => entry);
  const hops = (from: number, to: number, without: readonly number[] = []): Entry[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((seq) =>
      [durable, delivered, ...(without.includes(seq) ? [] : [received])].map((entry, hop) =>
        (entry as NonNullable<typeof entry>)(seq, 10 * seq + hop),
      ),
    );
  const opened = (event: number): Entry => ({ ...base(event), kind: 'opened', conn: 4 });
  const rows = (lines: readonly Line[]): string[] =>
    print(lines, false).map((line) => line.replace(/^ *#\d+ +[\d.]+ s +c1 +/, ''));
  const linesOf = (entries: readonly Entry[]): Line[] => entries.map((entry) => lineOf(named, entry, TELL));

  test('becomes a line for each thing that was done in it, and shows at which of them a number is missing', () => {
    expect(rows(linesOf(hops(1, 30, [20])))).toEqual([
      '30 x durable session 1 stream 1 seq 1-30, until #300 at 0.300000 s',
      '30 x gets DATA stream 1 seq 1-30 on c1#3, until #301 at 0.301000 s',
      '29 x received stream 1 seq 1-19, 21-30, until #302 at 0.302000 s',
    ]);
  });

  test('ends where anything else happens', () => {
    expect(rows(linesOf([...hops(1, 4), opened(45), ...hops(5, 8)]))).toEqual([
      expect.stringMatching(/^4 x durable .* 1-4,/),
      expect.stringMatching(/^4 x gets .* 1-4 /),
      expect.stringMatching(/^4 x received .* 1-4,/),
      'c1#4 is open',
      expect.stringMatching(/^4 x durable .* 5-8,/),
      expect.stringMatching(/^4 x gets .* 5-8 /),
      expect.stringMatching(/^4 x received .* 5-8,/),
    ]);
  });

  test('stands line by line ahead of a broken law', () => {
    const breach = { law: 'prefix', message: 'c1 lost a chunk.', at: at(302_000), event: 302 };
    const shown = rows(withBreaches(linesOf(hops(1, 30, [30])), [breach]));
    expect(shown.at(-1)).toContain('BROKEN  prefix: c1 lost a chunk.');
    expect(shown).toHaveLength(3 + 12 + 1);
    expect(shown.slice(3, -1).every((line) => !/^\d+ x /.test(line))).toBe(true);
  });
});

describe('lines are folded only when they say the same but for their number', () => {
  test.each([
    ['another session', { kind: 'durable', session: 2 }],
    ['another stream', { kind: 'durable', stream: 2 }],
    ['another epoch', { kind: 'durable', epoch: 2 }],
    ['another node', { kind: 'durable', node: 's1' }],
  ])('%s', (_, other) => {
    const [, , , , , , , durable] = NUMBERED.map(([, entry]) => entry);
    const entry = durable?.(5, 2) as Entry;
    expect(printed([entry, { ...entry, ...other } as Entry])).toHaveLength(2);
  });

  test('whom a message does not reach, and why', () => {
    const one = lost(data(5), 1) as Entry & { kind: 'lost' };
    expect(printed([one, { ...one, to: 'lb' }])).toHaveLength(2);
    expect(printed([one, { ...one, why: 'timeout' }])).toHaveLength(2);
  });
});

describe('a real run', () => {
  const scenario = scenarioNamed('midstream/text') as SessionScenario;
  const entries: Entry[] = [];
  /** Its first chunk is withheld from the law *prefix*, which therefore misses it. */
  const plan = [
    { kind: 'secondTab', target: 'c1', at: at(600_000), lasts: 4_000_000 },
    { kind: 'reset', target: 'c1-lb', at: at(1_400_000) },
  ];
  const outcome = run(scenario, 'k7f3', {
    plan,
    witness: (entry) => entries.push(entry as Entry),
  });
  const connections = new Connections();
  for (const entry of entries) if (entry.kind === 'dialled') connections.note(entry);
  const lines = entries.map((entry) => lineOf((conn) => connections.nameOf(conn), entry, TELL));

  test('names no two connections alike, and each after who dialled it', () => {
    const dials = entries.filter((entry) => entry.kind === 'dialled');
    const names = dials.map(({ conn }) => connections.nameOf(conn));
    expect(new Set(names).size).toBe(dials.length);
    for (const [i, { node }] of dials.entries()) expect(names[i]).toMatch(new RegExp(`^${node}#\\d+$`));
    expect(names).toContain('c1~2#1');
  });

  test('prints the number of each event, and a broken law behind the event that broke it', () => {
    const { event, at } = lines[30] as Line;
    const breach = { law: 'prefix', message: 'c1 lost a chunk.', at: at as Entry['at'], event };
    const all = withBreaches(lines, [breach]);
    const place = all.findIndex(({ node }) => node === 'BROKEN');
    expect(all[place - 1]?.event).toBe(event);
    expect(all[place + 1]?.event).toBeGreaterThan(event);
    expect(print(all, true)[place]).toMatch(new RegExp(`#${event} .* BROKEN +prefix: c1 lost a chunk\\.`));
  });

  const shown = (around: string, width?: string): readonly Entry[] =>
    entries.filter(windowOf(around, width, outcome, entries, LAWS).shows);

  test('is shown around an event, which may be written as the timeline does', () => {
    expect(shown('30')).toEqual(entries.filter(({ event }) => Math.abs(event - 30) <= 40));
    expect(shown('#30', '5')).toEqual(entries.filter(({ event }) => Math.abs(event - 30) <= 5));
  });

  test('is shown around an instant, which may be pasted from the timeline', () => {
    const { at } = entries[30] as Entry;
    const text = print([lines[30] as Line], true)[0]?.match(/[\d.]+ s/)?.[0] as string;
    expect(shown(text)).toEqual(entries.filter((entry) => entry.at >= at - 2_000_000 && entry.at <= at + 500_000));
    expect(shown(text, '100ms')).toEqual(entries.filter((entry) => Math.abs(entry.at - at) <= 100_000));
    expect(shown(text, '0')).toEqual(entries.filter(({ event }) => event === entries.find((e) => e.at >= at)?.event));
  });

  test('is shown around the event of a broken law; of one that holds, at its end, and says so', () => {
    const { event, at } = entries[30] as Entry;
    const broken = { ...outcome, breaches: [{ law: 'prefix', message: '', at, event }] };
    const window = windowOf('prefix', '3', broken, entries, LAWS);
    expect(entries.filter(window.shows)).toEqual(entries.filter((entry) => Math.abs(entry.event - event) <= 3));
    expect(window.about).toContain(`event #${event}`);
    expect(windowOf('prefix', undefined, outcome, entries, LAWS).about).toContain('prefix holds');
  });

  test.each(['x', '-1', '1.5', '2 s 3', ''])('--window %j is refused with the expected form', (width) => {
    expect(() => windowOf('30', width, outcome, entries, LAWS)).toThrow(
      '--window: expected a time such as 2s, or a number',
    );
  });

  test('is written without the number of a connection, by the timeline and by a law', () => {
    const numbers = entries.flatMap((entry) => (entry.kind === 'dialled' ? [entry.conn] : []));
    const text = lines.map(textOf).join('\n');
    for (const conn of numbers) expect(text).not.toMatch(new RegExp(`\\b${conn}\\b`));
    const says = law<null>({
      ...{ name: 'says', states: 'no second tab dials', remember: () => null },
      on: {
        dialled(_, { node, conn }, breach) {
          if (node === 'c1~2') breach(`connection ${breach.nameOf(conn)} was dialled`);
        },
      },
    });
    const { breaches } = run(scenario, 'k7f3', { plan, laws: [says] });
    expect(breaches[0]?.message).toBe('connection c1~2#1 was dialled');
    expect(text).toContain('dials lb as c1~2#1');
  });
});

test('a law that the end of a run breaks, in an event that nobody sees, is led to by what was seen last', () => {
  const late = law({ name: 'late', states: 'it is in time', remember: () => null, on: {}, end: () => undefined });
  const history = [1, 2].map((event) => ({ ...base(event), kind: 'restarted', id: event, cause: event - 1 }) as const);
  const breaches = [{ law: 'late', message: 'it is late', at: at(9000), event: 9 }];
  const outcome = {
    ...run(scenarioNamed('context/basic') as SessionScenario, 1),
    events: 9,
    ended: at(9000),
    breaches,
  };
  const { shows, about } = whyOf('late', outcome, history, [late]);
  expect(about).toMatch(
    /^shown: what led to event #9, which broke late, 2 entries from event #1 on; this law was judged /,
  );
  expect(history.map(shows)).toEqual([true, true]);
});

describe("a line of somebody's own code", () => {
  const told = (...entries: readonly Neutral[]): string[] =>
    print(
      entries.map((entry) => lineOf(named, entry)),
      false,
    );

  test('says what was written, read and replaced, and cuts it to one line', () => {
    expect(
      told(
        { ...base(1), kind: 'wrote', stream: 'answer 1', value: 'Hello\nthere' },
        { ...base(2), kind: 'read', stream: 'answer 1', value: 'x'.repeat(200) },
        { ...base(3), kind: 'read', stream: 'photo', value: new Uint8Array([137, 80, 78, 71]) },
        { ...base(4), kind: 'replaced', stream: 'answer 1', value: 'Hel' },
      ).map((line) => line.slice(line.indexOf('c1') + 8)),
    ).toEqual([
      'writes "Hello\\nthere" to stream answer 1',
      `is given "${'x'.repeat(59)}… of stream answer 1`,
      'is given 4 bytes (89 50 4e 47) of stream photo',
      'has stream answer 1 replaced by "Hel"',
    ]);
  });

  test('of a console, or a stack, keeps its lines in the column and obeys none of its controls', () => {
    const stack = 'TypeError: x is not a function\n\tat Chat.send (src/chat.ts:12:3)';
    const [log, thrown, held] = told(
      { ...base(1), kind: 'console', level: 'log', text: 'one\ntwo \u001b[31mred' },
      { ...base(2), kind: 'uncaught', how: 'error', error: 'TypeError: x is not a function', stack },
      { ...base(3), kind: 'held', timers: ['setInterval of 5 s'], sockets: [], listeners: ['window online'] },
    );
    expect(log).toBe('#1  0.001000 s  c1      console.log: one\n                        two \\x1b[31mred');
    expect(thrown).toContain('throws, and nobody catches: TypeError: x is not a function\n');
    expect(thrown?.split('TypeError')).toHaveLength(2);
    expect(thrown).toMatch(/\n {26}at Chat\.send/);
    expect(held).toContain('still holds setInterval of 5 s; window online');
  });
});

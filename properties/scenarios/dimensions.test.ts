/** Dimensions: what each value turns into, and that it is what a run then meets. */
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { ORDER_SCHEMA } from '../../sim/content/order.ts';
import { SIZES, type Size, sized, VARIANT_COUNT } from '../../sim/content/sized.ts';
import { dice } from '../../sim/core/dice.ts';
import { openUnder } from '../../sim/core/overrides.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import { settingOf } from '../../sim/core/setting.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import {
  ACCESS,
  answerOf,
  CONDITIONS,
  contentOf,
  faultsOf,
  instantOf,
  MOMENTS,
  networkOf,
  type Stretch,
} from '../../sim/session/scenarios/dimensions.ts';
import { buildWorld } from '../../sim/session/scenarios/topology.ts';
import { conversation } from '../../sim/session/scenarios/turns.ts';
import { checksum } from '../../src/content.ts';
import type { Entry } from '../../src/session/history.ts';
import { LIMITS } from '../../src/session/wire/limits.ts';
import { type Duration, type Instant, ms, seconds } from '../../src/time.ts';

const BYTES: Readonly<Record<Size, readonly [number, number]>> = {
  '1-10KB': [1_000, 10_000],
  '10-100KB': [10_000, 100_000],
  '100KB-1MB': [100_000, 1_000_000],
  '1-10MB': [1_000_000, 10_000_000],
};

/** One question over an access network, and the faults that a test gives it. */
const scenario = (plan: (stretch: Stretch) => FaultPlan): { scenario: SessionScenario; stretch: () => Stretch } => {
  let stretch: Stretch = { begins: 0 as Instant, lasts: 0 as Duration };
  return {
    stretch: () => stretch,
    scenario: {
      protocol: session,
      name: 'test/dimensions',
      title: 'one question',
      sometimes: [],
      dimensions: { size: SIZES, network: ACCESS },
      world(setting) {
        const world = buildWorld({
          clients: 1,
          servers: 2,
          network: networkOf(setting),
          contents: contentOf(setting, 'text'),
          turns: () => conversation(1, () => 0, ms(50)),
        });
        stretch = answerOf(world);
        return world;
      },
      plan: () => plan(stretch),
    },
  };
};

describe('a content of a size', () => {
  for (const size of SIZES)
    for (const kind of ['text', 'json', 'multipart'] as const)
      test(`${kind} ${size} has so many bytes, in few chunks that fit the wire`, () => {
        for (let variant = 0; variant < VARIANT_COUNT; variant++) {
          const { bytes, chunks } = sized(kind, size, variant);
          const [least, most] = BYTES[size];
          expect(bytes.length).toBeGreaterThanOrEqual(least);
          expect(bytes.length).toBeLessThanOrEqual(most);
          expect(chunks.length).toBeLessThanOrEqual(200);
          expect(chunks.length).toBeGreaterThanOrEqual(28);
          expect(Math.max(...chunks.map(({ start, end }) => end - start))).toBeLessThanOrEqual(LIMITS.chunkBytes);
          expect(chunks.at(-1)).toMatchObject({ fin: true, end: bytes.length });
        }
      });

  test('in JSON satisfies its schema', () => {
    const validate = new Ajv().compile(ORDER_SCHEMA);
    for (const size of SIZES.slice(0, 3)) {
      const { bytes } = sized('json', size, 1);
      expect(validate(JSON.parse(new TextDecoder().decode(bytes)))).toBe(true);
    }
  });

  test('has the same bytes whatever was asked for before', () => {
    sized('text', '10-100KB', 2);
    const { bytes } = sized('text', '1-10KB', 0);
    expect(checksum(bytes, 0, bytes.length)).toBe(96819762);
  });
});

describe('an answer', () => {
  for (const network of ACCESS.filter((each) => each !== '3g-lossy'))
    for (const size of SIZES)
      test(`of ${size} over ${network} streams when it is expected to`, () => {
        const { scenario: one, stretch } = scenario(() => []);
        let first = 0;
        let last = 0;
        run(one, 'a', {
          cell: { network, size },
          witness: (entry) => {
            if (entry.kind !== 'received') return;
            if (first === 0) first = entry.at;
            last = entry.at;
          },
        });
        const { begins, lasts } = stretch();
        // A chunk that waits for acknowledgements in slow start is the farthest off.
        expect(Math.abs(first - begins)).toBeLessThan(ms(15));
        expect((last - first) / lasts).toBeGreaterThan(0.85);
        // On a long path slow start overruns the queue: each loss takes its round trips, and the window grows again.
        expect((last - first) / lasts).toBeLessThan(2);
      });
});

describe('a moment', () => {
  const stretch: Stretch = { begins: seconds(1) as number as Instant, lasts: seconds(10) };
  const at = (moment: string): number[] =>
    Array.from({ length: 200 }, (_, i) => instantOf(dice(`m${i}`), moment, stretch));

  test.each([
    ['immediate', 1_000, 1_100],
    ['early', 2_000, 3_500],
    ['middle', 5_000, 7_000],
    ['late', 8_500, 10_000],
    ['final', 10_500, 11_000],
    ['25%', 3_400, 3_600],
    ['95%+', 10_500, 10_900],
  ])('%s of an answer from 1 s to 11 s lies between %i ms and %i ms', (moment, least, most) => {
    const found = at(moment);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(ms(least));
    expect(Math.max(...found)).toBeLessThanOrEqual(ms(most));
    // All of the stretch is used.
    expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(ms((most - least) * 0.8));
  });

  test('of each name is another one', () => {
    const middles = MOMENTS.map((moment) => at(moment)[0] as number);
    expect(middles.toSorted((a, b) => a - b)).toEqual(middles);
  });
});

describe('a condition', () => {
  /** What a run with that condition in the middle of an answer over LTE shows. */
  const seen = (condition: string | undefined, seed = 'a'): Entry[] => {
    const entries: Entry[] = [];
    const { scenario: one } = scenario((stretch) =>
      condition === undefined ? [] : faultsOf(dice(seed), condition, 'c1-lb', instantOf(dice(seed), 'middle', stretch)),
    );
    const outcome = run(one, seed, {
      cell: { network: 'lte', size: '10-100KB' },
      witness: (entry) => {
        entries.push(entry as Entry);
      },
    });
    expect(outcome.breaches).toEqual([]);
    return entries;
  };
  const seeds = Array.from({ length: 20 }, (_, i) => `s${i}`);
  /** The shortest time that a chunk took from the balancer to the client while the first fault was in force. */
  const quickest = (entries: readonly Entry[]): number => {
    const sent = new Map<number, number>();
    let least = Number.POSITIVE_INFINITY;
    let faults = 0;
    for (const entry of entries) {
      if (entry.kind === 'fault') faults += entry.begins ? 1 : -1;
      if ((entry.kind !== 'sent' && entry.kind !== 'delivered') || entry.payload.type !== 'DATA' || faults === 0)
        continue;
      const { seq } = entry.payload;
      if (entry.kind === 'sent' && entry.node === 'lb') sent.set(seq, entry.at);
      const since = sent.get(seq);
      if (entry.kind === 'delivered' && entry.node === 'c1' && since !== undefined)
        least = Math.min(least, entry.at - since);
    }
    return least;
  };
  const ended = (entries: readonly Entry[]): number =>
    entries.filter((entry) => entry.kind === 'closed' && entry.node === 'c1' && entry.code !== 1000).length;

  test('of no name ends no connection', () => {
    expect(ended(seen(undefined))).toBe(0);
  });

  test('clean is heard of at once', () => {
    for (const seed of seeds) expect(ended(seen('clean', seed))).toBe(1);
  });

  test('degradation slows the answer down, by a quarter of 50 to 400 ms at the least', () => {
    for (const seed of seeds) expect(quickest(seen('degradation', seed))).toBeGreaterThan(ms(35 + 12));
  });

  test('intermittent is several cuts, and one run in some loses several connections', () => {
    for (const seed of seeds) {
      const begun = seen('intermittent', seed).flatMap((entry) =>
        entry.kind === 'fault' && entry.begins ? [entry.name] : [],
      );
      // A flap is one fault of several cuts.
      expect(begun.includes('flap') || begun.filter((name) => name === 'cut').length >= 3).toBe(true);
    }
    expect(Math.max(...seeds.map((seed) => ended(seen('intermittent', seed))))).toBeGreaterThanOrEqual(2);
  });

  test('outage lets nothing through for as long as it lasts', () => {
    for (const seed of seeds) {
      const entries = seen('outage', seed);
      const from = entries.find((entry) => entry.kind === 'fault' && entry.begins)?.at ?? 0;
      const until = entries.find((entry) => entry.kind === 'fault' && !entry.begins)?.at ?? 0;
      expect(until - from).toBeGreaterThanOrEqual(ms(500));
      // What had entered the path still arrives.
      const during = entries.filter(
        (entry) =>
          entry.kind === 'delivered' &&
          (entry.node === 'c1' || (entry.node === 'lb' && entry.payload.type === 'ACK')) &&
          entry.at > from + ms(400) &&
          entry.at < until,
      );
      expect(during.length).toBe(0);
    }
  });

  test('asymmetric kills one direction, and the other goes on', () => {
    const dead = new Set<string>();
    for (const seed of seeds) {
      const entries = seen('asymmetric', seed);
      const from = entries.find((entry) => entry.kind === 'fault' && entry.begins)?.at ?? 0;
      const until = entries.find((entry) => entry.kind === 'fault' && !entry.begins)?.at ?? 0;
      // Both ends say something within a heartbeat; a shorter fault may pass in silence.
      if (until - from < seconds(6)) continue;
      const dialled = new Set(
        entries.map((entry) => (entry.kind === 'dialled' && entry.node === 'c1' ? entry.conn : 0)),
      );
      const arrived = (node: string): boolean =>
        entries.some(
          (entry) =>
            entry.kind === 'delivered' &&
            entry.node === node &&
            dialled.has(entry.conn) &&
            entry.at > from + ms(100) &&
            entry.at < until,
        );
      expect(arrived('c1')).not.toBe(arrived('lb'));
      dead.add(arrived('c1') ? 'lb' : 'c1');
    }
    expect([...dead].toSorted()).toEqual(['c1', 'lb']);
  });

  test('without a name is any of them', () => {
    const kinds = new Set(seeds.map((seed) => faultsOf(dice(seed), undefined, 'c1-lb', 0 as Instant).length));
    expect(kinds.size).toBeGreaterThan(2);
    expect(CONDITIONS.length).toBe(5);
  });
});

test('a run has no network and no size of its own where somebody chose them, and the rest of its cell stays', () => {
  const scenario = scenarioNamed('midstream/multipart') as SessionScenario;
  const cell = (options: RunOptions) => settingOf(scenario, '5', options).cell;
  const { network: _, size: __, ...rest } = cell({});
  expect(Object.keys(cell({}))).toEqual(expect.arrayContaining(['network', 'size']));
  expect(cell({ network: networkNamed('wifi'), input: [] })).toEqual(rest);
  const cycles = settingOf(scenarioNamed('context/many-cycles') as SessionScenario, '5', { input: [] });
  expect(cycles.cell.size, 'the size of no content').toBeDefined();
});

test('what a world is built by stays open under --faults, and nothing else that only a plan is drawn by', () => {
  for (const scenario of SCENARIOS) {
    const setting = settingOf(scenario, '7');
    const read = new Set<string>();
    const cell = new Proxy(setting.cell, {
      get: (of, name) => {
        if (of[name as keyof typeof of] !== undefined) read.add(String(name));
        return of[name as keyof typeof of];
      },
    });
    scenario.world({ ...setting, cell });
    const left = Object.keys(openUnder(scenario, { faults: ['sleep'] }));
    expect([...read].filter((name) => !left.includes(name))).toEqual([]);
    expect(left.filter((name) => !read.has(name))).toEqual([]);
  }
});

/** An agent that falls silent while every connection is well: the machines notice, and the application is told once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { Fault, FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { contentsOf } from '../../sim/session/scenarios/conditions.ts';
import { buildWorld } from '../../sim/session/scenarios/topology.ts';
import { conversation } from '../../sim/session/scenarios/turns.ts';
import type { Entry, EntryOf } from '../../src/session/history.ts';
import type { ServerConfig } from '../../src/session/server/config.ts';
import { type Duration, type Instant, ms, seconds } from '../../src/time.ts';

/** One answer; its agent may fall silent at any moment. */
const answer = (server: Partial<ServerConfig> = {}, chunks?: Duration): SessionScenario => ({
  protocol: session,
  name: 'test/stall',
  title: 'an agent falls silent',
  sometimes: [],
  world(setting) {
    const { facts, ...world } = buildWorld({
      clients: 2,
      servers: 2,
      network: networkNamed('wifi'),
      contents: contentsOf(setting, ['short', 'short-b']),
      turns: () => conversation(2, (turn) => turn, ms(50)),
      server,
      ...(chunks === undefined ? {} : { agent: { chunkInterval: chunks } }),
    });
    // What the world promises stays the same when a breach is planted in its servers.
    return { ...world, facts: { ...facts, stall: { after: seconds(15), within: seconds(28) } } };
  },
  plan: () => [],
});

const silence = (at: number, lasts: Duration): FaultPlan =>
  ['s1', 's2'].map((target) => ({ kind: 'agentStall', target, at: at as Instant, lasts }));

function judged(scenario: SessionScenario, plan: FaultPlan, seed = '1') {
  const stalls: EntryOf<'stalled'>[] = [];
  const outcome = run(scenario, seed, {
    plan,
    witness: (seen) => {
      const entry = seen as Entry;
      if (entry.kind === 'stalled') stalls.push(entry);
    },
  });
  return { breaches: outcome.breaches.map(({ law, message }) => `${law}: ${message}`), stalls, outcome };
}

test('a long silence is told once, within the bound, and the answer still completes', () => {
  const { breaches, stalls, outcome } = judged(answer(), silence(400_000, seconds(90)));
  expect(breaches).toEqual([]);
  expect(stalls.map(({ node }) => node).sort()).toEqual(['c1', 'c2']);
  for (const { at } of stalls) {
    expect(at).toBeGreaterThan(15_400_000);
    expect(at).toBeLessThan(28_400_000);
  }
  expect(outcome.figures.streamsIntact).toBe(4);
});

test('a short silence is told to nobody', () => {
  expect(judged(answer(), silence(400_000, seconds(14)))).toMatchObject({ breaches: [], stalls: [] });
});

test('a server that stood still after it had told of a silence does not tell of it again', () => {
  // Of beats that are five seconds apart one of the two makes each late.
  for (const from of [30_000_000, 32_500_000]) {
    const pauses = (['s1', 's2'] as const).map(
      (target): Fault => ({ kind: 'serverPause', target, at: from as Instant, lasts: seconds(4) }),
    );
    const { breaches, stalls } = judged(answer(), [...silence(400_000, seconds(90)), ...pauses]);
    expect(breaches).toEqual([]);
    expect(stalls.map(({ node }) => node).sort()).toEqual(['c1', 'c2']);
  }
});

test('an agent that is slow for good stalls at every chunk, and is told of each', () => {
  const { breaches, stalls } = judged(answer({}, seconds(40)), []);
  expect(breaches).toEqual([]);
  expect(stalls.length).toBeGreaterThan(50);
  expect(new Set(stalls.map(({ node, stream, seq }) => `${node}/${stream}/${seq}`)).size).toBe(stalls.length);
});

test('whatever else fails beside a silence, the law holds', () => {
  const scenario = scenarioNamed('midstream/text') as SessionScenario;
  const moment = fc.integer({ min: 50_000, max: 40_000_000 }).map((at) => at as Instant);
  const lasts = seconds(3);
  const others: readonly ((at: Instant) => Fault)[] = [
    (at) => ({ kind: 'cut', target: 'c1-lb', at, lasts, direction: 'both' }),
    (at) => ({ kind: 'reset', target: 'c1-lb', at }),
    (at) => ({ kind: 'crash', target: 's1', at, lasts, how: 'process' }),
    (at) => ({ kind: 'restart', target: 's1', at, lasts }),
    (at) => ({ kind: 'serverPause', target: 's1', at, lasts }),
    (at) => ({ kind: 'storeCrash', target: 'store', at, lasts, keep: 500 }),
    (at) => ({ kind: 'drain', target: 's1', at, lasts, deadline: seconds(2) }),
    (at) => ({ kind: 'offline', target: 'c1', at, lasts }),
  ];
  const other = fc.tuple(fc.constantFrom(...others), moment).map(([fault, at]) => fault(at));
  fc.assert(
    fc.property(fc.nat(10_000), fc.array(other, { maxLength: 4 }), (seed, more) => {
      const all = [...more, ...silence(400_000, seconds(60))].sort((a, b) => a.at - b.at);
      expect(judged(scenario, all, seed.toString(36)).breaches).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('a planted breach is caught: a server that never looks, and one that is too quick to complain', () => {
  const blind = judged(answer({ stallAfter: seconds(900) }), silence(400_000, seconds(90)));
  expect(blind.breaches[0]).toMatch(/^stream-health: s\d served stream 1 .* and reported nothing; it must within 28 s/);
  const hasty = judged(answer({ stallAfter: seconds(5) }), silence(400_000, seconds(90)));
  expect(hasty.breaches[0]).toMatch(/^stream-health: .* silent for less than 15 s is healthy/);
});

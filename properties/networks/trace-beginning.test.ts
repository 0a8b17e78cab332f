/** Where in its traces a run begins: anywhere, by its seed, in the same place for both directions and all clients. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { claimsOf, count, emptyTally } from '../../sim/explore/tally.ts';
import { worstOutage } from '../../sim/networks/beginning.ts';
import { traceNetwork } from '../../sim/networks/mahimahi.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { SessionWorld } from '../../sim/session/world.ts';
import type { LinkConfig } from '../../src/link/config.ts';
import { cross } from '../../src/link/tcp/path.ts';
import { init, type Path } from '../../src/link/tcp/state.ts';
import { at, ms } from '../../src/time.ts';

const text = scenarioNamed('midstream/text') as SessionScenario;
const every = (step: number, count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i * step);
/** 15 minutes with a packet each 20 ms, but for the minute before the last. */
const drive = Float64Array.from([...every(20, 39_000), ...every(20, 3_001, 840_000)]);
const network = traceNetwork('drive', { down: drive, up: drive });
const beginning = (seed: string, of = network): string =>
  /from (.*) of the trace/.exec(run(text, seed, { network: of, plan: [] }).conditions)?.[1] ?? '';

describe('a run begins', () => {
  test('where its seed says, and each seed elsewhere', () => {
    const seeds = ['1', '2', '3', '4', '5', '6'];
    const begun = seeds.map((seed) => beginning(seed));
    expect(new Set(begun).size).toBe(seeds.length);
    expect(seeds.map((seed) => beginning(seed))).toEqual(begun);
    expect(begun.join(' ')).toMatch(/min/);
  });

  test('nowhere in particular on a link that was not measured', () => {
    expect(beginning('1', networkNamed('lte'))).toBe('');
  });

  test('in a drive of a quarter of an hour, another run than in its first minute', () => {
    const head = Float64Array.from(every(20, 3_001));
    const full = run(text, '3', { network });
    expect(full.digest).not.toBe(run(text, '3', { network: traceNetwork('head', { down: head, up: head }) }).digest);
  });
});

describe('a path with a beginning', () => {
  const link = (traceFrom: number): Path => {
    const path = {
      ...network.up,
      delay: ms(0),
      trace: [100, 130, 500],
      ...(traceFrom < 0 ? {} : { traceFrom: ms(traceFrom) }),
    };
    const config: LinkConfig = { node: 'l', ends: ['a', 'b'], up: path, down: path, handshakeRoundTrips: 2 };
    return init(config).paths[0];
  };
  const out = (path: Path, now: number): number =>
    cross(path, 'up', 1000, { now: at(now * 1000), random: () => 0, newConn: () => 0 }) / 1000;

  test('reads its trace from there, and goes on from its first line behind its last', () => {
    expect(out(link(-1), 0)).toBe(100);
    expect(out(link(0), 0)).toBe(100);
    expect(out(link(120), 0)).toBe(10);
    expect(out(link(131), 0)).toBe(369);
    // The trace ends at 500: its first packet comes again at 600.
    expect(out(link(450), 60)).toBe(150);
    expect(out(link(450 + 3 * 500), 60)).toBe(150);
  });
});

describe('the worst of a trace', () => {
  test('is its longest wait, also where the trace begins again', () => {
    const world = (trace: readonly number[]): SessionWorld =>
      ({ links: [{ up: { ...network.up, trace: [1] }, down: { ...network.down, trace } }] }) as unknown as SessionWorld;
    expect(worstOutage(world([10, 20, 100, 110]))).toMatchObject({ begins: ms(20), lasts: ms(80), period: ms(110) });
    expect(worstOutage(world([90, 100, 110]))).toMatchObject({ begins: ms(110), lasts: ms(90) });
  });

  test('is met by some of many runs, and a sweep on which it was not met still counts the claim', () => {
    const tally = emptyTally();
    for (let seed = 1; seed <= 40; seed++) count(tally, run(text, seed, { network }), text);
    expect(claimsOf(text, tally).at(-1)?.name).toBe('worst-stretch');
    expect(tally.reached['worst-stretch']).toBeGreaterThan(0);
    expect(tally.reached['worst-stretch']).toBeLessThan(20);
  });

  test('is no claim of a sweep without traces', () => {
    const tally = emptyTally();
    count(tally, run(text, 1, { network: networkNamed('lte') }), text);
    expect(claimsOf(text, tally)).toBe(text.sometimes);
  });
});

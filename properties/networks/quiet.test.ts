/** Measured links with quiet parts: what is derived from them, and which are refused. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { traceNetwork } from '../../sim/networks/mahimahi.ts';
import type { Network } from '../../sim/networks/network.ts';
import { NETWORKS, networkNamed } from '../../sim/networks/presets.ts';
import { stretchesOf } from '../../sim/networks/stretches.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { flawOfNetwork } from '../../sim/session/scenarios/quiet.ts';
import { DEFAULTS } from '../../sim/session/scenarios/topology.ts';
import { type Instant, seconds } from '../../src/time.ts';

/** Parts of a trace: so many seconds with a packet every so many milliseconds, and so many seconds without any. */
function trace(...parts: readonly (readonly [lasts: number, every: number, quiet: number])[]): Float64Array {
  const times: number[] = [];
  let from = 0;
  for (const [lasts, every, quiet] of parts) {
    for (let at = from; at < from + lasts * 1000; at += every) times.push(at);
    from += (lasts + quiet) * 1000;
  }
  return Float64Array.from([...times, from]);
}

const steady = trace([60, 10, 0]);
const linkOf = (down: ArrayLike<number>, up = down): Network => traceNetwork('t', { down, up });
const text = scenarioNamed('midstream/text') as SessionScenario;
const convergeWithin = (network: Network): number => text.world(settingOf(text, '1', { network })).facts.convergeWithin;

describe('stretches in which a client gets through', () => {
  const needs = { answer: seconds(10), heard: seconds(9), idle: seconds(6), up: 5_000, down: 65_000 };
  const found = (network: Network) => stretchesOf(network.up, network.down, needs);
  /** To five seconds: connecting, and the last frame before the quiet, take one of them. */
  const rounded = (time: number): number => Math.round(time / 5_000_000) * 5;
  const of = (network: Network) => found(network)?.map(({ lasts, quiet }) => [rounded(lasts), rounded(quiet)]);

  test('a trace without a long wait has no quiet part', () => {
    expect(of(linkOf(steady))).toBeUndefined();
    expect(of(linkOf(trace([60, 10, 3])))).toBeUndefined();
  });

  test('a quiet part is one however the traces repeat, and in whichever direction it is', () => {
    const quiet = trace([40, 10, 20]);
    const late = Float64Array.from([...Array(4000).keys()].map((i) => 20_000 + i * 10));
    for (const network of [linkOf(quiet), linkOf(quiet, steady), linkOf(steady, quiet), linkOf(late)])
      expect(of(network)).toEqual([[40, 20]]);
  });

  test('traces that drift against each other are laid out side by side', () => {
    expect(of(linkOf(trace([50, 10, 10]), trace([30, 10, 0])))).toEqual([[50, 10]]);
    const drifting = found(linkOf(trace([50, 10, 20]), trace([40, 10, 20]))) ?? [];
    // They meet again after 420 s.
    expect(drifting.length).toBeGreaterThan(6);
    expect(drifting.reduce((sum, { lasts, quiet }) => sum + lasts + quiet, 0)).toBe(420_000_000);
  });
});

describe('a network on which no client can keep its promises is refused, with what is expected of it', () => {
  const flaw = (network: Network): string | null => flawOfNetwork(network, DEFAULTS);

  test('every preset, and traces with quiet parts between good ones, are taken', () => {
    for (const network of NETWORKS) expect(flaw(network)).toBeNull();
    for (const quiet of [1, 10, 60, 120, 300, 1000]) expect(flaw(linkOf(trace([60, 10, quiet])))).toBeNull();
  });

  test('a packet every 1,000 s', () => {
    expect(flaw(linkOf(Float64Array.from([1, 1_000_000])))).toBe(
      'no client that waits 10 s for an answer gets through: up to 16 min 39.999 s pass between two packets (down); expected a packet at least every 5.93 s, and 65 KB down and 5 KB up in 8.93 s, for a while at least',
    );
  });

  test('a trace that is too slow for a frame, in one direction or the other', () => {
    expect(flaw(linkOf(trace([60, 400, 0])))).toContain('up to 400 ms pass');
    expect(flaw(linkOf(steady, trace([60, 5_500, 0])))).toContain('5.5 s pass between two packets (up)');
  });

  test('delays and rates beyond the time-outs', () => {
    const wifi = networkNamed('wifi');
    const path = (change: object): Network => ({
      name: 'x',
      source: '',
      up: { ...wifi.up, ...change },
      down: { ...wifi.down, ...change },
    });
    expect(flaw(path({ delay: seconds(4) }))).toContain('a round trip takes 8 s: expected less than 6 s');
    expect(flaw(path({ rate: 4_000, queue: 0 }))).toContain('expected 65 KB down');
    expect(flaw(path({ delay: seconds(1), rate: 100_000 }))).toBeNull();
  });

  test('the library refuses it in the same words', () => {
    const network = linkOf(Float64Array.from([1, 1_000_000]));
    expect(() => run(text, '1', { network })).toThrow('network t: no client that waits 10 s');
  });
});

describe('bounds follow the network', () => {
  test('a link without quiet parts adds nothing but its longest waits', () => {
    expect(convergeWithin(linkOf(steady))).toBeLessThan(convergeWithin(networkNamed('lte')) + seconds(10));
  });

  test('longer quiet parts allow more time', () => {
    const bounds = [0, 10, 60, 300, 1000, 100_000].map((quiet) => convergeWithin(linkOf(trace([120, 10, quiet]))));
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    expect(new Set(bounds).size).toBe(bounds.length);
  });

  test('no law is broken on a link with quiet parts, one-way or both ways, under any kind of fault', () => {
    const told = new Set<string>();
    for (const quiet of [10, 60, 300, 1000])
      for (const network of [
        linkOf(trace([60, 10, quiet])),
        linkOf(trace([60, 10, quiet]), steady),
        linkOf(steady, trace([60, 10, quiet])),
      ])
        for (const [name, seed] of [
          ['context/basic', `${quiet}`],
          ['restart/state', `${quiet}`],
          ['context/basic', `${quiet}b`],
        ] as const) {
          const outcome = run(scenarioNamed(name) as SessionScenario, seed, {
            network,
            faults: ['sleep', 'reset'],
          });
          expect(outcome).toMatchObject({ breaches: [], exceeded: null });
          for (const error in outcome.figures.errors) told.add(error);
        }
    expect(told).toContain('peer_silent');
  });
});

test('a client that is kept away for longer than its session waits is told so, and that is no broken law', () => {
  const plan = Array.from({ length: 900 }, (_, i) => ({
    kind: 'reset' as const,
    target: 'c1-lb',
    at: (6_000_000 + i * 450_000) as Instant,
  }));
  const outcome = run(scenarioNamed('context/basic') as SessionScenario, '1', { plan, network: networkNamed('edge') });
  expect(outcome.figures.errors.session_expired).toBe(1);
  expect(outcome.breaches).toEqual([]);
});

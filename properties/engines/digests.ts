/**
 * The runs that every engine makes: some seeds of each scenario, and of one without our protocol, with its own faults, with
 * all kinds, and over a measured trace; and storms of the lab under every preset. This file is bundled and runs where there is nothing but JavaScript, so it imports only what a page may load.
 */
import { parseTrace, type RunOptions, run, traceNetwork } from '../../sim/core/index.ts';
import { METRICS } from '../../sim/lab/metrics/catalogue.ts';
import { digestOf } from '../../sim/lab/storm/digest.ts';
import { runStorm } from '../../sim/lab/storm/kernel.ts';
import { REFERENCE_STORM, type Storm } from '../../sim/lab/storm/storm.ts';
import { SCENARIOS } from '../../sim/session/index.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { at, ms, seconds, ZERO } from '../../src/time.ts';
import { echo } from '../testing/echo.ts';

export interface Wanted {
  /** Scenarios by name; all of them when empty. */
  readonly scenarios: readonly string[];
  readonly seeds: readonly string[];
  /** The text of two Mahimahi traces; null leaves the trace out. */
  readonly trace: { readonly down: string; readonly up: string } | null;
}

/** Digests by what was run: `midstream/text@k7f3 --faults all`. */
export type Digests = Readonly<Record<string, string>>;

export function digestsOf({ scenarios, seeds, trace }: Wanted): Digests {
  const ways: (readonly [string, RunOptions])[] = [
    ['', {}],
    [' --faults all', { faults: 'all' as const }],
  ];
  if (trace !== null) {
    const network = traceNetwork('trace', { down: read(trace.down), up: read(trace.up) });
    ways.push([' over the trace', { network }]);
  }
  const digests: Record<string, string> = {};
  for (const scenario of [...SCENARIOS, echo])
    if (scenarios.length === 0 || scenarios.includes(scenario.name))
      for (const seed of seeds)
        for (const [way, options] of ways)
          digests[`${scenario.name}@${seed}${way}`] = run(scenario, seed, options).digest;
  if (scenarios.length === 0) for (const seed of seeds) Object.assign(digests, stormsOf(seed));
  return digests;
}

/** A storm with everything that a storm may have, under every preset: digests, and metrics to the last bit. */
function stormsOf(seed: string): Digests {
  const { outages, ...reference } = REFERENCE_STORM;
  // Short, because some policies never wait.
  const first = { ...outages[0]!, lasts: seconds(10), noticed: { least: ZERO, most: seconds(5) } };
  const storm: Storm = {
    ...{ ...reference, clients: 100, capacity: 7, horizon: seconds(120), dialTimeout: seconds(2) },
    ...{ refusalCost: { num: 1, of: 30 }, retryAfter: { kind: 'slot' }, queue: { length: 20 } },
    roundTrip: { least: ms(10), most: ms(300) },
    outages: [
      first,
      { ...first, at: at(40_000_000), drops: { num: 1, of: 2 }, remains: { num: 1, of: 3 }, dials: 'silent' },
    ],
  };
  return Object.fromEntries(
    Object.entries(PRESETS).map(([name, { policy }]) => {
      const run = runStorm(storm, policy, { seed, replication: 0 });
      return [`storm ${name}@${seed}`, `${digestOf(run)} ${METRICS.map((metric) => metric.of(run)).join(' ')}`];
    }),
  );
}

/** Runs whose digests are not equal, or that only one side has, with both digests. */
export function differences(expected: Digests, got: Digests): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
  return names
    .filter((name) => expected[name] !== got[name])
    .map((name) => `${name}: ${expected[name] ?? 'not run'} here, ${got[name] ?? 'not run'} there`);
}

function read(text: string): Float64Array {
  const parsed = parseTrace(text);
  if ('problem' in parsed) throw new Error(`the trace ${parsed.problem}`);
  return parsed.trace;
}

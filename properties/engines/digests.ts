/**
 * The runs that every engine makes: some seeds of each scenario, and of one without our protocol, with its own faults, with
 * all kinds, and over a measured trace. This file is bundled and runs where there is nothing but JavaScript, so it imports only what a page may load.
 */
import { parseTrace, type RunOptions, run, traceNetwork } from '../../sim/core/index.ts';
import { SCENARIOS } from '../../sim/session/index.ts';
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
  return digests;
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

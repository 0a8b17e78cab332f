/** What a sweep found: the first bad run of each law, run a second time, with the line that replays it. */
import { type RunOptions, run } from '../run.ts';
import { type Origin, pasteLine } from './command-line.ts';
import type { Sweep } from './sweep.ts';
import type { BadRun, Tally } from './tally.ts';

export interface Problem {
  readonly scenario: string;
  /** The law, or `budget`. */
  readonly law: string;
  readonly seed: string;
  readonly at: number;
  /** The event that broke it, as the timeline numbers them; 0 when a budget ended the run. */
  readonly event: number;
  readonly message: string;
  /** Whether a second run had the same digest. */
  readonly confirmed: boolean;
  /** The line that replays it. */
  readonly paste: string;
  readonly bad: BadRun;
}

/** The first bad run of each law of each scenario; `options` are those of the sweep's runs. */
export function problemsOf({ tallies }: Sweep, options: RunOptions, origin: Origin): readonly Problem[] {
  return tallies.flatMap(({ scenario, tally }) =>
    [...firstOfEachLaw(tally)].map(([law, bad]) => {
      const breach = bad.breaches.find((each) => each.law === law);
      return {
        scenario: scenario.name,
        law,
        seed: bad.seed,
        at: breach?.at ?? 0,
        event: breach?.event ?? 0,
        message: breach?.message ?? `budget exceeded: ${bad.exceeded}`,
        confirmed: run(scenario, bad.seed, options).digest === bad.digest,
        paste: pasteLine(scenario.name, bad.seed, origin),
        bad,
      };
    }),
  );
}

/** The first bad run of each law, `budget` for runs that ended in none. */
function firstOfEachLaw(tally: Tally): Map<string, BadRun> {
  const first = new Map<string, BadRun>();
  for (const bad of tally.bad)
    for (const law of bad.breaches.length > 0 ? bad.breaches.map((breach) => breach.law) : ['budget'])
      if (!first.has(law)) first.set(law, bad);
  return first;
}

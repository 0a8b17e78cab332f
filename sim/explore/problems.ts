/** What a sweep found: the first bad run of each law, run a second time, with the line that replays it. */
import type { Origin } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { pasteFile, pasteLine } from './command-line.ts';
import { failurePath } from './failure.ts';
import type { Sweep } from './sweep.ts';
import type { BadRun, Tally } from './tally.ts';

export interface Problem {
  readonly scenario: string;
  /** The law, or `budget`, `threw`, `crashed` for a run that ended in none. */
  readonly law: string;
  readonly seed: string;
  readonly at: number;
  /** The event that broke it, as the timeline numbers them; 0 when a budget ended the run. */
  readonly event: number;
  readonly message: string;
  /** Whether a second run came to the same; null when it was not run again: the sweep was interrupted. */
  readonly confirmed: boolean | null;
  /** The line that replays it. */
  readonly paste: string;
  readonly bad: BadRun;
}

/** Makes a run again: its tally, or null when there is no time for it any more. */
export type Again = (scenario: Scenario, bad: BadRun) => Promise<Tally | null>;

/** The first bad run of each law of each scenario; `out` is where the file of a run is that no seed draws by itself. */
export async function problemsOf(
  { tallies }: Sweep,
  again: Again,
  origin: Origin,
  out = '.hangup/failures',
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { scenario, tally } of tallies) {
    /** One run may break several laws, and is run again once. */
    const confirmed = new Map<BadRun, boolean | null>();
    for (const [law, bad] of firstOfEachLaw(tally.bad)) {
      if (!confirmed.has(bad)) confirmed.set(bad, await isConfirmed(scenario, bad, again));
      const breach = bad.breaches.find((each) => each.law === law);
      problems.push({
        scenario: scenario.name,
        law,
        seed: bad.seed,
        at: breach?.at ?? bad.ended?.at ?? 0,
        event: breach?.event ?? bad.ended?.event ?? 0,
        message: breach?.message ?? bad.ended?.message ?? `budget exceeded: ${bad.exceeded}`,
        confirmed: confirmed.get(bad) ?? null,
        paste:
          bad.name === undefined
            ? pasteLine(scenario.name, bad.seed, origin)
            : pasteFile(failurePath(out, scenario.name, bad)),
        bad,
      });
    }
  }
  return problems;
}

/** A run that crashed has ended two processes already, and one that is nondeterministic was run four times: another says nothing new. */
async function isConfirmed(scenario: Scenario, bad: BadRun, again: Again): Promise<boolean | null> {
  if (bad.verdict === 'crashed' || bad.verdict === 'nondeterministic') return true;
  const tally = await again(scenario, bad);
  if (tally === null) return null;
  const [second] = tally.bad;
  if (bad.ended !== null) return second?.ended?.message === bad.ended.message;
  // A law is anybody's code: it may say something else of the very same events.
  return second?.digest === bad.digest && lawsOf(bad).every((law) => lawsOf(second).includes(law));
}

/** Which laws a bad run stands for: those that it broke, or why it ended in none. */
export const lawsOf = ({ breaches, verdict }: BadRun): readonly string[] =>
  breaches.length > 0 ? breaches.map(({ law }) => law) : [verdict];

/** The first bad run of each law, of runs in the order of seeds. */
function firstOfEachLaw(runs: readonly BadRun[]): Map<string, BadRun> {
  const first = new Map<string, BadRun>();
  for (const bad of runs) for (const law of lawsOf(bad)) if (!first.has(law)) first.set(law, bad);
  return first;
}

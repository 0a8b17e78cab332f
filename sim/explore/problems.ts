/** What a sweep found: the first bad run of each law and cause, run a second time, with the line that replays it. */
import type { Origin } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { causeOf } from '../explain/cause.ts';
import { type CauseTally, causesOf, failingsOf, OTHER_CAUSES } from './causes.ts';
import { pasteFile, pasteLine } from './command-line.ts';
import { failurePath } from './failure.ts';
import type { Sweep } from './sweep.ts';
import type { BadRun, Tally } from './tally.ts';

export interface Problem {
  readonly scenario: string;
  /** The law, or `budget`, `threw`, `crashed` for a run that ended in none. */
  readonly law: string;
  /** The sentence without numbers, times and names, which tells it from others of that law. */
  readonly cause: string;
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
  /** Every run of the scenario that failed by this cause. */
  readonly all: CauseTally;
}

/** Makes a run again: its tally, or null when there is no time for it any more. */
export type Again = (scenario: Scenario, bad: BadRun) => Promise<Tally | null>;

/** The first bad run of each law and cause of each scenario; `out` is where the file of a run is that no seed draws by itself. */
export async function problemsOf(
  { tallies }: Sweep,
  again: Again,
  origin: Origin,
  out = '.hangup/failures',
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { scenario, tally } of tallies) {
    /** One run may fail in several ways, and is run again once. */
    const confirmed = new Map<BadRun, boolean | null>();
    for (const [key, bad] of firstOfEachCause(tally)) {
      if (!confirmed.has(bad)) confirmed.set(bad, await isConfirmed(scenario, bad, again));
      const all = tally.causes[key] as CauseTally;
      const { law, message } = failingOf(bad, all);
      const breach = bad.breaches.find((each) => each.law === law);
      problems.push({
        scenario: scenario.name,
        ...{ law, cause: all.cause },
        message: law === 'budget' ? `budget exceeded: ${message}` : message,
        seed: bad.seed,
        at: breach?.at ?? bad.ended?.at ?? 0,
        event: breach?.event ?? bad.ended?.event ?? 0,
        confirmed: confirmed.get(bad) ?? null,
        paste:
          bad.name === undefined
            ? pasteLine(scenario.name, bad.seed, origin)
            : pasteFile(failurePath(out, scenario.name, bad)),
        bad,
        all,
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

/** The first of each law, of problems in the order of scenarios and causes. */
export const firstOfEachLaw = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter(
    (each, i) => problems.findIndex(({ scenario, law }) => scenario === each.scenario && law === each.law) === i,
  );

/** The first bad run of each cause, of runs in the order of seeds; those that share the last place with others have one. */
function firstOfEachCause({ bad: runs, causes }: Pick<Tally, 'bad' | 'causes'>): Map<string, BadRun> {
  const first = new Map<string, BadRun>();
  for (const bad of runs)
    for (const key of causesOf(bad)) {
      const known = causes[key] === undefined ? `${key.slice(0, key.indexOf('\n'))}\n${OTHER_CAUSES}` : key;
      if (causes[known] !== undefined && !first.has(known)) first.set(known, bad);
    }
  return first;
}

/** What of a bad run is counted there. */
const failingOf = (bad: BadRun, { law, cause }: CauseTally): { readonly law: string; readonly message: string } => {
  const failings = failingsOf(bad).filter((each) => each.law === law);
  return (failings.find(({ message }) => causeOf(message) === cause) ?? failings[0]) as (typeof failings)[number];
};

/** How a sweep ends for whoever called it: the exit code of `explore`, and the rows that it counts. */
import type { Scenario } from '../core/scenario.ts';
import { claimRowsOf } from '../explore/claim-verdict.ts';
import { isFailing, lawRowsOf } from '../explore/law-verdict.ts';
import { endedRuns } from '../explore/measures.ts';
import type { Sweep } from '../explore/sweep.ts';
import { claimsOf } from '../explore/tally.ts';
import { isMissed, isOpen, rowsOf } from '../explore/verdict.ts';
import { counted } from '../report/words.ts';
import { targetsOf } from '../targets/target.ts';
import { EXIT } from './errors.ts';
import { nameOf } from './target-table.ts';

/** What a sweep could not promise: rows by name, `context/basic: recovery in condition=outage`. */
export interface Unkept {
  /** Targets and bounds that are missed, claims that should have come true, laws that were never put to the test: exactly those that every report shows red. */
  readonly missed: readonly string[];
  /** Those on which so few seeds cannot tell. */
  readonly open: readonly string[];
}

export function unkeptBy({ tallies }: Pick<Sweep, 'tallies'>, asked: readonly Scenario[] = []): Unkept {
  const missed: string[] = [];
  // What a budget left no time for has no rows at all.
  const open = asked
    .filter(({ name }) => tallies.every(({ scenario }) => scenario.name !== name))
    .map(({ name }) => `${name} (0 runs)`);
  for (const { scenario, tally } of tallies) {
    for (const row of rowsOf(targetsOf(scenario), tally)) {
      const into = isMissed(row) ? missed : isOpen(row) ? open : null;
      into?.push(`${scenario.name}: ${nameOf(row)} (${counted(row.runs, 'run')})`);
    }
    for (const { name, verdict } of claimRowsOf(claimsOf(scenario, tally), tally.reached, tally.runs)) {
      const into = verdict === 'never reached' ? missed : verdict === 'not enough seeds' ? open : null;
      into?.push(`${scenario.name}: claim ${name} (${counted(tally.runs, 'run')})`);
    }
    for (const row of lawRowsOf(scenario, tally)) {
      const into = isFailing(row) ? missed : row.verdict === 'not enough seeds' ? open : null;
      const what = row.verdict === 'not by luck' ? 'is broken by all runs together' : 'was not judged';
      into?.push(`${scenario.name}: law ${row.law} ${what} (${counted(tally.runs, 'run')})`);
    }
  }
  return { missed, open };
}

/**
 * A bug of ours says most (code of hangup threw, or a second run of ours came to something else), because then nothing else is certain; then a broken law, a run without an outcome, a run that
 * never ended. Who interrupts a sweep asks for no verdict on what it might have measured, but a law that broke is broken. A
 * row that is missed by more than luck fails a sweep whoever asks; one that so few seeds cannot judge fails it only when
 * targets are strict, and as what it is: a budget that was too small.
 */
export function exitCodeOf(
  { tallies, stopped }: Pick<Sweep, 'tallies' | 'stopped'>,
  { missed, open }: Unkept,
  { strict, doubt = null }: { readonly strict: boolean; readonly doubt?: 'ours' | 'theirs' | null },
): number {
  if (doubt === 'ours' || tallies.some(({ tally }) => tally.bad.some(({ ended }) => ended?.ours))) return EXIT.bug;
  // What came to something else the second time is evidence of no law.
  if (doubt === 'theirs') return EXIT.ended;
  if (tallies.some(({ tally }) => tally.brokenRuns > 0)) return EXIT.broken;
  if (stopped === 'crashes' || tallies.some(({ tally }) => endedRuns(tally) > 0)) return EXIT.ended;
  if (tallies.some(({ tally }) => tally.budgetRuns > 0)) return EXIT.budget;
  if (stopped === 'interrupted') return EXIT.interrupted;
  // Nothing is known to be wrong, nor to be right.
  if (tallies.length === 0) return EXIT.budget;
  if (missed.length > 0) return EXIT.broken;
  return strict && open.length > 0 ? EXIT.budget : EXIT.holds;
}

/** Rows in one line, at most eight of them by name. */
export function namesOf(rows: readonly string[]): string {
  const more = rows.length - NAMED;
  return `${rows.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const NAMED = 8;

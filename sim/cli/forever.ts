/**
 * `explore --forever`: fresh seeds behind those that were run, until a failure, a budget or a signal ends it. It keeps no
 * journal, because there is nothing to go on with: `--from` says where fresh seeds begin.
 */
import { seedText } from '../core/seeds.ts';
import type { Sweep } from '../explore/sweep.ts';
import { UsageError } from './errors.ts';
import type { KeptJournal } from './journal.ts';

export const NO_JOURNAL: KeptJournal = { finished: [], add() {}, end() {} };

/** Refuses what has no meaning without an end. */
export function checkForever(flags: { readonly resume?: boolean }, isSearch: boolean): void {
  if (flags.resume)
    throw new UsageError(
      '--forever and --resume: expected one of them: --from goes on where a sweep without an end was',
    );
  if (isSearch)
    throw new UsageError('--forever: expected seeds that draw their plans, and no search, which has an end');
}

/** The most seeds of a scenario that were run. */
export const runMost = ({ tallies }: Sweep): number => Math.max(1, ...tallies.map(({ tally }) => tally.runs));

/** Where fresh seeds begin: what every scenario was run with is behind. */
export function goesOnFrom({ tallies }: Sweep, from: number): string {
  const all = tallies.length === 0 ? 0 : Math.min(...tallies.map(({ tally }) => tally.runs));
  return `--forever: every scenario was run with ${all} seeds from ${seedText(from)} on; --from ${seedText(from + all)} goes on`;
}

/** How a search went: who was in each round, and the best that were seen, with what they lack. */
import pc from 'picocolors';
import type { LabDocument } from '../../lab/experiment/document.ts';
import { inWords } from '../../lab/experiment/numbers.ts';
import { counted, NOTHING } from '../../report/words.ts';
import { table } from '../columns.ts';

/** Rows of the table: all candidates are in files. */
const SHOWN = 10;

export function searchTable({ tuning, estimates, metrics, storms }: Omit<LabDocument, 'words'>): string {
  if (tuning === null) return '';
  const { candidates, varied, rounds, minimises, constraints } = tuning;
  const names = [...new Set([minimises, ...constraints.map(({ metric }) => metric)])];
  const meanOf = (contender: string, metric: string): string => {
    const unit = metrics.find(({ name }) => name === metric)?.unit ?? 'count';
    const found = storms.map(
      ({ name }) =>
        estimates.find(
          (each) =>
            each.storm === name && each.contender === contender && each.metric === metric && each.phase === 'search',
        )?.mean ?? null,
    );
    return found.map((mean) => (mean === null ? NOTHING : inWords(mean, unit))).join(' | ');
  };
  const knownFirst = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;
  const better = metrics.find(({ name }) => name === minimises)?.better === 'more' ? -1 : 1;
  const rows = candidates
    .toSorted(
      (a, b) =>
        Number(b.keepsConstraints) - Number(a.keepsConstraints) ||
        Number(a.leftAfter !== null) - Number(b.leftAfter !== null) ||
        (knownFirst(a.objective) < knownFirst(b.objective) ? -better : better),
    )
    .slice(0, SHOWN)
    .map(({ contender, leftAfter, keepsConstraints }) => [
      contender,
      ...names.map((name) => meanOf(contender, name)),
      leftAfter === null ? 'in' : `left after round ${leftAfter + 1}`,
      ...(constraints.length === 0 ? [] : [keepsConstraints ? 'kept' : pc.red('not kept')]),
    ]);
  const raced = rounds.map(({ candidates: left, replications }) => `${left} on ${replications}`).join(', ');
  return [
    `${counted(candidates.length, 'candidate')} of ${tuning.family} (${varied.map(({ knob, values }) => `${knob} ${values[0]} to ${values.at(-1)}`).join(', ')}) in a race: ${raced} replications`,
    table(['candidate', ...names, 'race', ...(constraints.length === 0 ? [] : ['constraints'])], rows),
    ...(candidates.length > SHOWN
      ? [pc.dim(`and ${candidates.length - SHOWN} more (--csv, --json or --out have all)`)]
      : []),
  ].join('\n');
}

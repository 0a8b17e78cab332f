/** What `lab compare` prints: a table that is read at once, and what is behind each figure below it. */
import pc from 'picocolors';
import type { LabDifference, LabDocument, LabEstimate, LabMetric, LabStorm } from '../../lab/experiment/document.ts';
import { estimated, headOf, plusMinus } from '../../lab/experiment/numbers.ts';
import { meanIn } from '../../lab/experiment/words.ts';
import { NOTHING } from '../../report/words.ts';
import { table } from '../columns.ts';

/** Without words: tables of each storm. */
export function comparisonTables(document: Omit<LabDocument, 'words'>): string {
  const shown = document.metrics.filter((metric) => metric.shown);
  return document.storms
    .map((storm) => {
      const parts = [
        ...(document.storms.length > 1 ? [pc.bold(storm.name)] : []),
        estimatesTable(document, storm, shown),
        ...differencesTable(document, storm, shown),
      ];
      return parts.join('\n');
    })
    .join('\n\n');
}

/** Best first, in the first metric; whom a replication has no value of stands last. */
function estimatesTable(
  { contenders, estimates }: Omit<LabDocument, 'words'>,
  { name: storm }: LabStorm,
  metrics: readonly LabMetric[],
): string {
  const of = (contender: string, metric: string): LabEstimate | undefined =>
    estimates.find(
      (each) =>
        each.storm === storm && each.contender === contender && each.metric === metric && each.phase === 'estimate',
    );
  const names = contenders.filter(({ phase }) => phase === 'estimate').map(({ name }) => name);
  const [first] = metrics;
  const worth = (contender: string): number => {
    const { mean = null, missing = 0 } = (first && of(contender, first.name)) ?? {};
    if (mean === null || missing > 0) return Number.POSITIVE_INFINITY;
    return first?.better === 'more' ? -mean : mean;
  };
  const rows = names
    .map((name, nth) => ({ name, nth, worth: worth(name) }))
    .sort((a, b) => (a.worth < b.worth ? -1 : a.worth > b.worth ? 1 : a.nth - b.nth))
    .map(({ name }) => [
      name,
      ...metrics.flatMap((metric) => {
        const estimate = of(name, metric.name);
        const cell = estimate === undefined ? NOTHING : estimated(estimate);
        return isRecovery(metric) ? [cell, ratio(of(name, `${metric.name}_ratio`))] : [cell];
      }),
      String(
        first === undefined ? 0 : (of(name, first.name)?.replications ?? 0) + (of(name, first.name)?.missing ?? 0),
      ),
    ]);
  const head = metrics.flatMap((metric) => (isRecovery(metric) ? [headOf(metric), 'x bound'] : [headOf(metric)]));
  return table(['policy', ...head, 'runs'], rows);
}

/** Times that are held against the physical bound: when nearly everybody is back, or everybody. */
const isRecovery = ({ name }: LabMetric): boolean => /^recovery_(p99|p999|max)$/.test(name);

const ratio = (estimate: LabEstimate | undefined): string =>
  estimate?.mean == null ? NOTHING : estimate.mean.toFixed(2);

function differencesTable(
  document: Omit<LabDocument, 'words'>,
  { name: storm }: LabStorm,
  metrics: readonly LabMetric[],
): readonly string[] {
  const { differences, contenders } = document;
  const own = differences.filter((each) => each.storm === storm);
  const [one] = own;
  if (one === undefined) return [];
  const names = contenders.map(({ name }) => name).filter((name) => own.some(({ contender }) => contender === name));
  const cell = (contender: string, metric: string): string => {
    const found = own.find((each) => each.contender === contender && each.metric === metric);
    // Who is not back does not dial: that is no merit.
    const isJudged = (meanIn(document, storm, contender, 'not_recovered') ?? 0) === 0;
    return found === undefined ? NOTHING : difference(found, isJudged);
  };
  return [
    '',
    `against ${one.reference}, in pairs that met the same luck (95 %; verdicts after Holm's correction)`,
    table(
      ['policy', ...metrics.map(headOf)],
      names.map((name) => [name, ...metrics.map(({ name: metric }) => cell(name, metric))]),
    ),
  ];
}

function difference({ mean, interval, verdict }: LabDifference, isJudged: boolean): string {
  if (mean === null) return NOTHING;
  const value = plusMinus(mean, interval, '+');
  if (!isJudged) return value;
  if (verdict === 'better') return `${value} ${pc.green('better')}`;
  if (verdict === 'worse') return `${value} ${pc.red('worse')}`;
  return verdict === 'no difference seen' || verdict === 'too small to count' ? `${value} ${pc.dim('even')}` : value;
}

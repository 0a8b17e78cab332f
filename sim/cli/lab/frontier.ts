/** `hangup lab frontier`: time against attempts, and who cannot be beaten in one without losing in the other. */
import pc from 'picocolors';
import type { LabDocument, LabStorm } from '../../lab/experiment/document.ts';
import type { Entrant } from '../../lab/experiment/experiment.ts';
import { estimated, headOf, inWords } from '../../lab/experiment/numbers.ts';
import { estimateIn, listed, metricIn } from '../../lab/experiment/words.ts';
import { NOTHING } from '../../report/words.ts';
import { table } from '../columns.ts';
import { UsageError } from '../errors.ts';
import { knownWith } from '../known.ts';
import { metricsOf, mustBeMetric } from './asked.ts';
import { type CompareFlags, compared, comparisonOf } from './compare.ts';
import { checkDelivered } from './deliver.ts';
import { type DesignFlags, designOf } from './vary.ts';

export interface FrontierFlags extends Omit<CompareFlags, 'against'>, DesignFlags {
  readonly family?: string;
  readonly time: string;
  readonly cost: string;
}

export async function labFrontier(flags: FrontierFlags, line: string): Promise<number> {
  checkDelivered(flags);
  const { time, cost } = flags;
  mustBeMetric('--time', time);
  mustBeMetric('--cost', cost);
  if (time === cost) throw new UsageError(`--time and --cost: expected two metrics, got ${time} twice`);
  for (const [flag, name] of [
    ['--time', time],
    ['--cost', cost],
  ] as const)
    if (metricsOf(undefined).find((metric) => metric.name === name)?.better !== 'less')
      throw new UsageError(`${flag}: expected a metric that is better when it is less, got ${name}`);
  const comparison = await comparisonOf(
    { ...flags, against: 'best', metrics: `${time},${cost}${flags.metrics === undefined ? '' : `,${flags.metrics}`}` },
    line,
  );
  const varied = await variationsOf(flags);
  const entrants = [
    ...comparison.entrants,
    ...varied.filter(({ name }) => !comparison.entrants.some((each) => each.name === name)),
  ];
  return compared(
    { ...comparison, asks: 'frontier', entrants, axes: { time, cost } },
    { ...flags, against: 'best' },
    (document) => document.storms.map((storm) => frontierTable(document, storm)).join('\n\n'),
    frontierWords,
  );
}

async function variationsOf(flags: FrontierFlags): Promise<readonly Entrant[]> {
  const { family, vary } = flags;
  if (family === undefined) {
    if (vary.length > 0)
      throw new UsageError('--vary: expected the policy that is varied with it: --family full-jitter');
    return [];
  }
  return designOf(family, flags, await knownWith(flags.config)).candidates;
}

/** Along the frontier, then the others by time. */
function frontierTable(document: Omit<LabDocument, 'words'>, { name: storm }: LabStorm): string {
  const { frontier, storms } = document;
  if (frontier === null) return '';
  const own = frontier.points.filter((point) => point.storm === storm);
  const time = metricIn(document, frontier.time);
  const cost = metricIn(document, frontier.cost);
  const byTime = (a: number | null, b: number | null): number =>
    (a ?? Number.POSITIVE_INFINITY) < (b ?? Number.POSITIVE_INFINITY) ? -1 : 1;
  const rows = own
    .toSorted((a, b) => Number(b.onFrontier) - Number(a.onFrontier) || byTime(a.time, b.time))
    .map(({ contender, place, dominatedBy }) => {
      const cell = (metric: string): string => {
        const estimate = estimateIn(document, storm, contender, metric);
        return estimate === undefined ? NOTHING : estimated(estimate);
      };
      const ratio = estimateIn(document, storm, contender, `${frontier.time}_ratio`)?.mean?.toFixed(2) ?? NOTHING;
      return [
        contender,
        cell(frontier.time),
        ratio,
        cell(frontier.cost),
        whereOf(place ?? 'unknown', dominatedBy ?? null),
      ];
    });
  const head = [
    'policy',
    time === undefined ? '' : headOf(time),
    'x bound',
    cost === undefined ? '' : headOf(cost),
    'frontier',
  ];
  return `${storms.length > 1 ? `${pc.bold(storm)}\n` : ''}${table(head, rows)}`;
}

function whereOf(place: 'front' | 'open' | 'dominated' | 'unknown', by: string | null): string {
  switch (place) {
    case 'front':
      return pc.green('on it');
    case 'open':
      return `behind ${by}, which may be luck`;
    case 'dominated':
      return `behind ${by}`;
    case 'unknown':
      return 'somebody never came back';
  }
}

function frontierWords(document: Omit<LabDocument, 'words'>): readonly string[] {
  const { frontier, storms } = document;
  if (frontier === null) return ['Nothing was measured.'];
  return storms.map((storm) => {
    const own = frontier.points.filter((point) => point.storm === storm.name && point.onFrontier);
    const along = own.toSorted((a, b) => (a.time as number) - (b.time as number));
    const unit = metricIn(document, frontier.time)?.unit ?? 'count';
    const each = along.map(
      ({ contender, time, cost }) => `${contender} (${inWords(time, unit)} for ${inWords(cost, 'times')})`,
    );
    const where = storms.length > 1 ? `${storm.name}: ` : '';
    return own.length === 0
      ? `${where}No policy brought everybody back in every replication.`
      : `${where}From the fastest to the cheapest in ${frontier.time} for ${frontier.cost}: ${listed(each)}. Every other policy is beaten in one without winning in the other; the bound N/C is ${inWords(storm.bound, 's')} for one dial a client.`;
  });
}

/**
 * A forest plot: how each policy differs from the reference in one metric, on the same luck, with its interval. The mark
 * is filled where the difference holds after Holm's correction over all comparisons and is large enough to count, else
 * hollow.
 */
import type { LabDifference, LabMetric } from '../experiment/document.ts';
import { encoded, frame, type LabChart, linearAxis, SIZES, type Spec, specOf, textAt, WIDTH } from './chart.ts';
import { figure, inUnit, NONE, percent, tick, titleOf } from './figure.ts';
import { fitted, textWidth } from './font.ts';
import { light, SERIES_MOST, type Token } from './palette.ts';
import type { Drawn, Reading } from './reading.ts';

const ROW = 15;
const NAMES_MOST = 112;

interface Line {
  readonly who: Drawn;
  readonly difference: LabDifference;
}

/** One for each metric that tables show and of which anything is known. */
export function forestCharts(reading: Reading): readonly LabChart[] {
  const { document } = reading;
  return document.metrics
    .filter(({ shown, name }) => shown && !isScaled(name, document.metrics))
    .flatMap((metric) => {
      const own = document.differences.filter(
        (each) => each.storm === reading.storm.name && each.metric === metric.name,
      );
      const lines = own
        .flatMap((difference) => {
          const who = reading.all.find(({ id }) => id === difference.contender);
          return who === undefined ? [] : [{ who, difference }];
        })
        .slice(0, SERIES_MOST);
      return lines.some(({ difference }) => difference.mean !== null) ? [forest(reading, metric, lines)] : [];
    });
}

/** A ratio to N/C is the same picture again. */
const isScaled = (name: string, metrics: readonly LabMetric[]): boolean =>
  name.endsWith('_ratio') && metrics.some((other) => other.shown && `${other.name}_ratio` === name);

function forest(reading: Reading, metric: LabMetric, unsorted: readonly Line[]): LabChart {
  const lines = unsorted.toSorted((a, b) => (a.difference.mean ?? Infinity) - (b.difference.mean ?? Infinity));
  const reference = reading.all.find(({ id }) => id === lines[0]?.difference.reference)?.name ?? '';
  const texts = lines.map(({ difference }) => wordsOf(difference, metric));
  const right = Math.ceil(texts.reduce((most, text) => Math.max(most, textWidth(text, SIZES.small)), 0)) + 6;
  const longest = lines.reduce((most, { who }) => Math.max(most, textWidth(who.name, SIZES.small)), 0);
  const left = Math.ceil(Math.min(NAMES_MOST, longest)) + 12 + 10;
  const plot = WIDTH - left - right;
  const height = ROW * lines.length + 4;
  const [least, most] = rangeOf(lines);
  const off = lines.some(({ difference: { mean } }) => mean !== null && (mean < least || mean > most));
  const axis = linearAxis(least, most, plot < 120 ? 3 : 5);
  const yOf = (nth: number): number => ROW * (nth + 0.5) + 2;
  const title = `Difference in ${titleOf(metric.name)}`;
  const words = metric.unit === 's' ? 'difference (s)' : 'difference';
  const sides = metric.better === null ? words : metric.better === 'less' ? `${words}, ← better` : `${words}, better →`;
  const body: Spec = {
    width: plot,
    height,
    layer: [
      frame(left),
      {
        data: { values: [{ mean: 0 }] },
        mark: { type: 'rule', color: light('ink2'), strokeWidth: 1 },
        encoding: {
          x: {
            field: 'mean',
            type: 'quantitative',
            ...encoded(axis, { title: sides, grid: true }, (value) => `${value > 0 ? '+' : ''}${tick(value)}`),
          },
          y: { value: 0 },
          y2: { value: height },
        },
      },
      ...lines.flatMap((line, nth) => row(line, axis.domain, plot, yOf(nth))),
      ...lines.flatMap(({ who }, nth) => [
        textAt(-left, yOf(nth) + 3, who.series.letter, { fontWeight: 'bold' }),
        textAt(-left + 12, yOf(nth) + 3, fitted(who.name, left - 21, SIZES.small)),
        textAt(plot + right, yOf(nth) + 3, texts[nth] as string, { align: 'right' }),
      ]),
    ],
  };
  const { confidence, leastChange } = reading.document;
  return {
    name: `forest-${metric.name}`,
    title,
    says: sentence(lines, reference, metric, leastChange),
    spec: specOf({
      reading,
      title,
      notes: [
        `Each policy minus ${fitted(reference, 180, SIZES.small)}, in pairs on the same luck, with ${percent(confidence)} intervals.`,
        `Filled: holds after Holm's correction${leastChange > 0 ? ` and is more than ${percent(leastChange)}` : ''}.${off ? ' An arrow: beyond the axis.' : ''}`,
      ],
      body,
    }),
    table: {
      caption: `Paired differences to ${reference} in ${metric.name}; p values are corrected by Holm.`,
      columns: [
        'policy',
        'pairs',
        'difference',
        'interval (t)',
        'interval (bootstrap)',
        'correlation',
        'p (Holm)',
        'verdict',
      ],
      rows: lines.map(({ who, difference }) => [
        who.name,
        String(difference.pairs),
        inUnit(metric.unit, difference.mean),
        ends(difference.interval),
        ends(difference.bootstrap),
        figure(difference.correlation),
        difference.holm === null ? NONE : difference.holm < 0.0001 ? '< 0.0001' : figure(difference.holm),
        difference.verdict,
      ]),
    },
  };
}

const ends = (interval: LabDifference['interval']): string =>
  interval === null ? NONE : `${figure(interval.least)} to ${figure(interval.most)}`;

const signed = (value: number): string => `${value > 0 ? '+' : ''}${figure(value)}`;

function wordsOf({ mean, interval }: LabDifference, { name }: LabMetric): string {
  if (mean === null) return /^(recovery|from_drop)_/.test(name) ? 'never back' : 'no value';
  return interval === null ? signed(mean) : `${signed(mean)}  [${signed(interval.least)}, ${signed(interval.most)}]`;
}

/**
 * What the axis spans: zero, and everybody who is not many times further off than most. One that collapses would make a
 * dot of all others; it is an arrow at the edge, with its figures beside it like everybody's.
 */
function rangeOf(lines: readonly Line[]): readonly [number, number] {
  const reach = ({ mean, interval }: LabDifference): number =>
    Math.max(Math.abs(mean ?? 0), Math.abs(interval?.least ?? 0), Math.abs(interval?.most ?? 0));
  const sizes = lines
    .filter(({ difference }) => difference.mean !== null)
    .map(({ difference }) => reach(difference))
    .toSorted((a, b) => a - b);
  const typical = sizes[Math.floor((sizes.length - 1) / 2)] ?? 1;
  const most = sizes.filter((size) => size <= Math.max(8 * typical, 1e-12)).at(-1) ?? 1;
  const inside = lines.map(({ difference }) => difference).filter((each) => each.mean !== null && reach(each) <= most);
  const low = Math.min(0, ...inside.map(({ mean, interval }) => interval?.least ?? mean ?? 0));
  const high = Math.max(0, ...inside.map(({ mean, interval }) => interval?.most ?? mean ?? 0));
  const room = (high - low || 1) * 0.1;
  return [low - room, high + room];
}

function tokenOf({ verdict }: LabDifference): Token {
  return verdict === 'better' ? 'ack' : verdict === 'worse' ? 'lost' : 'ink2';
}

function row({ difference }: Line, [least, most]: readonly [number, number], plot: number, y: number): readonly Spec[] {
  const { mean, interval, verdict } = difference;
  const color = light(tokenOf(difference));
  if (mean === null) return [];
  const off = mean < least ? -1 : mean > most ? 1 : 0;
  const mark = (look: Spec, x: Spec): Spec => ({
    data: { values: [{ mean }] },
    mark: { type: 'point', opacity: 1, ...look },
    encoding: { x, y: { value: y } },
  });
  if (off !== 0)
    return [
      mark(
        { shape: off < 0 ? 'triangle-left' : 'triangle-right', filled: true, size: 40, color },
        { value: off < 0 ? 3 : plot - 3 },
      ),
    ];
  const whisker: readonly Spec[] =
    interval === null
      ? []
      : [
          {
            data: { values: [{ least: Math.max(interval.least, least), most: Math.min(interval.most, most) }] },
            mark: { type: 'rule', color, strokeWidth: 1.4 },
            encoding: { x: { field: 'least', type: 'quantitative' }, x2: { field: 'most' }, y: { value: y } },
          },
        ];
  const holds = verdict === 'better' || verdict === 'worse';
  const look = holds
    ? { filled: true, size: 34, color }
    : { filled: true, fill: light('paper'), stroke: color, strokeWidth: 1.2, size: 30 };
  return [...whisker, mark({ shape: 'square', ...look }, { field: 'mean', type: 'quantitative' })];
}

function sentence(lines: readonly Line[], reference: string, { name }: LabMetric, leastChange: number): string {
  const of = (verdict: LabDifference['verdict']): string =>
    lines
      .filter(({ difference }) => difference.verdict === verdict)
      .map(({ who }) => who.name)
      .join(', ');
  const unknown = lines
    .filter(({ difference }) => difference.mean === null)
    .map(({ who }) => who.name)
    .join(', ');
  const parts = [
    [of('better'), 'better'],
    [of('worse'), 'worse'],
    [of('no difference seen'), 'with no difference seen'],
    [of('too small to count'), `with a difference of at most ${percent(leastChange)}`],
    [unknown, 'without a value to compare'],
  ].filter(([who]) => who !== '');
  return `In ${titleOf(name)}, against ${reference}: ${parts.map(([who, what]) => `${what}: ${who}`).join('; ') || 'no judgement'}.`;
}

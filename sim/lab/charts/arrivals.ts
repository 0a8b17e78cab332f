/**
 * Arrivals: dials a second that reach the servers, a lane for each policy, with the line of what the servers admit.
 *
 * The axis is logarithmic, because a herd arrives at hundreds of times of what there is room for. A column of pixels
 * stands for several bins: its strong part is their mean, its pale part the fullest of them, so a comb of spikes with
 * nothing between them is not taken for a wall. What exceeds capacity has another colour, what meets no server none.
 */
import type { LabTrace } from '../experiment/document.ts';
import { encoded, type LabChart, logAxis, type Spec, specOf, textAt } from './chart.ts';
import { chosen, figure, grouped, percent, seconds } from './figure.ts';
import { LANE_WIDTH, laneHeight, type Span, spanOf, stacked } from './lanes.ts';
import { light } from './palette.ts';
import { backAfter, type Drawn, neverBack, type Reading, tracedValue } from './reading.ts';

interface Column {
  readonly policy: string;
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  /** Dials a second. */
  readonly mean: number;
  readonly peak: number;
  readonly when: 'down' | 'up';
}

export function arrivalsChart(reading: Reading): LabChart | null {
  const drawn = reading.shown.filter(({ id }) => (reading.trace(id)?.bins.arrivals.length ?? 0) > 0);
  if (drawn.length === 0) return null;
  const span = spanOf(reading);
  const { capacity } = reading.storm.storm;
  const columns = drawn.flatMap((who) => columnsOf(who, reading, span));
  const most = columns.reduce((max, { peak }) => Math.max(max, peak), capacity * 2);
  const axis = logAxis(capacity / 50, most * 1.15, 3);
  const height = laneHeight(drawn.length, [62, 46, 32]);
  const lanes = drawn.map((who, nth) => ({
    who,
    says: saying(reading, who, span),
    height,
    layer: [
      ...areas(who.name, axis.domain, capacity, height, axis),
      ...capacityLine(reading, span, axis, nth === 0, height),
    ],
  }));
  const title = 'Dials a second that reach the servers';
  return {
    name: 'arrivals',
    title,
    says: sentence(reading, drawn),
    spec: specOf({
      reading,
      title,
      notes: [`One replication of each policy, log scale. ${paleWords(drawn, reading)}`],
      body: stacked(reading, span, { lanes, swatches: SWATCHES, datasets: { arrivals: columns } }),
    }),
    table: tableOf(reading, drawn),
  };
}

/** What the pale part is: bins are wider where a policy took long. */
function paleWords(drawn: readonly Drawn[], { trace, storm }: Reading): string {
  const window = storm.storm.window / 1e6;
  const widths = drawn.map(({ id, series }) => {
    const { width } = (trace(id) as LabTrace).bins;
    return { width: Number((Math.max(1, Math.round(window / width)) * width).toPrecision(6)), letter: series.letter };
  });
  const usual = widths.map(({ width }) => width).toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0;
  const others = [...new Set(widths.filter(({ width }) => width !== usual).map(({ width }) => width))];
  const but = others.map((width) => {
    const letters = widths.filter((each) => each.width === width).map(({ letter }) => letter);
    return `${chosen(width)} in ${letters.join(', ')}`;
  });
  return `Pale: the fullest ${chosen(usual)} of a pixel${but.length === 0 ? '' : ` (${but.join('; ')})`}.`;
}

const SWATCHES = [
  { token: 'ink3', words: 'servers down' },
  { token: 'data', words: 'within capacity' },
  { token: 'lost', words: 'beyond capacity' },
] as const;

/** Bins joined to columns of about a pixel. */
function columnsOf({ id, name }: Drawn, { storm, trace }: Reading, span: Span): readonly Column[] {
  const bins = grained((trace(id) as LabTrace).bins, storm.storm.window / 1e6);
  const per = Math.max(1, Math.round(span.until / bins.width / LANE_WIDTH));
  const columns: Column[] = [];
  for (let first = 0; first < bins.arrivals.length; first += per) {
    const own = bins.arrivals.slice(first, first + per);
    const from = Math.max(0, bins.from + first * bins.width);
    if (from >= span.until) break;
    const sum = own.reduce((total, each) => total + each, 0);
    if (sum === 0) continue;
    const to = Math.min(bins.from + (first + own.length) * bins.width, span.until);
    columns.push({
      policy: name,
      from,
      to,
      mean: sum / (own.length * bins.width),
      peak: own.reduce((a, b) => Math.max(a, b)) / bins.width,
      when: isDown(storm.storm.outages, from) ? 'down' : 'up',
    });
  }
  return columns;
}

/** Bins that are no narrower than the windows in which servers count: what happens within one of them is noise. */
function grained(bins: LabTrace['bins'], window: number): Pick<LabTrace['bins'], 'from' | 'width' | 'arrivals'> {
  const each = Math.max(1, Math.round(window / bins.width));
  const arrivals: number[] = [];
  for (let first = 0; first < bins.arrivals.length; first += each)
    arrivals.push(bins.arrivals.slice(first, first + each).reduce((sum, count) => sum + count, 0));
  return { from: bins.from, width: each * bins.width, arrivals };
}

const isDown = (outages: Reading['storm']['storm']['outages'], at: number): boolean =>
  outages.some((each) => each.remains.num === 0 && at >= each.at / 1e6 && at < (each.at + each.lasts) / 1e6 - 1e-9);

/** Pale for the fullest bin, strong for the mean; below and above capacity. */
function areas(
  policy: string,
  [least]: readonly [number, number],
  capacity: number,
  height: number,
  axis: ReturnType<typeof logAxis>,
): readonly Spec[] {
  const y = encoded(axis, {
    title: null,
    grid: false,
    domain: false,
    offset: 2,
    tickCount: 3,
    ...(height < 40 ? { labelFontSize: 8 } : {}),
  });
  const piece = (opacity: number, part: Spec[], from: string, to: string, color: string): Spec => ({
    data: { name: 'arrivals' },
    transform: [{ filter: { field: 'policy', equal: policy } }, ...part],
    mark: { type: 'rect', color, opacity },
    encoding: {
      x: { field: 'from', type: 'quantitative' },
      x2: { field: 'to' },
      y: { field: to, type: 'quantitative', ...y },
      y2: { field: from },
    },
  });
  const pieces = (field: 'mean' | 'peak', opacity: number): readonly Spec[] => {
    const filled = (name: string, expression: string): Spec => ({ calculate: expression, as: name });
    const floor = filled('floor', String(least));
    return [
      piece(opacity, [{ filter: { field: 'when', equal: 'down' } }, floor], 'floor', field, light('ink3')),
      piece(
        opacity,
        [{ filter: { field: 'when', equal: 'up' } }, floor, filled('top', `min(datum.${field}, ${capacity})`)],
        'floor',
        'top',
        light('data'),
      ),
      piece(
        opacity,
        [
          {
            filter: {
              and: [
                { field: 'when', equal: 'up' },
                { field, gt: capacity },
              ],
            },
          },
          filled('room', String(capacity)),
        ],
        'room',
        field,
        light('lost'),
      ),
    ];
  };
  return [...pieces('peak', 0.3), ...pieces('mean', 1)];
}

function capacityLine(
  { storm }: Reading,
  span: Span,
  axis: ReturnType<typeof logAxis>,
  named: boolean,
  height: number,
): readonly Spec[] {
  const { capacity } = storm.storm;
  const from = storm.storm.outages.length === 1 ? storm.recovery : 0;
  const y = height * (1 - axis.at(capacity));
  const line: Spec = {
    data: { values: [{ from, to: span.until, capacity }] },
    mark: { type: 'rule', color: light('ink'), strokeWidth: 1, strokeDash: [3, 2] },
    encoding: {
      x: { field: 'from', type: 'quantitative' },
      x2: { field: 'to' },
      y: { field: 'capacity', type: 'quantitative' },
    },
  };
  const words = textAt(LANE_WIDTH, y - 3, `capacity ${grouped(capacity)}/s`, { align: 'right' });
  return named ? [line, words] : [line];
}

/** What a lane cannot show: how high the fullest 100 ms are, and when everybody was back. */
function saying(reading: Reading, { id }: Drawn, span: Span): string {
  const own = reading.trace(id) as LabTrace;
  const never = neverBack(own);
  const last = own.waiting.seconds.at(-1) ?? 0;
  const beyond = reading.storm.recovery + last > span.until ? ' →' : '';
  const back = never > 0 ? neverWords(never) : `all back after ${seconds(last)}${beyond}`;
  return `${peakWords(peakOf(reading, own))}, ${back}`;
}

const peakWords = (peak: number): string => (peak === 0 ? 'no dial after recovery' : `peak ${figure(peak)}×`);

export const neverWords = (share: number): string =>
  share >= 1 ? 'nobody is ever back' : `${percent(share)} never back`;

/** Most dials in 100 ms since recovery over what is admitted in that time, of the traced replication; of a bin where the metric is not known. */
function peakOf({ document, storm }: Reading, trace: LabTrace): number {
  const known = tracedValue(document, trace, 'peak_arrivals_100ms');
  if (known !== null) return known;
  const { bins } = trace;
  const first = Math.round((storm.recovery - bins.from) / bins.width);
  const most = bins.arrivals.slice(first).reduce((max, each) => Math.max(max, each), 0);
  return most / (storm.storm.capacity * bins.width);
}

function sentence(reading: Reading, drawn: readonly Drawn[]): string {
  const peaks = drawn.map((who) => ({ who, peak: peakOf(reading, reading.trace(who.id) as LabTrace) }));
  const sorted = peaks.toSorted((a, b) => a.peak - b.peak);
  const [calmest, fiercest] = [sorted[0], sorted.at(-1)];
  if (calmest === undefined || fiercest === undefined) return '';
  const one = `Once the servers are back, ${fiercest.who.name} brings at most ${figure(fiercest.peak)} times what they admit`;
  return sorted.length === 1 ? `${one}.` : `${one}, ${calmest.who.name} ${figure(calmest.peak)} times.`;
}

/** A line each, in words: bins are in `traces/arrivals.parquet`. */
function tableOf(reading: Reading, drawn: readonly Drawn[]): LabChart['table'] {
  return {
    caption: 'Arrivals of one replication of each policy; every bin is in traces/arrivals.parquet.',
    columns: [
      'policy',
      'dials during outages',
      'dials after',
      'peak after, over capacity',
      '50 % back',
      '99 % back',
      'all back',
    ],
    rows: drawn.map((who) => {
      const own = reading.trace(who.id) as LabTrace;
      const first = Math.round((reading.storm.recovery - own.bins.from) / own.bins.width);
      const sum = (bins: readonly number[]): string => grouped(bins.reduce((total, each) => total + each, 0));
      const back = (part: number): string => {
        const after = backAfter(own, part);
        return after === null ? 'never' : seconds(after);
      };
      return [
        who.name,
        sum(own.bins.arrivals.slice(0, first)),
        `${sum(own.bins.arrivals.slice(first))}${own.bins.cut === null ? '' : ' and more'}`,
        `${figure(peakOf(reading, own))}×`,
        back(0.5),
        back(0.99),
        back(1),
      ];
    }),
  };
}

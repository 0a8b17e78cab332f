/**
 * What a picture of the lab is: a Vega-Lite specification that holds its own data, the sentence that it says, and the
 * same as a table for whoever does not see it.
 *
 * All are made for one column of a paper: 340 pixels are 90 mm, and its smallest text is 9 pixels, 6.75 pt.
 */
import type { LabStorm } from '../experiment/document.ts';
import { chosen, grouped, tick } from './figure.ts';
import { FAMILY, fitted, textWidth } from './font.ts';
import { light, type Token } from './palette.ts';
import type { Reading } from './reading.ts';

/** Part of a specification; the published schema judges the whole of it in a test. */
export type Spec = Readonly<Record<string, unknown>>;

export interface ChartTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface LabChart {
  /** Stem of its files: `recovery`, `forest-attempts_after`. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen, in a sentence or two: a caption, and what a screen reader says. */
  readonly says: string;
  readonly spec: Spec;
  readonly table: ChartTable;
}

/** Of a whole picture, in pixels, and of what stands within its margins. */
export const FULL_WIDTH = 340;
const MARGIN = 4;
export const WIDTH = FULL_WIDTH - 2 * MARGIN;
export const SIZES = { title: 11, label: 10, small: 9 } as const;

const CONFIG: Spec = {
  background: light('paper'),
  font: FAMILY,
  // One description for the picture: a mark each would drown whoever listens.
  aria: false,
  view: { stroke: null },
  axis: {
    domainColor: light('line'),
    tickColor: light('line'),
    tickSize: 3,
    gridColor: light('grid'),
    labelColor: light('ink2'),
    labelFontSize: SIZES.small,
    labelPadding: 2,
    titleColor: light('ink2'),
    titleFontSize: SIZES.small,
    titleFontWeight: 'normal',
    titlePadding: 4,
  },
  text: { color: light('ink'), fontSize: SIZES.small, fontWeight: 'normal' },
  title: {
    anchor: 'start',
    frame: 'bounds',
    color: light('ink'),
    fontSize: SIZES.title,
    fontWeight: 'bold',
    offset: 6,
    subtitleColor: light('ink2'),
    subtitleFontSize: SIZES.small,
    subtitlePadding: 3,
  },
};

interface Figure {
  readonly reading: Reading;
  readonly title: string;
  /** Behind the storm, below the title: what the reader must know of axes and marks. */
  readonly notes?: readonly string[];
  readonly body: Spec;
}

/** The whole specification: everything is in it, so that it opens in any editor. */
export function specOf({ reading, title, notes = [], body }: Figure): Spec {
  const lines = [stormWords(reading.storm), ...notes].flatMap((line) => wrapped(line, WIDTH, SIZES.small));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: title,
    config: CONFIG,
    padding: MARGIN,
    title: { text: wrapped(title, WIDTH, SIZES.title, 'bold'), subtitle: lines },
    ...body,
  };
}

/** `10,000 clients, 500 admissions a second, outage of 60 s`. */
export function stormWords({ storm, name }: LabStorm): string {
  const [first, ...more] = storm.outages;
  const lasts = first === undefined ? '' : `, outage of ${chosen(first.lasts / 1e6)}`;
  const again = more.length === 0 ? '' : ` and ${more.length} more`;
  const named = /^storm( \d+)?$/.test(name) ? '' : `${name}: `;
  return `${named}${grouped(storm.clients)} clients, ${grouped(storm.capacity)} admissions/s${lasts}${again}`;
}

/** Text in lines that are not wider. */
export function wrapped(
  text: string,
  width: number,
  size: number,
  weight: 'regular' | 'bold' = 'regular',
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || textWidth(longer, size, weight) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((each) => fitted(each, width, size, weight));
}

/**
 * Invisible marks that make a view as wide as the column, with so much of it left of the plot: without them a picture is
 * as wide as its widest label.
 */
export const frame = (left: number): Spec => ({
  data: { values: [{}] },
  mark: { type: 'rule', opacity: 0, clip: false },
  encoding: { x: { value: -left }, x2: { value: WIDTH - left }, y: { value: 0 } },
});

/** Text at a place in pixels of its view. */
export const textAt = (x: number, y: number, text: string | readonly string[], more: Spec = {}): Spec => ({
  data: { values: [{}] },
  mark: { type: 'text', align: 'left', baseline: 'alphabetic', text, lineHeight: 11, ...more },
  encoding: { x: { value: x }, y: { value: y } },
});

export interface Swatch {
  readonly token: Token;
  readonly words: string;
  /** How it looks in the picture; a bar by default. */
  readonly mark?: 'bar' | 'dot' | 'ring' | 'tick';
}

/** What colours mean, in a line above the plots: each word beside what it names. */
export function legendRow(left: number, swatches: readonly Swatch[]): Spec {
  let x = -left;
  const layer: Spec[] = [frame(left)];
  for (const { token, words, mark = 'bar' } of swatches) {
    layer.push({
      data: { values: [{}] },
      mark: {
        type: 'point',
        shape: mark === 'tick' ? 'stroke' : mark === 'bar' ? 'square' : 'circle',
        ...(mark === 'tick' ? { angle: 90, strokeWidth: 1.2 } : {}),
        filled: mark !== 'ring' && mark !== 'tick',
        size: mark === 'bar' ? 50 : mark === 'tick' ? 36 : 18,
        color: light(token),
        opacity: 1,
      },
      encoding: { x: { value: x + 4 }, y: { value: 5 } },
    });
    layer.push(textAt(x + 11, 8, words, { color: light('ink2') }));
    x += 11 + textWidth(words, SIZES.small) + 12;
  }
  return { width: WIDTH - left, height: 8, layer };
}

/** A scale whose domain is just that one: places in pixels are computed by whoever lays labels out. */
export interface Axis {
  readonly type: 'linear' | 'log' | 'symlog';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  /** From 0 (least) to 1 (most), cut off at the ends. */
  at(value: number): number;
}

/** Powers of ten, with 2 and 5 between them where there is room for them. */
export function logAxis(least: number, most: number, ticksMost = 6): Axis {
  const [low, high] = [Math.log10(least), Math.log10(most)];
  const decades = Math.max(high - low, 1e-9);
  const steps = decades * 3 <= ticksMost ? [1, 2, 5] : decades * 2 <= ticksMost ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / ticksMost));
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++)
    if (power % every === 0 || steps.length > 1)
      for (const step of steps) {
        const value = Number(`${step}e${power}`);
        if (value >= least * (1 - 1e-9) && value <= most * (1 + 1e-9)) ticks.push(value);
      }
  const at = (value: number): number => clamp((Math.log10(Math.max(value, least)) - low) / decades);
  return { type: 'log', domain: [least, most], ticks, at };
}

export function linearAxis(least: number, most: number, ticksMost = 6): Axis {
  const span = Math.max(most - least, 1e-12);
  // So many at most; but one alone gives no scale.
  const rough = niceStep(span / ticksMost);
  const step = span / rough < 2 ? niceStep(span / 2.5 / 2) : rough;
  const ticks: number[] = [];
  for (let nth = Math.ceil(least / step - 1e-9); nth * step <= most * (1 + 1e-9) + 1e-12; nth++)
    ticks.push(Number((nth * step).toPrecision(12)));
  return { type: 'linear', domain: [least, most], ticks, at: (value) => clamp((value - least) / span) };
}

/** 1, 2 or 5 times a power of ten, not below. */
export function niceStep(rough: number): number {
  const power = Number(`1e${Math.floor(Math.log10(rough))}`);
  const over = rough / power;
  return (over <= 1.0001 ? 1 : over <= 2.0001 ? 2 : over <= 5.0001 ? 5 : 10) * power;
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));

/** The scale and axis of an encoding. Labels are spelled out: they are the same whatever formats numbers. */
export function encoded({ type, domain, ticks }: Axis, more: Spec, words: (value: number) => string = tick): Spec {
  return {
    scale: { type, domain, nice: false, clamp: true, ...(type === 'log' ? {} : { zero: false }) },
    axis: { values: ticks, labelExpr: labelled(ticks, words), labelOverlap: true, labelFlush: false, ...more },
  };
}

/** An expression that names each tick. Only words of ours stand in it, never a name of somebody's. */
function labelled(ticks: readonly number[], words: (value: number) => string): string {
  const pairs = ticks.map(
    (value) =>
      `abs(datum.value - ${value}) < ${Math.max(Math.abs(value) * 1e-9, 1e-12)} ? ${JSON.stringify(words(value))} : `,
  );
  return `${pairs.join('')}''`;
}

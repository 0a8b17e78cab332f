/**
 * Cells as heat maps: how slow recovery is under each condition, at each moment, for each size, over each network, and
 * where a law is broken. Every square holds its figure; colour only helps to find it.
 */
import type { Cell, Dimension } from '../cells.ts';
import { DIMENSIONS } from '../cells.ts';
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import type { SliceDocument } from '../explore/slices.ts';
import { anchor, linkTo } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { ASKED_P95_MS } from './recovery.ts';
import { doublingScale } from './scale.ts';
import { brief, counted, duration, NOTHING } from './words.ts';

/** A group of columns: one dimension with its values. */
interface Group {
  readonly dimension: Dimension;
  readonly values: readonly string[];
}

/** The overview: a row a scenario, a column a value of a dimension. */
export function cellsSection({ scenarios }: ExploreDocument): Markup | null {
  const open = scenarios.filter(({ slices }) => slices.length > 0);
  if (open.length === 0) return null;
  const groups = groupsOf(open.flatMap(({ slices }) => slices));
  return markup`<section id="cells"><h2>Cells</h2>
<p class="say">What 95 % of recoveries do not exceed, by the dimensions that a scenario opens. The stronger the colour, the slower, each doubling one step. <span class="warn">▲ amber</span>: above ${duration(ASKED_P95_MS)}. <span class="bad">✕</span>: runs that broke a law. ${NOTHING}: no connection was lost there; empty: the scenario does not open it. Details of a scenario cross its dimensions.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="cells-caption"><table class="heat">
<caption id="cells-caption" class="sr">95th percentile of recovery time by scenario and by condition, moment, size and network</caption>
${head('Scenario', groups)}
<tbody>${open.map(
    ({ name, slices }) =>
      markup`<tr><th scope="row">${linkTo(name)}</th>${squares(groups, (dimension, value) => sliceOf(slices, { [dimension]: value }))}</tr>`,
  )}</tbody></table></div></section>`;
}

/** One scenario: its first dimension down, the others across. */
export function cellTable({ name, slices }: ScenarioDocument): Markup | null {
  const [down, ...across] = groupsOf(slices);
  if (down === undefined || across.length === 0) return null;
  const id = `${anchor(name)}-cells`;
  return markup`<h3 id="${id}">Recovery p95 by ${down.dimension} and ${across.map(({ dimension }) => dimension).join(', ')}</h3>
<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><table class="heat">
<caption class="sr">95th percentile of recovery time in ${name}, ${down.dimension} by ${across.map(({ dimension }) => dimension).join(', ')}</caption>
${head(down.dimension, across)}
<tbody>${down.values.map(
    (value) =>
      markup`<tr><th scope="row">${value}</th>${squares(across, (dimension, other) =>
        sliceOf(slices, { [down.dimension]: value, [dimension]: other }),
      )}</tr>`,
  )}</tbody></table></div>`;
}

/** The slice of exactly these values. */
const sliceOf = (slices: readonly SliceDocument[], wanted: Cell): SliceDocument | undefined =>
  slices.find(({ cell }) => DIMENSIONS.every((dimension) => cell[dimension] === wanted[dimension]));

/** The dimensions that slices have, each with its values in order of appearance. */
function groupsOf(slices: readonly SliceDocument[]): readonly Group[] {
  return DIMENSIONS.map((dimension) => ({
    dimension,
    values: [...new Set(slices.flatMap(({ cell }) => cell[dimension] ?? []))].sort(inOrder),
  })).filter(({ values }) => values.length > 0);
}

/** Values whose order a reader expects; others follow by name. */
const ORDER: readonly string[] = [
  ...['clean', 'degradation', 'intermittent', 'outage', 'asymmetric', 'brief', 'medium', 'extended'],
  ...['immediate', 'early', 'middle', 'late', 'final', '10%', '25%', '50%', '75%', '90%', '95%+'],
  ...['1-10KB', '10-100KB', '100KB-1MB', '1-10MB', '10-20', '100', '1000'],
  ...['cable', 'wifi', 'dsl', 'lte', '4g', 'slow-4g', '3g', '3g-lossy'],
];
const inOrder = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1);
const rank = (value: string): number => (ORDER.includes(value) ? ORDER.indexOf(value) : ORDER.length);

const head = (corner: string, groups: readonly Group[]): Markup =>
  markup`<thead><tr><th scope="col" rowspan="2">${corner}</th>${groups.map(({ dimension, values }) => markup`<th scope="colgroup" class="group" colspan="${values.length}">${dimension}</th>`)}</tr><tr>${groups.map(({ values }) => values.map((value, i) => markup`<th scope="col" class="${i === 0 ? 'gap' : ''}">${value}</th>`))}</tr></thead>`;

const squares = (
  groups: readonly Group[],
  of: (dimension: Dimension, value: string) => SliceDocument | undefined,
): Markup[] =>
  groups.flatMap(({ dimension, values }) => values.map((value, i) => square(of(dimension, value), i === 0)));

/** Slower than this is as dark as it gets. */
const HEAT = doublingScale(50, 60_000, []);

function square(slice: SliceDocument | undefined, first: boolean): Markup {
  const gap = first ? 'gap' : '';
  if (slice === undefined) return markup`<td class="${gap}"></td>`;
  const { runs } = slice;
  const broken = slice.broken_runs + slice.budget_runs;
  const { p95, samples } = slice.recovery_ms;
  const about = `${counted(runs, 'run')}, ${counted(samples, 'recovery', 'recoveries')}${broken > 0 ? `, ${counted(broken, 'run')} broke a law` : ''}`;
  const shown =
    broken > 0 ? `✕ ${broken}` : p95 === null ? NOTHING : p95 > ASKED_P95_MS ? `▲ ${brief(p95)}` : brief(p95);
  if (broken === 0 && p95 === null) return markup`<td class="dim ${gap}" title="${about}">${shown}</td>`;
  const style = broken > 0 ? 'bad' : p95 !== null && p95 > ASKED_P95_MS ? 'over' : '';
  // At most 45 % of the colour, so that the figure in it keeps its contrast.
  const heat = Math.round(4 + 41 * HEAT.at(p95 ?? 0));
  return markup`<td class="h ${style} ${gap}" style="--w:${heat}" title="${about}">${shown}</td>`;
}

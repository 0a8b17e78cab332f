/**
 * Cells as heat maps: how much of what a scenario is told by there is under each condition, at each moment, over each network,
 * and where a law is broken. Every square holds its figure; colour only helps to find it.
 */
import { type Cell, dimensionsOf } from '../core/cells.ts';
import { badRunsOf, type ExploreDocument, type ScenarioDocument } from '../explore/document.ts';
import type { HeadlineDocument } from '../explore/metrics.ts';
import type { SliceDocument } from '../explore/slices.ts';
import { anchor, linkTo } from './anchor.ts';
import { askedOf, titleOf } from './headline.ts';
import { type Markup, markup } from './markup.ts';
import { doublingScale } from './scale.ts';
import { counted, inUnit, NOTHING } from './words.ts';

/** What squares show: what their scenario is told by. */
interface Shown extends Pick<HeadlineDocument, 'name' | 'unit'> {
  /** What the scenario promises of it. */
  readonly asked: number | null;
}
const shownOf = (scenario: ScenarioDocument): Shown => ({
  ...(scenario.headline ?? { name: '', unit: 'count' }),
  asked: askedOf(scenario),
});

/** A group of columns: one dimension with its values. */
interface Group {
  readonly dimension: string;
  readonly values: readonly string[];
}

/** The overview: a row a scenario, a column a value of a dimension. */
export function cellsSection({ scenarios }: ExploreDocument): Markup | null {
  const open = scenarios.filter(({ slices }) => slices.length > 0);
  if (open.length === 0) return null;
  const names = [...new Set(open.flatMap(({ headline }) => headline?.name ?? []))];
  const all = groupsOf(open);
  const groups = sharedOf(all, open);
  const rare =
    groups.reduce((sum, { values }) => sum + values.length, 0) <
    all.reduce((sum, { values }) => sum + values.length, 0);
  return markup`<section id="cells"><h2>Cells</h2>
<p class="say">What 95 % of samples do not exceed, by the dimensions that a scenario opens: ${names.join(', ') || 'of nothing'}. The stronger the colour, the more, each doubling one step.${open.some((each) => askedOf(each) !== null) ? markup` <span class="warn">▲ amber</span>: above the scenario’s target.` : null} <span class="bad">✕</span>: runs that broke a law. ${NOTHING}: there was nothing to measure; empty: the scenario does not open it. ${rare ? 'Values that only one or two scenarios open stand in the last column. ' : ''}Details of a scenario cross its dimensions.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="cells-caption"><table class="heat">
<caption id="cells-caption" class="sr">95th percentiles by scenario and by the values of dimensions</caption>
${head('Scenario', groups, rare ? ['other values'] : [])}
<tbody>${open.map(
    (scenario) =>
      markup`<tr><th scope="row">${linkTo(scenario.name)}</th>${squares(shownOf(scenario), groups, (dimension, value) => sliceOf(scenario.slices, { [dimension]: value }))}${rare ? ownOf(scenario, groups) : null}</tr>`,
  )}</tbody></table></div></section>`;
}

/** Values that at least three scenarios open: one column each. A column for every other value would be all but empty. */
function sharedOf(groups: readonly Group[], scenarios: readonly ScenarioDocument[]): readonly Group[] {
  if (scenarios.length < 6) return groups;
  const opened = (dimension: string, value: string): number =>
    scenarios.filter(({ slices }) => sliceOf(slices, { [dimension]: value }) !== undefined).length;
  return groups
    .map(({ dimension, values }) => ({ dimension, values: values.filter((value) => opened(dimension, value) > 2) }))
    .filter(({ values }) => values.length > 0);
}

/** What a scenario opens and hardly another does, each value with its figure. */
function ownOf(scenario: ScenarioDocument, shared: readonly Group[]): Markup {
  const { slices } = scenario;
  const own = groupsOf([scenario]).flatMap(({ dimension, values }) =>
    values
      .filter((value) => !shared.some((group) => group.dimension === dimension && group.values.includes(value)))
      .map((value) => ({ value, slice: sliceOf(slices, { [dimension]: value }) })),
  );
  return markup`<td class="own gap">${own.map(({ value, slice }) => {
    if (slice === undefined) return null;
    const { style, heat, about, shown } = look(slice, shownOf(scenario));
    return markup`<span class="chip ${style}" style="--w:${heat}" title="${about}">${value} <b>${shown}</b></span> `;
  })}</td>`;
}

/** One scenario: its first dimension down, the others across. */
export function cellTable(scenario: ScenarioDocument): Markup | null {
  const { name, slices } = scenario;
  const shown = shownOf(scenario);
  const [down, ...across] = groupsOf([scenario]);
  if (down === undefined || across.length === 0) return null;
  const id = `${anchor(name)}-cells`;
  return markup`<h3 id="${id}">${titleOf(shown.name)} p95 by ${down.dimension} and ${across.map(({ dimension }) => dimension).join(', ')}</h3>
<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><table class="heat">
<caption class="sr">95th percentile of ${shown.name} in ${name}, ${down.dimension} by ${across.map(({ dimension }) => dimension).join(', ')}</caption>
${head(down.dimension, across)}
<tbody>${down.values.map(
    (value) =>
      markup`<tr><th scope="row">${value}</th>${squares(shown, across, (dimension, other) =>
        sliceOf(slices, { [down.dimension]: value, [dimension]: other }),
      )}</tr>`,
  )}</tbody></table></div>`;
}

/** The slice of exactly these values. */
const sliceOf = (slices: readonly SliceDocument[], wanted: Cell): SliceDocument | undefined =>
  slices.find(
    ({ cell }) =>
      Object.keys(cell).length === Object.keys(wanted).length &&
      Object.entries(wanted).every(([dimension, value]) => cell[dimension] === value),
  );

/** The dimensions that scenarios open, each with its values in order of appearance. */
function groupsOf(scenarios: readonly ScenarioDocument[]): readonly Group[] {
  const slices = scenarios.flatMap((scenario) => scenario.slices);
  const dimensions = dimensionsOf(Object.assign({}, ...scenarios.map(({ cells: [first] }) => first?.cell)));
  return dimensions
    .map((dimension) => ({
      dimension,
      values: [...new Set(slices.flatMap(({ cell }) => cell[dimension] ?? []))].sort(inOrder),
    }))
    .filter(({ values }) => values.length > 0);
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

const head = (corner: string, groups: readonly Group[], last: readonly string[] = []): Markup =>
  markup`<thead><tr><th scope="col" rowspan="2">${corner}</th>${groups.map(({ dimension, values }) => markup`<th scope="colgroup" class="group" colspan="${values.length}">${dimension}</th>`)}${last.map((name) => markup`<th scope="col" rowspan="2" class="group">${name}</th>`)}</tr><tr>${groups.map(({ values }) => values.map((value, i) => markup`<th scope="col" class="${i === 0 ? 'gap' : ''}">${value}</th>`))}</tr></thead>`;

const squares = (
  shown: Shown,
  groups: readonly Group[],
  of: (dimension: string, value: string) => SliceDocument | undefined,
): Markup[] =>
  groups.flatMap(({ dimension, values }) => values.map((value, i) => square(of(dimension, value), shown, i === 0)));

/** Slower than this is as dark as it gets. */
const HEAT = doublingScale(50, 60_000, []);

interface Look {
  /** Class of its mark: `bad`, `over`, `dim` or none. */
  readonly style: string;
  /** Percent of the colour. At most 45, so that the figure in it keeps its contrast. */
  readonly heat: number;
  readonly about: string;
  readonly shown: string;
}

function look(slice: SliceDocument, figure: Shown): Look {
  const { runs } = slice;
  const broken = badRunsOf(slice);
  const { p95 = null, samples = 0 } = slice.figures[figure.name] ?? {};
  const about = `${counted(runs, 'run')}, ${counted(samples, 'sample')}${broken > 0 ? `, ${counted(broken, 'run')} broke a law` : ''}`;
  const heat = Math.round(4 + 41 * HEAT.at(p95 ?? 0));
  if (broken > 0) return { style: 'bad', heat, about, shown: `✕ ${broken}` };
  if (p95 === null) return { style: 'dim', heat: 0, about, shown: NOTHING };
  const over = figure.asked !== null && p95 > figure.asked;
  const text = inUnit(figure, p95);
  return { style: over ? 'over' : '', heat, about, shown: over ? `▲ ${text}` : text };
}

function square(slice: SliceDocument | undefined, figure: Shown, first: boolean): Markup {
  const gap = first ? 'gap' : '';
  if (slice === undefined) return markup`<td class="${gap}"></td>`;
  const { style, heat, about, shown } = look(slice, figure);
  if (style === 'dim') return markup`<td class="dim ${gap}" title="${about}">${shown}</td>`;
  return markup`<td class="h ${style} ${gap}" style="--w:${heat}" title="${about}">${shown}</td>`;
}

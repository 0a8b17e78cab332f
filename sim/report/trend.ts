/** The trend: p95 of what each scenario is told by (sessions: recovery) over the sweeps of a trend file. */
import { argumentsText } from '../explore/command-line.ts';
import { badRunsOf, type ExploreDocument, type ScenarioDocument } from '../explore/document.ts';
import { linkTo } from './anchor.ts';
import { titleOf, toldBy } from './headline.ts';
import { type Markup, markup } from './markup.ts';
import type { Trend, TrendEntry, TrendFigures } from './trend-file.ts';
import { counted, inUnit } from './words.ts';

/** Sweeps that are drawn, the newest ones. */
const DRAWN = 60;

interface Point {
  readonly at: string;
  readonly p95: number | null;
  readonly bad: boolean;
}

export function trendSection(document: ExploreDocument, trend: Trend | null): Markup | null {
  if (trend === null) return null;
  const alike = trend.entries.filter((entry) => comparable(entry, document));
  const drawn = alike.slice(-DRAWN);
  const others = trend.entries.length - alike.length;
  const left = [
    others > 0 ? `${counted(others, 'sweep')} with other arguments or another number of seeds left out` : null,
    alike.length > drawn.length ? `only the last ${DRAWN} are drawn` : null,
  ].filter((each) => each !== null);
  const problems =
    trend.problems.length === 0
      ? null
      : markup`<p class="say warn">▲ ${counted(trend.problems.length, 'line')} of the trend could not be read: ${trend.problems.slice(0, 3).join('; ')}${trend.problems.length > 3 ? '; …' : ''}.</p>`;
  const first = drawn[0];
  const last = drawn.at(-1);
  if (first === undefined || last === undefined || drawn.length < 2)
    return markup`<section id="trend"><h2>Trend</h2><p class="say">There are not yet two sweeps of these arguments in the trend: nothing to draw.${left.length > 0 ? ` ${left.join('; ')}.` : ''}</p>${problems}</section>`;
  const named = [...toldBy(document.scenarios).keys()].map(titleOf).join(', ');
  return markup`<section id="trend"><h2>Trend</h2>
<p class="say">${named} p95 over ${counted(drawn.length, 'sweep')} of ${counted(document.seeds, 'seed')} a scenario, from ${day(first)} to ${day(last)}; each row has its own height. <span class="bad">✕</span>: a law was broken.${left.length > 0 ? ` ${left.join('; ')}.` : ''} Whether a change is more than luck says <code>hangup compare</code>.</p>${problems}
<div class="scroll" role="region" tabindex="0" aria-labelledby="trend-caption"><table>
<caption id="trend-caption" class="sr">${named} p95 by scenario over ${counted(drawn.length, 'sweep')}</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col" class="chart">${named} p95 over sweeps</th><th scope="col" class="n">First</th><th scope="col" class="n">Last</th><th scope="col" class="n">Lowest</th><th scope="col" class="n">Highest</th><th scope="col" class="n">Sweeps broken</th></tr></thead>
<tbody>${document.scenarios.map((each) => row(each, pointsOf(each, drawn)))}</tbody></table></div></section>`;
}

/** Sweeps of the same size under the same arguments. */
const comparable = (entry: TrendEntry, document: ExploreDocument): boolean =>
  entry.seeds === document.seeds && argumentsText(entry.arguments) === argumentsText(document.arguments);

/** Where it was told by something else, nothing is drawn. */
const pointsOf = ({ name, headline }: ScenarioDocument, entries: readonly TrendEntry[]): readonly Point[] =>
  entries.flatMap(({ at, scenarios }) => {
    const figures: TrendFigures | undefined = scenarios.find((each) => each.name === name);
    if (figures === undefined) return [];
    const p95 = figures.headline?.name === headline?.name ? (figures.headline?.p95 ?? null) : null;
    return { at, p95, bad: badRunsOf(figures) > 0 };
  });

function row({ name, headline }: ScenarioDocument, points: readonly Point[]): Markup {
  const values = points.flatMap(({ p95 }) => p95 ?? []);
  const most = Math.max(...values);
  const least = Math.min(...values);
  // The height spans half of the value at least, either way: a change of a percent must not look like a cliff, and what
  // does not change lies in the middle.
  const floor = Math.min(least, most / 2);
  const ceiling = Math.max(most, least * 1.5);
  const place = (i: number): number => (points.length === 1 ? 0.5 : i / (points.length - 1));
  const height = (p95: number): number => (ceiling === floor ? 0.5 : (p95 - floor) / (ceiling - floor));
  const line = points.flatMap(({ p95 }, i) =>
    p95 === null ? [] : `${(place(i) * 1000).toFixed(1)},${(90 - height(p95) * 80).toFixed(1)}`,
  );
  const last = points.at(-1);
  const dot =
    last?.p95 === null || last === undefined
      ? null
      : markup`<span class="dot" style="left:${place(points.length - 1) * 100}%;top:${(90 - height(last.p95) * 80).toFixed(1)}%"></span>`;
  const marks = points.map(({ bad }, i) =>
    bad ? markup`<span class="mark" style="left:${(place(i) * 100).toFixed(2)}%;top:50%">✕</span>` : null,
  );
  const bad = points.filter((point) => point.bad).length;
  const cell = (value: number | null | undefined): Markup =>
    markup`<td class="n">${inUnit(headline ?? { unit: 'ms' }, value ?? null)}</td>`;
  return markup`<tr><th scope="row">${linkTo(name)}</th><td class="chart"><span class="plot" aria-hidden="true"><svg viewBox="0 0 1000 100" preserveAspectRatio="none"><polyline class="line" points="${line.join(' ')}"/></svg>${dot}${marks}</span></td>${cell(points[0]?.p95)}${cell(last?.p95)}${cell(values.length > 0 ? least : null)}${cell(values.length > 0 ? most : null)}<td class="n ${bad > 0 ? 'bad' : ''}">${bad > 0 ? `✕ ${bad}` : '0'} of ${points.length}</td></tr>`;
}

const day = ({ at }: TrendEntry): string => at.slice(0, 10);

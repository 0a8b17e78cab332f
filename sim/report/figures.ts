/** Figures that scenarios and protocols bring: a row for each, with its distribution where it is one. */
import type { ExploreDocument } from '../explore/document.ts';
import type { FigureDocument } from '../explore/metrics.ts';
import { linkTo } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { inUnit } from './targets.ts';
import { count } from './words.ts';

/** Null for a sweep in which nobody brings one. */
export function figuresSection({ scenarios }: ExploreDocument): Markup | null {
  const measuring = scenarios.filter(({ figures = [] }) => figures.length > 0);
  if (measuring.length === 0) return null;
  return markup`<section id="figures"><h2>Figures</h2>
<p class="say">What scenarios measure by figures of their own. Times are virtual.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="figures-caption"><table>
<caption id="figures-caption" class="sr">Figures by scenario: value, distribution, samples</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col">Figure</th><th scope="col">Statistic</th><th scope="col" class="n">Value</th><th scope="col" class="n">p50</th><th scope="col" class="n">p95</th><th scope="col" class="n">p99</th><th scope="col" class="n">Max</th><th scope="col" class="n">Samples</th><th scope="col">What it is</th></tr></thead>
<tbody>${measuring.map(({ name, figures }) => figures.map((each) => row(name, each)))}</tbody></table></div></section>`;
}

function row(scenario: string, figure: FigureDocument): Markup {
  const { name, statistic, value, spread, samples, states } = figure;
  const quantiles = [spread?.p50, spread?.p95, spread?.p99, spread?.max];
  return markup`<tr><th scope="row">${linkTo(scenario)}</th><td>${name}</td><td>${statistic}</td><td class="n">${inUnit(figure, value)}</td>${quantiles.map((each) => markup`<td class="n">${inUnit(figure, each ?? null)}</td>`)}<td class="n dim">${count(samples)}</td><td class="more">${states}</td></tr>`;
}

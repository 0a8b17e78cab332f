/** Errors by kind: what applications were told, and how connections ended for clients. */
import type { ExploreDocument } from '../explore/document.ts';
import type { MetricsDocument } from '../explore/metrics.ts';
import { linkTo } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { doublingScale } from './scale.ts';
import { count } from './words.ts';

export function errorsSection(document: ExploreDocument): Markup | null {
  const told = matrix(document, ({ errors }) => errors ?? {}, 'told', 'What applications were told');
  const ended = matrix(document, ({ closes }) => closes ?? {}, 'ended', 'How connections ended, as clients saw it');
  if (told === null && ended === null) return null;
  return markup`<section id="errors"><h2>Errors by kind</h2>
<p class="say">Counts over all runs; the stronger the colour, the more of them in a run. An error is what the story of a scenario does to its clients: that it was told honestly is what the laws judge.</p>
${told ?? markup`<p class="say">No application was told an error.</p>`}${ended}</section>`;
}

/** As dark as it gets: ten in every run; as light: one in a thousand runs. */
const HEAT = doublingScale(0.001, 10, []);

function matrix(
  { scenarios }: ExploreDocument,
  of: (metrics: MetricsDocument) => Readonly<Record<string, number>>,
  id: string,
  title: string,
): Markup | null {
  const sums = new Map<string, number>();
  for (const { metrics } of scenarios)
    for (const [kind, times] of Object.entries(of(metrics))) sums.set(kind, (sums.get(kind) ?? 0) + times);
  if (sums.size === 0) return null;
  // The most frequent first; names decide between equals, so that the order is always the same.
  const kinds = [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([kind]) => kind);
  return markup`<h3 id="${id}">${title}</h3><div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><table class="heat">
<caption class="sr">${title}, counts by scenario and kind</caption>
<thead><tr><th scope="col">Scenario</th>${kinds.map((kind) => markup`<th scope="col">${kind}</th>`)}</tr></thead>
<tbody>${scenarios.map(
    ({ name, runs, metrics }) =>
      markup`<tr><th scope="row">${linkTo(name)}</th>${kinds.map((kind) => square(of(metrics)[kind] ?? 0, runs))}</tr>`,
  )}</tbody><tfoot><tr><th scope="row">All</th>${kinds.map((kind) => markup`<td>${count(sums.get(kind) ?? 0)}</td>`)}</tr></tfoot></table></div>`;
}

const square = (times: number, runs: number): Markup =>
  times === 0
    ? markup`<td class="dim">·</td>`
    : markup`<td class="h" style="--w:${Math.round(4 + 41 * HEAT.at(times / Math.max(1, runs)))}">${count(times)}</td>`;

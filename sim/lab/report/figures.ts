/** The table of a report: a line for each policy, a column for each metric that is shown, with intervals. */
import { type Markup, markup } from '../../report/markup.ts';
import { stormWords } from '../charts/chart.ts';
import { figure, grouped, inUnit, percent, titleOf } from '../charts/figure.ts';
import type { Drawn, Reading } from '../charts/reading.ts';
import type { LabEstimate, LabMetric } from '../experiment/document.ts';

export function figuresSection(all: readonly Reading[]): Markup {
  const confidence = percent(all[0]?.document.confidence ?? 0.95);
  return markup`<section id="figures" aria-labelledby="figures-h"><h2 id="figures-h">Figures</h2>
<p class="say">Means over replications, with ${confidence} intervals. The best of a column is bold and marked ★; two that are close may not differ, which only the paired differences below can tell.</p>
${all.map((reading) => figuresTable(reading, all.length > 1))}</section>`;
}

function figuresTable(reading: Reading, named: boolean): Markup {
  const metrics = reading.document.metrics.filter(({ shown }) => shown);
  const best = new Map(metrics.map((metric) => [metric.name, bestOf(reading, metric)]));
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Figures of ${stormWords(reading.storm)}"><table class="figures"><caption>${named ? stormWords(reading.storm) : null}${named ? '. ' : null}Nobody can be faster than N/C = ${inUnit('s', reading.storm.bound)}.</caption>
<thead><tr><th scope="col">policy</th>${metrics.map(({ name }) => markup`<th scope="col">${titleOf(name)}<code>${name}</code></th>`)}</tr></thead>
<tbody>${reading.all.map((who) => markup`<tr>${nameCell(who)}${metrics.map((metric) => cell(reading.estimate(who.id, metric.name), metric, best.get(metric.name) ?? null))}</tr>`)}</tbody></table></div>`;
}

export const nameCell = ({ name, series }: Drawn): Markup =>
  markup`<th scope="row"><span class="letter">${series.letter}</span>${name}</th>`;

function cell(estimate: LabEstimate | null, { unit, name }: LabMetric, best: number | null): Markup {
  if (estimate === null) return markup`<td>–</td>`;
  const { mean, interval, missing, replications } = estimate;
  if (mean === null) return markup`<td class="none">${/^(recovery|from_drop)_/.test(name) ? 'never' : 'no value'}</td>`;
  const ends = interval === null ? null : markup`<small>${figure(interval.least)} to ${figure(interval.most)}</small>`;
  const but =
    missing === 0
      ? null
      : markup`<small class="bad">in ${grouped(replications)} of ${grouped(replications + missing)}</small>`;
  const wins = best !== null && mean === best && missing === 0;
  return markup`<td${wins ? markup` class="best"` : null}>${wins ? '★ ' : null}${inUnit(unit, mean)}${ends}${but}</td>`;
}

/** The best mean of those that always have a value; null where neither more nor less is better, or all are alike. */
function bestOf(reading: Reading, { name, better }: LabMetric): number | null {
  if (better === null) return null;
  const means = reading.all.flatMap(({ id }) => {
    const own = reading.estimate(id, name);
    return own === null || own.mean === null || own.missing > 0 ? [] : [own.mean];
  });
  if (means.length < 2 || new Set(means).size < 2) return null;
  const best = better === 'less' ? Math.min(...means) : Math.max(...means);
  // What most have in common is nobody's merit.
  return 2 * means.filter((mean) => mean === best).length > means.length ? null : best;
}

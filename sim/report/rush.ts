/** The section on admission: how dense dials, arrivals and refusals were, where servers admit so many a second. */
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import { linkTo } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { count, percent } from './words.ts';

const isLimited = ({ metrics }: ScenarioDocument): boolean =>
  (metrics.peak_arrivals_1s_of_capacity_percent ?? null) !== null;

/** Null for a sweep in which every server took everybody. */
export function rushSection({ scenarios }: ExploreDocument): Markup | null {
  const limited = scenarios.filter(isLimited);
  if (limited.length === 0) return null;
  return markup`<section id="admission"><h2>Admission</h2>
<p class="say">Scenarios whose servers admit so many connections a second. An arrival is a handshake that reached a server: one dial is several of them where a balancer asks the next server after a full one. Peaks are the most within any second of a run.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="admission-caption"><table>
<caption id="admission-caption" class="sr">Dials, arrivals, refusals and admissions by scenario</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col" class="n">Dials</th><th scope="col" class="n">Arrivals</th><th scope="col" class="n">Refused</th><th scope="col" class="n">Admitted</th><th scope="col" class="n">Dials in 1 s</th><th scope="col" class="n">Arrivals in 1 s</th><th scope="col" class="n">Refusals in 1 s</th><th scope="col" class="n">Arrivals of capacity</th></tr></thead>
<tbody>${limited.map(row)}</tbody>
</table></div></section>`;
}

function row({ name, metrics }: ScenarioDocument): Markup {
  const cell = (value = 0): Markup => markup`<td class="n">${count(value)}</td>`;
  return markup`<tr><th scope="row">${linkTo(name)}</th>${cell(metrics.dials)}${cell(metrics.arrivals)}${cell(metrics.refusals)}${cell(metrics.admitted)}${cell(metrics.peak_dials_1s)}${cell(metrics.peak_arrivals_1s)}${cell(metrics.peak_refusals_1s)}<td class="n">${percent(metrics.peak_arrivals_1s_of_capacity_percent ?? null)}</td></tr>`;
}

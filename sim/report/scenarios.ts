/** The table of scenarios: one row each, what was run and what came of it. */
import { badRunsOf, type ExploreDocument, type ScenarioDocument } from '../explore/document.ts';
import type { KnownMetrics, MetricsDocument } from '../explore/metrics.ts';
import { isMissed } from '../explore/verdict.ts';
import { linkTo } from './anchor.ts';
import { type Told, titleOf, toldBy } from './headline.ts';
import { type Markup, markup, verbatim } from './markup.ts';
import { count, counted, duration, inUnit, percent, size } from './words.ts';

/** A column of what sessions measure: its heading, and the metric without which it stays empty. */
interface Column {
  readonly head: string;
  readonly key: keyof KnownMetrics;
  cell(metrics: MetricsDocument, isBad: boolean): Markup;
}

const number = (text: string): Markup => markup`<td class="n wide">${text}</td>`;

const COLUMNS: readonly Column[] = [
  { head: 'Complete', key: 'completion_percent', cell: (of, isBad) => share(of.completion_percent ?? null, isBad) },
  { head: 'Intact', key: 'integrity_percent', cell: (of, isBad) => share(of.integrity_percent ?? null, isBad) },
  { head: 'Reconnect<br>p50', key: 'reconnect_ms', cell: (of) => number(duration(of.reconnect_ms?.p50 ?? null)) },
  { head: '<br>p95', key: 'reconnect_ms', cell: (of) => number(duration(of.reconnect_ms?.p95 ?? null)) },
  { head: 'Resume<br>p50', key: 'resume_ms', cell: (of) => number(duration(of.resume_ms?.p50 ?? null)) },
  { head: '<br>p95', key: 'resume_ms', cell: (of) => number(duration(of.resume_ms?.p95 ?? null)) },
  { head: 'Largest<br>buffer', key: 'peak_buffer_bytes', cell: (of) => number(size(of.peak_buffer_bytes ?? null)) },
  { head: 'Sent<br>again', key: 'resent_percent', cell: (of) => number(percent(of.resent_percent ?? null)) },
  { head: 'Lost<br>conn.', key: 'disconnects', cell: (of) => number(count(of.disconnects ?? 0)) },
];

export function scenariosSection({ scenarios }: ExploreDocument): Markup {
  const columns = COLUMNS.filter(({ key }) => scenarios.some(({ metrics }) => metrics[key] !== undefined));
  const told = toldBy(scenarios);
  const width = columns.length + told.size + 4;
  return markup`<section id="scenarios"><h2>Scenarios</h2>
<p class="say">One row each; a name leads to its details.${columns.length === 0 ? '' : ' Reconnect: from the loss of a connection to the next WELCOME. Resume: from there to the end of the replay.'} Times are virtual.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="scenarios-caption"><table>
<caption id="scenarios-caption" class="sr">Scenarios with runs, broken laws, completion, integrity, times and bytes</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col">Laws</th><th scope="col" class="n">Runs</th>${columns.map(({ head }) => markup`<th scope="col" class="n wide">${verbatim(head)}</th>`)}${[...told.keys()].map((name) => markup`<th scope="col" class="n">${titleOf(name)}<br>p95</th>`)}<th scope="col" class="n">Claims<br>reached</th></tr></thead>
<tbody>${families(scenarios).map(([family, members]) => markup`<tr class="family"><th scope="colgroup" colspan="${width}">${family}</th></tr>${members.map((each) => row(each, columns, [...told.values()]))}`)}</tbody>
</table></div></section>`;
}

/** Scenarios by the part of their name before the slash, in order. */
function families(scenarios: readonly ScenarioDocument[]): readonly [string, ScenarioDocument[]][] {
  const found = new Map<string, ScenarioDocument[]>();
  for (const each of scenarios) {
    const family = each.name.includes('/') ? each.name.slice(0, each.name.indexOf('/')) : each.name;
    found.set(family, [...(found.get(family) ?? []), each]);
  }
  return [...found];
}

function row(scenario: ScenarioDocument, columns: readonly Column[], told: readonly (readonly Told[])[]): Markup {
  const { name, runs, metrics, sometimes, targets } = scenario;
  const isBad = badRunsOf(scenario) > 0 || targets.some(isMissed);
  const reached = sometimes.filter((claim) => claim.runs > 0).length;
  const [style, sign] = sometimes.some(({ verdict }) => verdict === 'never reached')
    ? ['bad', ' ✕']
    : sometimes.some(({ verdict }) => verdict === 'not enough seeds')
      ? ['few', ' ○']
      : ['', ''];
  return markup`<tr><th scope="row">${linkTo(name)}</th><td class="state">${stateOf(scenario)}</td><td class="n">${count(runs)}</td>${columns.map(({ cell }) => cell(metrics, isBad))}${told.map((those) => headline(those.find((each) => each.scenario === scenario)))}<td class="n ${style}">${reached}/${sometimes.length}${sign}</td></tr>`;
}

/** What it is told by, in the column of that. */
const headline = (told: Told | undefined): Markup =>
  markup`<td class="n">${told === undefined ? '' : inUnit(told.headline, told.spread.p95)}</td>`;

/** Nothing of nothing is no share. One below 100 % is red in a scenario that fails: a law or a target may allow it. */
function share(value: number | null, isBad: boolean): Markup {
  if (value === null || value >= 100) return markup`<td class="n wide">${percent(value)}</td>`;
  return markup`<td class="n wide ${isBad ? 'bad' : 'warn'}">${isBad ? '✕' : '▲'} ${percent(value)}</td>`;
}

/** `✓ hold`, or what is broken and in how many runs. */
export function stateOf(scenario: ScenarioDocument): Markup {
  const { runs, broken } = scenario;
  const bad = badRunsOf(scenario);
  if (runs === 0) return markup`<span class="dim">no runs</span>`;
  if (broken.length === 0 && bad === 0) return markup`<span class="ok">✓ hold</span>`;
  const laws = broken.map(({ law }) => law).join(', ');
  return markup`<span class="bad">✕ ${laws === '' ? 'broken' : laws}</span> <span class="dim">in ${counted(bad, 'run')}</span>`;
}

/**
 * Coverage, where a sweep was asked for it: what happened to each part in which phase of its protocol, and in which phases
 * faults began. A reader looks for the holes, so what was never met is a dot.
 */
import type { ExploreDocument } from '../explore/document.ts';
import { type Counts, type Coverage, emptyCoverage, mergeCoverage } from '../search/coverage.ts';
import { type Markup, markup } from './markup.ts';
import { doublingScale } from './scale.ts';
import { count, counted, NOTHING } from './words.ts';

export function coverageSection({ scenarios }: ExploreDocument): Markup | null {
  const met = emptyCoverage();
  for (const { coverage } of scenarios) if (coverage !== undefined) mergeCoverage(met, coverage);
  if (met.runs === 0) return null;
  const roles = [...new Set(Object.keys(met.events).map(roleIn))].sort(
    (a, b) => Number(b === 'client') - Number(a === 'client'),
  );
  return markup`<section id="coverage"><h2>Coverage</h2>
<p class="say">What ${counted(met.runs, 'run')} met: a row an event or a kind of fault, a column a phase of the protocol. The stronger the colour, the more often, each doubling one step; a dot was never met. The table of the command lists phases, messages, faults and claims that nothing met, by name.</p>
${roles.map((role) => table(`${role}: what happened, in which phase`, eventsOf(role, met)))}
${table('Faults: in which phase of a client, or of a busy server or store, they began', met.faults)}</section>`;
}

const roleIn = (key: string): string => key.slice(0, key.indexOf(' '));

/** Events of a role by name, then by phase. */
function eventsOf(role: string, { events }: Coverage): Counts {
  const rows: Counts = {};
  for (const [key, row] of Object.entries(events)) {
    if (roleIn(key) !== role) continue;
    for (const [name, times] of Object.entries(row)) {
      rows[name] ??= {};
      (rows[name] as Record<string, number>)[key.slice(role.length + 1)] = times;
    }
  }
  return rows;
}

/** As dark as it gets. */
const HEAT = doublingScale(1, 1_000_000, []);

function table(title: string, rows: Counts): Markup | null {
  const names = Object.keys(rows).sort();
  const columns = [...new Set(names.flatMap((name) => Object.keys(rows[name] ?? {})))].sort();
  if (names.length === 0) return null;
  const id = `coverage-${title.replace(/[^a-z]+/gi, '-')}`;
  return markup`<h3 id="${id}">${title}</h3><div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><table class="heat">
<caption class="sr">${title}</caption><thead><tr><th scope="col"></th>${columns.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${names.map(
    (name) =>
      markup`<tr><th scope="row">${name}</th>${columns.map((column) => square(rows[name]?.[column] ?? 0))}</tr>`,
  )}</tbody></table></div>`;
}

const square = (times: number): Markup =>
  times === 0
    ? markup`<td class="dim"><span aria-hidden="true">·</span><span class="sr">${NOTHING}</span></td>`
    : markup`<td class="h" style="--w:${Math.round(4 + 41 * HEAT.at(times))}">${count(times)}</td>`;

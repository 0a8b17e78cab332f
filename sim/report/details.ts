/** Everything about one scenario that the tables above leave out; open when something is wrong with it. */
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import { anchor } from './anchor.ts';
import { cellTable } from './cells.ts';
import { claimTable } from './claims.ts';
import { lawTable } from './laws.ts';
import { type Markup, markup } from './markup.ts';
import { stateOf } from './scenarios.ts';
import { targetTable } from './targets.ts';
import { finding } from './verdict.ts';
import { counted } from './words.ts';

export const detailsSection = ({ scenarios }: ExploreDocument): Markup =>
  markup`<section id="details"><h2>Details</h2>
<p class="say">Broken laws with the line that replays them, each scenario's targets, claims and cells.</p>
${scenarios.map(details)}</section>`;

function details(scenario: ScenarioDocument): Markup {
  const { name, title, runs, digest, broken } = scenario;
  return markup`<details id="${anchor(name)}"${broken.length > 0 ? OPEN : null}><summary><b>${name}</b><span class="grow">${title}</span>${stateOf(scenario)}</summary><div class="body">
${
  broken.length === 0
    ? null
    : markup`<h3>Broken laws</h3><ul class="find" style="margin:4px 16px">${broken.map((each) => markup`<li>${finding({ ...each, scenario: name })}</li>`)}</ul>`
}${targetTable(scenario)}${claimTable(scenario)}${lawTable(scenario)}${cellTable(scenario)}
<p class="say">${counted(runs, 'run')}, digest over all of them <span class="m">${digest}</span>.</p></div></details>`;
}

const OPEN = markup` open`;

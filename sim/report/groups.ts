/** Every failing seed of a sweep, by law and cause: what fails so, how often, in which seeds, and the smallest run that does. */
import type { ExploreDocument } from '../explore/document.ts';
import type { GroupDocument } from '../explore/group-document.ts';
import { linkTo } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { count, counted } from './words.ts';

/** Seeds that stand in the page; the others are counted, and results.json has them. */
const SEEDS = 40;

/** Null where nothing failed, and for a document of before failing seeds were grouped. */
export function failuresSection({ groups = [] }: ExploreDocument): Markup | null {
  if (groups.length === 0) return null;
  return markup`<section id="failures"><h2>Failing seeds</h2>
<p class="say">All of them, by law and cause: the sentence of the breach, with # for each number, time and name. A run that breaks two laws stands in both.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Failing seeds"><table class="wrap"><caption class="sr">Failing seeds by law and cause</caption>
<thead><tr><th scope="col">Law</th><th scope="col">Cause</th><th scope="col" class="n">Runs</th><th scope="col">Seeds</th><th scope="col">Smallest</th></tr></thead>
<tbody>${groups.map(row)}</tbody></table></div></section>`;
}

const row = ({ law, cause, runs, scenarios, shrunk }: GroupDocument): Markup =>
  markup`<tr><th scope="row"><span class="bad">✕ ${law}</span></th><td class="more">${cause}</td><td class="n">${count(runs)}</td><td class="more">${scenarios.map(
    ({ name, seeds, runs: all }) =>
      markup`<div>${linkTo(name)}: <span class="m">${seeds.slice(0, SEEDS).join(' ')}</span>${all > SEEDS ? ` and ${count(all - SEEDS)} more` : null}</div>`,
  )}</td><td class="more">${shrunk === null ? 'the runs as they were found' : smallest(shrunk)}</td></tr>`;

function smallest({ faults, events, sizes, paste }: NonNullable<GroupDocument['shrunk']>): Markup {
  const of = ([left, all]: readonly [number, number], name: string): string =>
    `${count(left)} of ${counted(all, name)}`;
  const words = [of(faults, 'fault'), of(events, 'event')];
  for (const [name, [left, all]] of Object.entries(sizes)) words.push(`${count(left)} of ${count(all)} ${name}`);
  return markup`${words.join(', ')}${paste === null ? null : markup`<div class="paste"><code tabindex="0">${paste}</code></div>`}`;
}

/** What scenarios are told by in a word (sessions: recovery): its distribution for each of them, on one axis a figure. */
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import type { HeadlineDocument, SpreadDocument } from '../explore/metrics.ts';
import { linkTo } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { doublingScale, type Scale } from './scale.ts';
import { axis, mergeSpreads, strip } from './spread.ts';
import { count, inUnit } from './words.ts';

/** A scenario with its headline, and the distribution of that. */
export interface Told {
  readonly scenario: ScenarioDocument;
  readonly headline: HeadlineDocument;
  readonly spread: SpreadDocument;
}

/** Scenarios that are told by something, by the name of that. */
export function toldBy(scenarios: readonly ScenarioDocument[]): ReadonlyMap<string, readonly Told[]> {
  const told = new Map<string, Told[]>();
  for (const scenario of scenarios) {
    const { headline, metrics } = scenario;
    const spread = headline?.key
      ? (metrics as unknown as Readonly<Record<string, SpreadDocument>>)[headline.key]
      : null;
    if (!headline || !spread) continue;
    told.set(headline.name, [...(told.get(headline.name) ?? []), { scenario, headline, spread }]);
  }
  return told;
}

/** What the scenario itself promises of its headline, in the unit of that; null where it promises nothing. */
export const askedOf = ({ headline, targets }: ScenarioDocument): number | null =>
  targets.find(({ name, exception, is }) => name === headline?.name && !exception && is !== 'at least')?.held ?? null;

export const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A section for each figure, with its id and its title. */
export const headlineSections = ({ scenarios }: ExploreDocument): readonly (readonly [string, string, Markup])[] =>
  [...toldBy(scenarios)].map(([name, told]) => [`figure-${name}`, titleOf(name), section(told, `figure-${name}`)]);

function section(told: readonly Told[], id: string): Markup {
  const { headline } = told[0] as Told;
  const title = titleOf(headline.name);
  const all = mergeSpreads(told.map(({ spread }) => spread));
  if (all.samples === 0)
    return markup`<section id="${id}"><h2>${title}</h2><p class="say">There was nothing to measure.</p></section>`;
  const asked = told.map(({ scenario }) => askedOf(scenario)).filter((each) => each !== null);
  const scale = doublingScale(1, Math.max(all.max ?? 1, ...asked.map((each) => 2 * each)), TICKS);
  const bound = new Set(asked).size === 1 && asked.length === told.length ? (asked[0] as number) : null;
  const words = (value: number | null): string => inUnit(headline, value);
  return markup`<section id="${id}"><h2>${title}</h2>
<p class="say">${titleOf(headline.states)}${headline.unit === 'ms' ? ', in virtual time' : ''}. Each doubling takes the same width; heights are square roots of shares, so that tails stay visible.</p>
${legend(asked.length > 0)}
<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-caption"><table>
<caption id="${id}-caption" class="sr">${title} by scenario: samples, p50, p95, p99 and maximum</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col" class="chart"><span class="sr">Distribution</span>${axis(scale, words)}</th><th scope="col" class="n wide">Samples</th><th scope="col" class="n wide">p50</th><th scope="col" class="n">p95</th><th scope="col" class="n wide">p99</th><th scope="col" class="n wide">Max</th></tr></thead>
<tbody>${told.length > 1 ? row('All scenarios', all, bound, scale, words) : null}${told.map(({ scenario, spread }) => row(linkTo(scenario.name), spread, askedOf(scenario), scale, words))}</tbody>
</table></div></section>`;
}

/** Values that are worth a label, as milliseconds and as anything. */
const TICKS = [1, 10, 100, 1_000, 5_000, 10_000, 60_000, 300_000, 1_800_000, 7_200_000];

function row(
  name: Markup | string,
  spread: SpreadDocument,
  asked: number | null,
  scale: Scale,
  words: (value: number | null) => string,
): Markup {
  const slow = asked !== null && spread.p95 !== null && spread.p95 > asked;
  return markup`<tr><th scope="row">${name}</th><td class="chart">${strip(spread, scale, asked)}</td><td class="n dim wide">${count(spread.samples)}</td><td class="n wide">${words(spread.p50)}</td><td class="n ${slow ? 'warn' : ''}">${words(spread.p95)}${slow ? markup` <span aria-label="above ${words(asked)}">▲</span>` : null}</td><td class="n wide">${words(spread.p99)}</td><td class="n wide">${words(spread.max)}</td></tr>`;
}

const key = (style: string): Markup =>
  markup`<svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true"><line class="${style}" x1="8" x2="8" y1="0" y2="14"/></svg>`;

/** Amber is no verdict: in some cells a bound may stand instead of the target. */
const legend = (isAsked: boolean): Markup =>
  markup`<ul class="legend"><li>${key('p50')}p50</li><li>${key('p95')}p95</li><li>${key('p99')}p99</li><li><svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true"><path class="max" d="M4,1 L12,1 M8,1 L8,14"/></svg>maximum</li>${isAsked ? markup`<li>${key('bound')}the scenario’s target, where no exception stands; ▲ p95 above it</li>` : null}</ul>`;

/** The section on recovery: how long it took, as a distribution for each scenario on one axis. */
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import type { SpreadDocument } from '../explore/metrics.ts';
import { linkTo } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { doublingScale, type Scale } from './scale.ts';
import { axis, mergeSpreads, strip } from './spread.ts';
import { count, duration } from './words.ts';

/** Milliseconds that are worth a label. */
const TICKS = [1, 10, 100, 1_000, 5_000, 10_000, 60_000, 300_000, 1_800_000, 7_200_000];
/** What 95 % of recoveries are asked to stay below, in milliseconds: the target of sessions, by which amber is told. */
export const ASKED_P95_MS = 5_000;

/** Null for a sweep in which no scenario measures it. */
export function recoverySection(document: ExploreDocument): Markup | null {
  const scenarios = document.scenarios.filter(({ metrics }) => metrics.recovery_ms !== undefined);
  if (scenarios.length === 0) return null;
  const all = mergeSpreads(scenarios.flatMap(({ metrics }) => metrics.recovery_ms ?? []));
  if (all.samples === 0)
    return markup`<section id="recovery"><h2>Recovery time</h2><p class="say">No connection was lost, so there is nothing to measure.</p></section>`;
  const scale = doublingScale(1, Math.max(all.max ?? 1, 2 * ASKED_P95_MS), TICKS);
  return markup`<section id="recovery"><h2>Recovery time</h2>
<p class="say">From the loss of a connection, as the client saw it, to the first new byte for the application (or to the end of an empty replay), in virtual time. Each doubling takes the same width; heights are square roots of shares, so that tails stay visible.</p>
${legend(scenarios.some(({ targets }) => targets.some(({ name }) => name === 'recovery')))}
<div class="scroll" role="region" tabindex="0" aria-labelledby="recovery-caption"><table>
<caption id="recovery-caption" class="sr">Recovery time by scenario: samples, p50, p95, p99 and maximum</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col" class="chart"><span class="sr">Distribution</span>${axis(scale, duration)}</th><th scope="col" class="n">Samples</th><th scope="col" class="n">p50</th><th scope="col" class="n">p95</th><th scope="col" class="n">p99</th><th scope="col" class="n">Max</th></tr></thead>
<tbody>${scenarios.length > 1 ? row('All scenarios', all, scale, null) : null}${scenarios.map((each) => row(each.name, each.metrics.recovery_ms ?? all, scale, each))}</tbody>
</table></div></section>`;
}

function row(name: string, spread: SpreadDocument, scale: Scale, scenario: ScenarioDocument | null): Markup {
  const slow = spread.p95 !== null && spread.p95 > ASKED_P95_MS;
  return markup`<tr><th scope="row">${scenario === null ? name : linkTo(name)}</th><td class="chart">${strip(spread, scale, ASKED_P95_MS)}</td><td class="n dim">${count(spread.samples)}</td><td class="n">${duration(spread.p50)}</td><td class="n ${slow ? 'warn' : ''}">${duration(spread.p95)}${slow ? markup` <span aria-label="above ${duration(ASKED_P95_MS)}">▲</span>` : null}</td><td class="n">${duration(spread.p99)}</td><td class="n">${duration(spread.max)}</td></tr>`;
}

const key = (style: string): Markup =>
  markup`<svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true"><line class="${style}" x1="8" x2="8" y1="0" y2="14"/></svg>`;

/** Amber is no verdict: a bound may stand instead of the target, or no target at all. */
const legend = (isAsked: boolean): Markup =>
  markup`<ul class="legend"><li>${key('p50')}p50</li><li>${key('p95')}p95</li><li>${key('p99')}p99</li><li><svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true"><path class="max" d="M4,1 L12,1 M8,1 L8,14"/></svg>maximum</li><li>${key('bound')}${duration(ASKED_P95_MS)}, the target of p95${isAsked ? ' where no exception stands' : ', which is not asked here'}; ▲ above it</li></ul>`;

/** Buffers over virtual time: how many bytes all connections held together, the largest of all runs and the mean. */
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import type { BufferStep } from '../explore/metrics.ts';
import { breakable } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { doublingScale, type Scale } from './scale.ts';
import { axis } from './spread.ts';
import { count, duration, size } from './words.ts';

const TICKS = [1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000];
/** The first step of a series ends here; what lies before it stands at the left end. */
const FIRST_MS = 250;

export function buffersSection({ scenarios }: ExploreDocument): Markup | null {
  const drawn = scenarios.filter(({ metrics }) => (metrics.buffers ?? []).some(({ max_bytes }) => max_bytes > 0));
  if (drawn.length === 0) return null;
  return markup`<section id="buffers"><h2>Buffers over time</h2>
<p class="say">Bytes that all connections of a run held together (sent, and neither delivered nor lost), by virtual time since the run began; each doubling of time takes the same width, each scenario has its own height.</p>
<ul class="legend"><li><svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true"><path class="fill" d="M0,12 L0,4 L22,2 L22,12 Z"/><path class="line" d="M0,4 L22,2"/></svg>largest of all runs</li><li><svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true"><path class="line mean" d="M0,7 L22,6"/></svg>mean of the runs that lasted so long</li></ul>
<div class="cards">${drawn.map(card)}</div></section>`;
}

function card({ name, metrics }: ScenarioDocument): Markup {
  const steps = metrics.buffers ?? [];
  const most = steps.reduce((peak, { max_bytes }) => Math.max(peak, max_bytes), 0);
  const peak = steps.find(({ max_bytes }) => max_bytes === most);
  const scale = doublingScale(FIRST_MS, steps.at(-1)?.at_ms ?? FIRST_MS, TICKS);
  const max = curve(steps, scale, ({ max_bytes }) => max_bytes / most);
  const mean = curve(steps, scale, ({ mean_bytes }) => mean_bytes / most);
  return markup`<figure class="card"><figcaption>${breakable(name)}<span>${size(most)} at ${duration(peak?.at_ms ?? 0)}</span></figcaption>
<div class="time" aria-hidden="true"><svg viewBox="0 0 1000 100" preserveAspectRatio="none">${scale.ticks.map((tick) => markup`<line class="grid" x1="${x(scale.at(tick))}" x2="${x(scale.at(tick))}" y1="0" y2="100"/>`)}<path class="fill" d="M${max} L1000,100 L0,100 Z"/><path class="line" d="M${max}"/><path class="line mean" d="M${mean}"/></svg></div>${axis(scale, duration)}
<details class="plain"><summary>as a table</summary><div class="scroll" role="region" tabindex="0" aria-label="Buffers of ${name} over time"><table><caption class="sr">Bytes held in ${name} by virtual time</caption><thead><tr><th scope="col">From</th><th scope="col" class="n">Runs</th><th scope="col" class="n">Mean</th><th scope="col" class="n">Largest</th></tr></thead>
<tbody>${coarse(steps).map(
    (each) =>
      markup`<tr><th scope="row">${duration(each.at_ms)}</th><td class="n">${count(each.runs)}</td><td class="n">${size(each.mean_bytes)}</td><td class="n">${size(each.max_bytes)}</td></tr>`,
  )}</tbody></table></div></details></figure>`;
}

/** A stepped line through the steps, from left to right. */
function curve(steps: readonly BufferStep[], scale: Scale, of: (step: BufferStep) => number): string {
  const points: string[] = [];
  for (const [i, step] of steps.entries()) {
    const next = steps[i + 1];
    const y = (100 - 94 * of(step)).toFixed(1);
    points.push(`${x(scale.at(step.at_ms))},${y}`, `${next === undefined ? '1000' : x(scale.at(next.at_ms))},${y}`);
  }
  return points.join(' L');
}

/** One row a doubling of time, each over the steps that it covers. */
function coarse(steps: readonly BufferStep[]): readonly BufferStep[] {
  const rows: BufferStep[] = [];
  let ends = 0;
  for (const step of steps) {
    const last = rows.at(-1);
    if (last === undefined || step.at_ms >= ends) {
      rows.push(step);
      ends = Math.max(1000, 2 * step.at_ms);
    } else
      rows[rows.length - 1] = {
        at_ms: last.at_ms,
        runs: last.runs,
        mean_bytes: Math.max(last.mean_bytes, step.mean_bytes),
        max_bytes: Math.max(last.max_bytes, step.max_bytes),
      };
  }
  return rows;
}

const x = (share: number): string => (share * 1000).toFixed(1);

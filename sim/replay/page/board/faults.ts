/** Faults as bars that can be moved: one row each, with the recorded place dashed once it was left. */
import { formatDuration, formatInstant } from '../../../../src/time.ts';
import type { FaultSpan } from '../../model/model.ts';
import { hatch } from '../painter.ts';
import type { PageFault, State } from '../state.ts';
import type { Placed } from './layout.ts';
import type { Scene } from './scene.ts';

/** A fault as it is drawn: as it happened in the shown run, or where it would have been. */
export function spanOf(state: State, index: number): FaultSpan | null {
  const place = state.places[index] ?? -1;
  return place < 0 ? recordedSpan(state, index) : (state.run.faults[place] ?? recordedSpan(state, index));
}

const recordedSpan = (state: State, index: number): FaultSpan | null =>
  state.faults[index]?.recorded === null ? null : (state.recorded.faults[index] ?? null);

export const isMoved = ({ fault, recorded }: PageFault): boolean =>
  recorded !== null && JSON.stringify(fault) !== JSON.stringify(recorded);

export function drawFault(scene: Scene, line: Extract<Placed, { is: 'fault' }>): void {
  const { g, color, axis, state, layout, accused } = scene;
  const { fault, index, y, height } = line;
  const span = spanOf(state, index);
  g.line(0, y + height - 0.5, layout.width, y + height - 0.5, { stroke: color.line, alpha: 0.6 });
  drawStarts(scene, line);
  if (span === null) return;
  const begins = span.happened || !fault.on ? span.begins : fault.fault.at;
  const ends = Math.max(span.ends, begins);
  const guilty = accused.has(index) && fault.on;
  const ink = guilty ? color.broken : fault.on ? color.ink2 : color.ink3;
  const top = y + 5;
  if (isMoved(fault)) {
    const was = state.recorded.faults[index];
    if (was !== undefined) {
      const [a, b] = [axis.x(was.begins), axis.x(was.ends)];
      g.line(a, y + height - 4, Math.max(b, a + 6), y + height - 4, { stroke: color.ink3, dash: [4, 3], width: 1.5 });
    }
  }
  const words = span.words;
  if (ends < state.view.from || begins > state.view.to) {
    const before = ends < state.view.from;
    const text = before ? `◂ ${words}, ended ${formatInstant(ends)}` : `${words}, begins ${formatInstant(begins)} ▸`;
    g.text(text, before ? 6 : layout.width - 6, y + 12, {
      color: color.ink3,
      size: 10.5,
      align: before ? 'left' : 'right',
    });
    return;
  }
  const [left, right] = [axis.x(begins), axis.x(ends)];
  const wide = right - left;
  const name = fault.on ? words : `${words} (off)`;
  if (wide < 5) {
    g.path(
      [left, top - 1, left + 6, top + 6, left, top + 13, left - 6, top + 6],
      fault.on ? { fill: ink } : { stroke: ink, dash: [2, 2] },
      true,
    );
    beside(left + 10, left - 10);
    return;
  }
  g.rect(left, top, wide, 13, {
    ...(fault.on ? { fill: guilty ? color.brokenbg : color.raise } : {}),
    ...{ stroke: ink, radius: 3, width: 1.2, ...(fault.on ? {} : { dash: [4, 3], alpha: 0.7 }) },
  });
  if (guilty) hatch(g, [left, top, wide, 13], [0, layout.width], color.broken, { gap: 7, alpha: 0.16 });
  if (fault.on && wide > 14) {
    g.rect(left, top, 2.5, 13, { fill: ink });
    g.rect(right - 2.5, top, 2.5, 13, { fill: ink });
  }
  const from = Math.max(left, 0) + 8;
  if (g.widthOf(name, { size: 10.5 }) < Math.min(right, layout.width) - from - 6)
    g.text(name, from, top + 6.5, { color: fault.on ? color.ink : color.ink3, size: 10.5 });
  else beside(right + 6, left - 6);

  function beside(after: number, before: number): void {
    const room = layout.width - after;
    const size = g.widthOf(name, { size: 10.5 });
    const fits = size < room || room > before;
    const words = size < room || size < before ? name : fault.fault.kind;
    g.text(words, fits ? after : before, top + 6.5, {
      color: color.ink2,
      size: 10.5,
      align: fits ? 'left' : 'right',
      halo: color.panel,
    });
  }
}

/** Below the bar: starts at which the fault, moved, still breaks the law. */
function drawStarts(
  { g, color, axis, starts, state, layout }: Scene,
  { index, y, height }: Placed & { readonly index: number },
): void {
  const all = starts.get(index) ?? [];
  const half = ((all[1]?.at ?? 0) - (all[0]?.at ?? 0)) / 2;
  for (const { at, breaks } of all) {
    if (!breaks || at + half < state.view.from || at - half > state.view.to) continue;
    const left = Math.max(0, axis.x(Math.max(at - half, state.view.from)));
    const right = Math.min(layout.width, axis.x(Math.min(at + half, state.view.to)));
    g.rect(left, y + height - 3.5, right - left + 0.5, 2.5, { fill: color.broken });
  }
}

/** Where a pointer holds a fault: its beginning, its end, or all of it; null beside it. */
export function holdOf(
  scene: Pick<Scene, 'axis' | 'state'>,
  line: Extract<Placed, { is: 'fault' }>,
  x: number,
): 'all' | 'end' | null {
  const span = spanOf(scene.state, line.index);
  if (span === null || !line.fault.on) return null;
  const [left, right] = [scene.axis.x(span.begins), scene.axis.x(span.ends)];
  if (x < left - 7 || x > Math.max(right, left + 5) + 7) return null;
  return span.lasts !== null && right - left > 18 && x > right - 6 ? 'end' : 'all';
}

/** What a fault is called where it stands alone. */
export const faultTitle = (fault: PageFault, span: FaultSpan | null): string =>
  span === null ? `${fault.fault.kind} of ${fault.fault.target}` : span.words;

export const lengthOf = (span: FaultSpan): string => formatDuration(span.ends - span.begins);

/** The lanes' own lines: what each party took its connections for, its waits, and when it was down. */
import { formatDuration } from '../../../../src/time.ts';
import type { Bar, Model, Wait } from '../../model/model.ts';
import { hatch } from '../painter.ts';
import type { Placed } from './layout.ts';
import { lowerBound, type Scene } from './scene.ts';

export const BAR = 9;
const GAP = 3;

/** Where a bar of a lane stands. */
export const barY = (line: Placed, row: number): number => line.y + 7 + row * (BAR + GAP);

/** Lines of lanes, and tinted blocks for processes that are down: behind the messages. */
export function drawGround(
  scene: Scene,
  run: Model,
  lane: (lane: number) => Extract<Placed, { is: 'lane' }> | undefined,
): void {
  const { g, color, layout } = scene;
  for (const index of run.parties.keys()) {
    const line = lane(index);
    if (line === undefined) continue;
    const y = layout.laneY(run, index);
    g.line(0, y + 0.5, layout.width, y + 0.5, { stroke: color.line2 });
  }
}

/** Above the messages. */
export function drawBars(
  scene: Scene,
  run: Model,
  lane: (lane: number) => Extract<Placed, { is: 'lane' }> | undefined,
): void {
  const { axis, state, layout } = scene;
  const { from, to } = state.view;
  /** How far to the right each row of a lane is drawn already, by state: what lies within says nothing more. */
  const covered = new Map<string, number>();
  for (const bar of bothOf(run)) {
    if (bar.begins > to) break;
    if (bar.ends < from) continue;
    const line = lane(bar.lane);
    if (line === undefined) continue;
    const left = Math.max(axis.x(Math.max(bar.begins, from)), -4);
    const right = Math.min(axis.x(Math.min(bar.ends, to)), layout.width + 4);
    const key = `${bar.lane} ${bar.row} ${bar.state}`;
    const until = covered.get(key) ?? -9;
    if (right <= until + 1 && bar.half.length === 0) continue;
    covered.set(key, Math.max(until, right, left + 1));
    drawBar(scene, bar, line, left, Math.max(right, left + 1));
  }
  drawWaits(scene, run.waits, lane);
}

function drawBar({ g, color, layout, axis, state }: Scene, bar: Bar, line: Placed, left: number, right: number): void {
  const wide = right - left;
  const alpha = state.view.at > 0 && bar.begins > state.view.at ? 0.62 : 1;
  if (bar.state === 'down' || bar.state === 'paused') {
    const [top, height] = [line.y + 4, line.height - 8];
    const fill = bar.state === 'down' ? color.down : color.still;
    g.rect(left, top, wide, height, { fill, alpha: 0.86, radius: 3 });
    hatch(g, [left, top, wide, height], [0, layout.width], color.panel, { gap: 8, alpha: 0.16 });
    if (wide > g.widthOf(bar.label, { size: 10.5, weight: 600 }) + 12)
      g.text(bar.label, Math.max(left, 0) + 7, top + height / 2, { color: color.downink, size: 10.5, weight: 600 });
    return;
  }
  const y = barY(line, Math.min(bar.row, Math.floor((line.height - 10) / (BAR + GAP)) - 1));
  const style = {
    open: { fill: color.open, stroke: color.openline },
    dialling: { fill: color.panel, stroke: color.openline },
    wait: { fill: color.wait, stroke: color.waitline },
    phase: { fill: color.panel, stroke: color.data },
  }[bar.state];
  g.rect(left, y, wide, BAR, {
    ...style,
    width: 1,
    radius: 2,
    alpha,
    ...(bar.state === 'dialling' ? { dash: [3, 2] } : {}),
  });
  for (const [a, b] of bar.half) {
    const [x1, x2] = [Math.max(axis.x(a), left), Math.min(axis.x(b), right)];
    if (x2 - x1 < 1.5) continue;
    g.rect(x1, y, x2 - x1, BAR, { fill: color.panel, stroke: color.openline, alpha });
    hatch(g, [x1, y, x2 - x1, BAR], [0, layout.width], color.half, { gap: 4.5, alpha });
  }
  const room = wide - 8 + Math.min(0, left);
  if (bar.label !== '' && room > 18 && g.widthOf(bar.label, { size: 9.5, mono: true }) < room)
    g.text(bar.label, Math.max(left, 0) + 5, y + BAR / 2 + 0.5, {
      color: color.ink,
      size: 9.5,
      mono: true,
      halo: color.open,
      alpha,
    });
}

const both = new WeakMap<Model, readonly Bar[]>();

/** Connections and phases, the phases above. */
function bothOf(run: Model): readonly Bar[] {
  let bars = both.get(run);
  if (bars === undefined) {
    bars = [...run.bars, ...run.phases].sort(
      (a, b) => a.begins - b.begins || Number(a.state === 'phase') - Number(b.state === 'phase'),
    );
    both.set(run, bars);
  }
  return bars;
}

/** Below each wait a bracket from the least to the most that it might have been, and a diamond at what was drawn. */
function drawWaits(
  { g, color, axis, state, layout }: Scene,
  waits: readonly Wait[],
  lane: (lane: number) => Placed | undefined,
): void {
  const { from, to } = state.view;
  let free = -1;
  const covered = new Map<number, number>();
  for (const wait of waits) {
    if (wait.begins > to || wait.until < from) continue;
    const line = lane(wait.lane);
    if (line === undefined || line.height < 30) continue;
    const y = line.y + 7 + BAR + 6;
    const least = axis.x(Math.max(from, wait.begins + wait.least));
    const most = axis.x(Math.min(to, wait.begins + wait.most));
    const drawn = axis.x(Math.min(to, wait.until));
    const right = Math.max(most, drawn);
    if (right - Math.min(least, drawn) < 7 || right <= (covered.get(wait.lane) ?? -9) + 1) continue;
    covered.set(wait.lane, right);
    g.line(least, y, right, y, { stroke: color.waitline, width: 1.2 });
    g.line(least, y - 3, least, y + 3, { stroke: color.waitline, width: 1.2 });
    if (most < layout.width) g.line(most, y - 3, most, y + 3, { stroke: color.waitline, width: 1.2 });
    g.path([drawn - 3.5, y, drawn, y - 3.5, drawn + 3.5, y, drawn, y + 3.5], { fill: color.waitline }, true);
    const words = `wait ${formatDuration(wait.until - wait.begins)} of ${formatDuration(wait.least)} to ${formatDuration(wait.most)}`;
    const at = Math.max(least, 2);
    if (line.height >= 54 && at > free && right - at > 40) {
      const text = g.widthOf(words, { size: 10 }) < Math.max(right - at, 90) ? words : `#${wait.attempt}`;
      g.text(text, at, y + 9, { color: color.held, size: 10, halo: color.panel });
      free = at + g.widthOf(text, { size: 10 }) + 4;
    }
  }
}

/** The bar under a pointer, if there is one. */
export function barAt(run: Model, laneIndex: number, at: number, row: number): Bar | undefined {
  return bothOf(run).findLast(
    (bar) =>
      bar.lane === laneIndex &&
      bar.begins <= at &&
      bar.ends >= at &&
      (bar.row === row || bar.state === 'down' || bar.state === 'paused'),
  );
}

/** What was open, waiting or down in each lane at an instant. */
export const barsAt = (run: Model, at: number): readonly Bar[] =>
  bothOf(run).filter(({ begins, ends }) => begins <= at && at < ends);

export const rowsFrom = (run: Model, at: number): number => lowerBound(run.rows.at, at);

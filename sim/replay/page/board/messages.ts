/**
 * Messages as lines from send to receive: the slant is the latency. Colour means fate, never party. Above some thousands
 * in the window what is alike is counted by pixel column, and whatever was lost is drawn all the same: to look from
 * further away never hides a loss.
 */
import { CLASS, FATE, type Messages, type Model } from '../../model/model.ts';
import { cross, type Painter } from '../painter.ts';
import type { Palette } from '../palette.ts';
import { lowerBound, type Scene } from './scene.ts';

/** More than that are aggregated. */
const SINGLE = 3_000;
/** So many of one fate that is drawn by itself whatever happens. */
const ODD = 4_000;

export function drawMessages(scene: Scene, run: Model): void {
  const { messages } = run;
  const { from, to } = scene.state.view;
  const first = lowerBound(messages.begins, from - messages.longest);
  const end = lowerBound(messages.begins, to);
  if (end - first > SINGLE) drawMany(scene, run, first, end);
  else for (let i = first; i < end; i++) if ((messages.ends[i] as number) >= from) drawOne(scene, run, i);
}

/** The colour of a message: what became of it before what it was. */
export function colorOf(color: Palette, messages: Messages, i: number): string {
  const fate = messages.fate[i];
  if (fate === FATE.lost) return color.lost;
  if (fate === FATE.late) return color.late;
  if (fate === FATE.held) return color.held;
  const sort = messages.class[i];
  return sort === CLASS.data
    ? color.data
    : sort === CLASS.ack
      ? color.ack
      : sort === CLASS.post
        ? color.post
        : color.control;
}

function drawOne(scene: Scene, run: Model, i: number): void {
  const { g, color, axis, layout, state, story } = scene;
  const m = run.messages;
  const [from, to] = [m.from[i] as number, m.to[i] as number];
  if (from < 0) return;
  const [y1, y2] = [layout.laneY(run, from), layout.laneY(run, to < 0 ? from : to)];
  const [x1, x2] = [axis.x(m.begins[i] as number), axis.x(m.ends[i] as number)];
  if (x2 < -20 || x1 > layout.width + 20) return;
  const strong = story !== null && isTold(m, i, story);
  const alpha = alphaOf(scene, run, i, strong);
  if (alpha < 0.05) return;
  const stroke = colorOf(color, m, i);
  const width = strong ? 2 : m.class[i] === CLASS.data ? 1.3 : 1;
  const fate = m.fate[i] as number;
  const style = { stroke, width, alpha };
  if (fate === FATE.lost) {
    // It died on its way, or before it began it, which its connection's end tells much later: nobody saw where.
    const [x, y] = [x1 + Math.min((x2 - x1) * 0.6, 16), y1 + (y2 - y1) * 0.55];
    g.line(x1, y1, x, y, { ...style, dash: [4, 3] });
    cross(g, x, y, 3.6, stroke, Math.max(alpha, 0.55));
  } else if (fate === FATE.inFlight)
    g.line(x1, y1, Math.min(x1 + 26, layout.width), y1 + 7, { ...style, dash: [1, 3] });
  else if (fate === FATE.held) {
    const bend = x1 + (x2 - x1) * 0.82;
    const mid = y1 + (y2 - y1) * 0.16;
    g.path([x1, y1, x1, mid, bend, mid, x2, y2], style);
    if (bend - x1 > 4) g.line(x1, mid, bend, mid, { stroke, width: 3.5, alpha: alpha * 0.75 });
  } else if (fate === FATE.late) {
    g.line(x1, y1, x2, y2, { ...style, dash: [8, 4] });
    g.circle(x2, y2, 3.2, { stroke, width: 1.5, fill: color.panel, alpha });
  } else g.line(x1, y1, x2, y2, m.class[i] === CLASS.post ? { ...style, dash: [2, 3], alpha: alpha * 0.8 } : style);
  if (m.again[i] === 1)
    g.path([x1, y1 - 5, x1 + 4.5, y1 + 3.5, x1 - 4.5, y1 + 3.5], { fill: stroke, alpha: Math.max(alpha, 0.5) }, true);
  if (
    (fate === FATE.ok || fate === FATE.held) &&
    alpha > 0.3 &&
    Math.hypot(x2 - x1, y2 - y1) > 24 &&
    state.view.to - state.view.from < 60e6
  )
    arrow(g, x1, y1, x2, y2, stroke, alpha);
}

const isTold = (m: Messages, i: number, story: ReadonlySet<number>): boolean =>
  story.has(m.sent[i] as number) && story.has(m.ended[i] as number);

/** Outside of the story at a tenth, behind the cursor at half, in both of two runs faint. */
function alphaOf({ state, story, only, layout }: Scene, run: Model, i: number, strong: boolean): number {
  const m = run.messages;
  if (strong) return 1;
  const mine = only(run);
  if (layout.two && mine !== null) {
    const isMine = mine.has(m.sent[i] as number);
    return isMine ? 1 : 0.28;
  }
  const base = m.beat[i] === 1 || m.class[i] === CLASS.post ? 0.45 : 0.95;
  const odd = m.fate[i] !== FATE.ok;
  const faded = story === null ? 1 : odd ? 0.6 : 0.3;
  return base * faded * (state.view.at > 0 && (m.begins[i] as number) > state.view.at ? 0.6 : 1);
}

function arrow(g: Painter, x1: number, y1: number, x2: number, y2: number, fill: string, alpha: number): void {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const size = 6;
  g.path(
    [
      x2,
      y2,
      x2 - ux * size - uy * 2.6,
      y2 - uy * size + ux * 2.6,
      x2 - ux * size + uy * 2.6,
      y2 - uy * size - ux * 2.6,
    ],
    { fill, alpha },
    true,
  );
}

/** Counts by lanes, colour and pixel column; a column's strength is the root of its count. */
function drawMany(scene: Scene, run: Model, first: number, end: number): void {
  const { g, color, axis, layout, story } = scene;
  const m = run.messages;
  const columns = new Map<number, number>();
  const odd: number[] = [];
  const lanes = run.parties.length;
  const step = 2;
  const width = Math.ceil(layout.width / step) + 1;
  for (let i = first; i < end; i++) {
    const [from, to] = [m.from[i] as number, m.to[i] as number];
    if (from < 0 || to < 0) continue;
    const fate = m.fate[i] as number;
    if (fate === FATE.lost || fate === FATE.late || (story !== null && isTold(m, i, story))) {
      odd.push(i);
      continue;
    }
    const x = Math.floor(axis.x(m.begins[i] as number) / step);
    if (x < 0 || x >= width || from === to) continue;
    const sort = fate === FATE.held ? 4 : (m.class[i] as number);
    const key = ((Math.min(from, to) * lanes + Math.max(from, to)) * 5 + sort) * width + x;
    columns.set(key, (columns.get(key) ?? 0) + 1);
  }
  const most = Math.max(1, ...[...new Set(columns.values())]);
  const colors = [color.data, color.ack, color.control, color.post, color.held];
  for (const [key, count] of columns) {
    const x = (key % width) * step;
    const rest = Math.floor(key / width);
    const pair = Math.floor(rest / 5);
    const [a, b] = [layout.laneY(run, Math.floor(pair / lanes)), layout.laneY(run, pair % lanes)];
    g.line(x, a, x, b, { stroke: colors[rest % 5], width: step * 0.8, alpha: 0.12 + 0.6 * Math.sqrt(count / most) });
  }
  // A pixel that holds a cross already needs no other.
  const crossed = new Set<number>();
  for (const i of odd) {
    const place = Math.floor(axis.x(m.begins[i] as number)) * 64 + (m.from[i] as number);
    if (crossed.has(place) && (story === null || !isTold(m, i, story))) continue;
    crossed.add(place);
    if (crossed.size > ODD) break;
    drawOne(scene, run, i);
  }
}

/** The message nearest to a point, within a few pixels; -1 for none. */
export function messageAt(
  { axis, layout, state }: Pick<Scene, 'axis' | 'layout' | 'state'>,
  run: Model,
  x: number,
  y: number,
): number {
  const m = run.messages;
  const { from, to } = state.view;
  const end = lowerBound(m.begins, to);
  let best = -1;
  let least = 5;
  for (let i = lowerBound(m.begins, from - m.longest); i < end; i++) {
    if ((m.from[i] as number) < 0 || (m.ends[i] as number) < from) continue;
    const [x1, y1] = [axis.x(m.begins[i] as number), layout.laneY(run, m.from[i] as number)];
    const [x2, y2] = [axis.x(m.ends[i] as number), layout.laneY(run, m.to[i] as number)];
    if (x < Math.min(x1, x2) - 5 || x > Math.max(x1, x2) + 5) continue;
    const t = Math.max(
      0,
      Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2 || 1)),
    );
    const away = Math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1)) + (m.class[i] === CLASS.post ? 2 : 0);
    if (away < least) {
      least = away;
      best = i;
    }
  }
  return best;
}

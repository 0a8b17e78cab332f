/** The axis, what is magnified of it, and the lines that cross the whole board: cursor, breach, first difference. */
import { formatDuration, formatInstant, formatRounded } from '../../../../src/time.ts';
import { tick } from '../time.ts';
import type { Scene } from './scene.ts';

export function drawRuler({ g, color, axis, layout, state }: Scene): void {
  const { height, width } = layout;
  let free = -1;
  for (const { from, to, left, right, magnified } of axis.pieces) {
    if (magnified) {
      g.rect(left, 22, right - left, height - 22, { fill: color.mag });
      g.line(left, 21, right, 21, { stroke: color.magline, width: 2 });
    } else if (axis.pieces.length > 1) {
      const words = formatRounded(to - from);
      if (right - left > g.widthOf(words, { size: 10.5 }) + 8) {
        g.text(words, (left + right) / 2, 10, { color: color.ink3, size: 10.5, align: 'center' });
        free = Math.max(free, (left + right) / 2 + g.widthOf(words, { size: 10.5 }) / 2);
      }
      continue;
    }
    const step = tick(to - from, (right - left) / 92);
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      const x = axis.x(at);
      g.line(x, 22, x, height, { stroke: color.line, alpha: 0.8 });
      const words = formatDuration(at);
      const half = g.widthOf(words, { size: 10.5 }) / 2;
      if (x - half < free + 6 || x + half > width) continue;
      g.text(words, x, 10, { color: color.ink2, size: 10.5, align: 'center' });
      free = x + half;
    }
  }
  g.line(0, 22, width, 22, { stroke: color.line });
  if (state.view.at === 0 && state.run.rows.count === 0) g.text('nothing happened', 8, 10, { color: color.ink3 });
}

/** Above everything else. */
export function drawCursor({ g, color, axis, layout, state, parted }: Scene): void {
  const { run, view } = state;
  const { width, height } = layout;
  const isIn = (at: number): boolean => at >= view.from && at <= view.to;
  if (parted !== null && isIn(parted)) {
    const x = axis.x(parted);
    g.line(x, 22, x, height, { stroke: color.late, width: 1.5, dash: [5, 4] });
    flag(`first difference ${formatInstant(parted)}`, x);
  }
  for (const { at } of run.breaches)
    if (isIn(at)) g.line(axis.x(at), 22, axis.x(at), height, { stroke: color.broken, width: 1.6, alpha: 0.8 });
  const [breach, ...more] = run.breaches;
  if (breach !== undefined && isIn(breach.at)) {
    const x = axis.x(breach.at);
    const lane = Math.max(0, run.rows.lane[breach.row] ?? 0);
    const words = `✕ ${breach.law}${more.length > 0 ? `, and ${more.length} more` : ''}`;
    const wide = g.widthOf(words, { size: 11, weight: 650 }) + 12;
    const left = x - wide > 4 ? x - wide : x;
    const y = layout.laneY(run, lane) + 17;
    g.rect(left, y - 8, wide, 16, { fill: color.broken, radius: 3 });
    g.text(words, left + 6, y + 0.5, { color: color.panel, size: 11, weight: 650 });
  }
  if (!isIn(view.at)) return;
  const x = axis.x(view.at);
  const atBreach = run.breaches.some(({ at }) => at === view.at);
  const ink = atBreach ? color.broken : color.ink;
  g.line(x, 20, x, height, { stroke: ink, width: 1.3 });
  const words = formatInstant(view.at);
  const wide = g.widthOf(words, { size: 11, weight: 600, mono: true }) + 12;
  const left = Math.min(Math.max(x - wide / 2, 0), width - wide);
  g.rect(left, 2, wide, 17, { fill: ink, radius: 4 });
  g.text(words, left + 6, 11, { color: color.panel, size: 11, weight: 600, mono: true });

  function flag(text: string, at: number): void {
    const size = g.widthOf(text, { size: 11, weight: 600 }) + 12;
    const from = Math.min(Math.max(at + 1, 0), width - size);
    const heads = layout.lines.filter((line) => line.is === 'head');
    const y = heads.at(-1)?.y ?? (layout.lines.find((line) => line.is === 'law')?.y ?? height) - 19;
    g.rect(from, y + 1, size, 16, { fill: color.late, radius: 3 });
    g.text(text, from + 6, y + 9.5, { color: color.panel, size: 11, weight: 600 });
  }
}

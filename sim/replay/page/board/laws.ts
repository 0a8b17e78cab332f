/** Laws: a line for as long as they hold, and a hatched block from where they broke. */
import { cross, hatch } from '../painter.ts';
import type { Placed } from './layout.ts';
import type { Scene } from './scene.ts';

export function drawLaw(
  { g, color, axis, state, layout }: Scene,
  { name, broken, y, height }: Extract<Placed, { is: 'law' }>,
): void {
  const middle = y + height / 2;
  const breach = broken ? state.run.breaches.find(({ law }) => law === name) : undefined;
  const end = Math.min(layout.width, axis.x(Math.min(state.run.ended, state.view.to)));
  if (breach === undefined) {
    const words = name;
    const left = g.widthOf(words, { size: 10.5 }) + 16;
    g.text(words, 8, middle, { color: color.ink2, size: 10.5 });
    g.line(Math.min(left, end), middle, end, middle, { stroke: color.holds, width: 2, alpha: 0.5 });
    return;
  }
  const at = breach.at < state.view.from ? -10 : breach.at > state.view.to ? layout.width + 10 : axis.x(breach.at);
  g.line(0, middle, Math.min(at, end), middle, { stroke: color.holds, width: 2, alpha: 0.5 });
  if (at > layout.width) return;
  const wide = Math.max(5, end - at);
  g.rect(at, middle - 5, wide, 10, { fill: color.brokenbg, stroke: color.brokenline });
  hatch(g, [at, middle - 5, wide, 10], [0, layout.width], color.broken, { gap: 6, alpha: 0.3 });
  cross(g, at, middle, 4.5, color.broken);
}

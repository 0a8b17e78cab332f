/** The whole board, from back to front. */
import type { Model } from '../../model/model.ts';
import { drawBars, drawGround } from './bars.ts';
import { drawFault } from './faults.ts';
import { drawLaw } from './laws.ts';
import type { Placed } from './layout.ts';
import { drawMessages } from './messages.ts';
import { drawCursor, drawRuler } from './ruler.ts';
import { lowerBound, type Scene } from './scene.ts';
import { drawStream } from './streams.ts';

export function drawBoard(scene: Scene): void {
  const { g, color, layout, axis, state } = scene;
  g.rect(0, 0, layout.width, layout.height, { fill: color.panel });
  drawRuler(scene);
  for (const line of layout.lines)
    if (line.is === 'fault') drawFault(scene, line);
    else if (line.is === 'more-faults')
      for (const span of state.run.faults) {
        const [a, b] = [axis.x(Math.max(span.begins, state.view.from)), axis.x(Math.min(span.ends, state.view.to))];
        if (span.ends >= state.view.from && span.begins <= state.view.to)
          g.rect(a, line.y + 6, Math.max(b - a, 2), 5, { fill: color.ink3, alpha: 0.5 });
      }
    else if (line.is === 'law') drawLaw(scene, line);
    else if (line.is === 'stream') drawStream(scene, line);
    else if (line.is === 'head') {
      g.rect(0, line.y, layout.width, line.height, { fill: color.raise });
      const broken = line.run.breaches[0];
      g.text(
        broken === undefined
          ? line.run.exceeded === null
            ? '✓ every law holds'
            : `out of budget: ${line.run.exceeded}`
          : `✕ ${broken.message}`,
        8,
        line.y + 9,
        { color: broken === undefined ? color.holds : color.broken, size: 11, weight: 600 },
      );
    }
  const runs = layout.two ? [state.recorded, state.edited as Model] : [state.run];
  for (const run of runs) {
    const lanes = new Map(
      layout.lines.flatMap((line) => (line.is === 'lane' && line.run === run ? [[line.lane, line] as const] : [])),
    );
    const lane = (index: number): Extract<Placed, { is: 'lane' }> | undefined => lanes.get(index);
    const first = lanes.get(0);
    const last = lanes.get(run.parties.length - 1);
    if (first === undefined || last === undefined) continue;
    g.line(0, first.y + 0.5, layout.width, first.y + 0.5, { stroke: color.line });
    g.clip(0, first.y, layout.width, last.y + last.height - first.y, () => {
      drawGround(scene, run, lane);
      drawMessages(scene, run);
      drawBars(scene, run, lane);
      drawDots(scene, run);
      drawMarks(scene, run, lane);
    });
  }
  drawCursor(scene);
}

/** Where the story's steps stand, and what is selected. */
function drawDots({ g, color, axis, layout, state, story }: Scene, run: Model): void {
  const { view } = state;
  if (story !== null && run === state.run)
    for (const row of story) {
      const [at, lane] = [run.rows.at[row] as number, run.rows.lane[row] as number];
      if (lane < 0 || at < view.from || at > view.to) continue;
      const broken = run.breaches.some((breach) => breach.row === row);
      g.circle(axis.x(at), layout.laneY(run, lane), broken ? 4.5 : 3, {
        fill: broken ? color.broken : color.ink,
        stroke: color.panel,
        width: 1.5,
      });
    }
  if (run !== state.run || view.row < 0 || view.row >= run.rows.count) return;
  const lane = run.rows.lane[view.row] as number;
  const at = run.rows.at[view.row] as number;
  if (lane >= 0 && at >= view.from && at <= view.to)
    g.circle(axis.x(at), layout.laneY(run, lane), 6.5, { stroke: color.sel, width: 2 });
}

/** What applications were told, where there is room for words. */
function drawMarks(
  { g, color, axis, state, layout }: Scene,
  run: Model,
  lane: (index: number) => Placed | undefined,
): void {
  const { from, to } = state.view;
  const free = new Map<number, number>();
  for (
    let i = lowerBound(
      run.marks.map(({ at }) => at),
      from,
    );
    i < run.marks.length;
    i++
  ) {
    const mark = run.marks[i];
    if (mark === undefined || mark.at > to) break;
    const line = lane(mark.lane);
    if (line === undefined) continue;
    const [x, y] = [axis.x(mark.at), line.y + line.height - 8];
    g.path([x - 4, y - 4, x + 4, y - 4, x, y + 3], { fill: color.lost }, true);
    const words = mark.text;
    if (x < (free.get(mark.lane) ?? -1) || x + 60 > layout.width) continue;
    g.text(words, x + 7, y - 0.5, { color: color.lost, size: 10.5, halo: color.panel });
    free.set(mark.lane, x + 14 + g.widthOf(words, { size: 10.5 }));
  }
}

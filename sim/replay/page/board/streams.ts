/** A stream as sequence against time: made (a stepped line), sent (ticks, triangles for again), handed over (circles). */
import type { Model, Stream } from '../../model/model.ts';
import { tick } from '../time.ts';
import type { Placed } from './layout.ts';
import type { Scene } from './scene.ts';

type Points = readonly (readonly [at: number, seq: number, ...rest: unknown[]])[];

export function drawStream(scene: Scene, line: Extract<Placed, { is: 'stream' }>): void {
  const { g, color, axis, state, layout } = scene;
  const { run, view } = state;
  const { y, height } = line;
  g.line(0, y + 0.5, layout.width, y + 0.5, { stroke: color.line });
  const stream = streamOf(run, view.streams[line.place] as number);
  if (stream === undefined) return;
  const [least, most] = rangeOf(stream, view.from, view.to);
  const [top, bottom] = [y + 9, y + height - 6];
  const yOf = (seq: number): number => bottom - ((seq - least) * (bottom - top)) / Math.max(1, most - least);
  const step = tick(most - least, (bottom - top) / 26);
  for (let seq = Math.ceil(least / step) * step; seq <= most; seq += step) {
    g.line(0, yOf(seq), layout.width, yOf(seq), { stroke: color.line, alpha: 0.7 });
    g.text(String(seq), 4, yOf(seq) - 6, { color: color.ink3, size: 10, halo: color.panel });
  }
  const steps = (points: Points): number[] => {
    const line: number[] = [];
    let [last, lastX] = [least, -9];
    for (const [at, seq] of points) {
      if (seq <= last) continue;
      if (at < view.from) {
        last = seq;
        continue;
      }
      if (at > view.to) break;
      const x = axis.x(at);
      if (line.length === 0) line.push(0, yOf(last));
      if (x - lastX >= 1) line.push(x, yOf(last), x, yOf(seq));
      else line[line.length - 1] = yOf(seq);
      [last, lastX] = [seq, x];
    }
    if (line.length === 0) line.push(0, yOf(last));
    line.push(Math.min(layout.width, axis.x(Math.min(run.ended, view.to))), yOf(last));
    return line;
  };
  g.clip(0, y + 1, layout.width, height - 1, () => {
    const [made, had] = [steps(stream.produced), steps(stream.received)];
    const back: number[] = [];
    for (let i = had.length - 2; i >= 0; i -= 2) back.push(had[i] as number, had[i + 1] as number);
    if (stream.produced.length > 0) {
      g.path([...made, ...back], { fill: color.data, alpha: 0.08 }, true);
      g.path(made, { stroke: color.ink2, width: 1.4 });
    }
    if (layout.two) {
      const before = state.recorded.streams.find(({ name }) => name === stream.name);
      if (before !== undefined) g.path(steps(before.received), { stroke: color.late, width: 1.2, dash: [4, 3] });
    }
    g.path(had, { stroke: color.ack, width: 1.4 });
    let lastX = -9;
    for (const [at, seq, , how] of stream.sent) {
      if (at < view.from || at > view.to) continue;
      const [x, at2] = [axis.x(at), yOf(seq)];
      if (how === 1) g.path([x, at2 - 4.5, x + 4.5, at2 + 3.5, x - 4.5, at2 + 3.5], { fill: color.lost }, true);
      else if (x - lastX >= 1.5) {
        g.line(x, at2 - 4, x, at2 + 4, { stroke: how === 2 ? color.lost : color.data, width: 1.5 });
        lastX = x;
      }
    }
    const seen = new Set<number>();
    lastX = -9;
    for (const [at, seq] of stream.received) {
      const twice = seen.has(seq);
      seen.add(seq);
      if (at < view.from || at > view.to) continue;
      const x = axis.x(at);
      if (twice) {
        g.circle(x, yOf(seq), 6.5, { stroke: color.broken, width: 2 });
        g.text(`${seq} again`, x + 10, yOf(seq), { color: color.broken, size: 10.5, weight: 600, halo: color.panel });
      } else if (x - lastX >= 3) {
        g.circle(x, yOf(seq), 2.6, { stroke: color.ack, width: 1.3, fill: color.panel });
        lastX = x;
      }
    }
  });
}

export const streamOf = (run: Model, index: number): Stream | undefined =>
  run.streams[Math.min(index, run.streams.length - 1)];

/** The numbers that a window shows, so that its own steps are seen. */
function rangeOf(stream: Stream, from: number, to: number): readonly [number, number] {
  let [least, most, before] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const points of [stream.produced, stream.received] as readonly Points[])
    for (const [at, seq] of points)
      if (at < from) before = Math.max(before, seq);
      else if (at <= to) {
        least = Math.min(least, seq);
        most = Math.max(most, seq);
      }
  if (most === 0) return [Math.max(0, before - 2), before + 1];
  return [Math.max(0, Math.min(least, before) - 1), most + 1];
}

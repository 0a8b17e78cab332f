/// <reference lib="dom" />
/** The steps of a story as a sequence diagram: evenly spaced, downwards, only the parties that have a part in it. */
import { CLASS, FATE, type Model, SORT, textAt } from '../../model/model.ts';
import { svg } from '../dom.ts';
import type { StoryLine } from './story.ts';

const ROW = 34;
const TOP = 26;

export function drawing(run: Model, lines: readonly StoryLine[], select: (row: number) => void): Node {
  const { rows, messages } = run;
  const steps = merged(run, lines);
  const used = [...new Set(steps.flatMap(({ from, to }) => [from, to]))]
    .filter((lane) => lane >= 0)
    .sort((a, b) => a - b);
  const width = 376;
  const left = 30;
  const x = (lane: number): number =>
    left + (used.length <= 1 ? width / 2 : (used.indexOf(lane) * (width - 2 * left)) / (used.length - 1));
  const height = TOP + steps.length * ROW + 6;
  return svg(
    'svg',
    { class: 'whysvg', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    used.map((lane) => [
      svg(
        'text',
        { x: x(lane), y: 12, 'text-anchor': 'middle', 'font-size': 11, 'font-weight': 600, fill: 'var(--ink)' },
        shorten(run.parties[lane]?.id ?? '', 12),
      ),
      svg('line', { x1: x(lane), x2: x(lane), y1: 19, y2: height, stroke: 'var(--line2)' }),
    ]),
    steps.map(({ row, from, to, message, breach, fault }, i) => {
      const y = TOP + i * ROW + 10;
      const fate = message < 0 ? FATE.ok : messages.fate[message];
      const color =
        breach || fault
          ? 'var(--broken)'
          : fate === FATE.lost
            ? 'var(--lost)'
            : fate === FATE.late
              ? 'var(--late)'
              : fate === FATE.held
                ? 'var(--held)'
                : message >= 0 && messages.class[message] === CLASS.data
                  ? 'var(--data)'
                  : message >= 0 && messages.class[message] === CLASS.ack
                    ? 'var(--ack)'
                    : 'var(--control)';
      const [x1, x2] = [x(from), x(to)];
      const words = shorten(textAt(rows, row), 54);
      const start = Math.min(x1, x2);
      const flip = start > width * 0.6;
      const reach = fate === FATE.lost ? x1 + (x2 - x1) * 0.7 : x2;
      return svg(
        'g',
        { onclick: () => select(row) },
        breach ? svg('rect', { x: 0, y: y - 9, width, height: ROW, fill: 'var(--brokenbg)' }) : null,
        x1 === x2
          ? svg(
              fault ? 'rect' : 'circle',
              fault
                ? { x: x1 - 5, y: y - 5, width: 10, height: 10, rx: 2, fill: color }
                : { cx: x1, cy: y, r: 4.5, fill: breach ? color : 'var(--panel)', stroke: color, 'stroke-width': 1.8 },
            )
          : [
              svg('line', {
                x1,
                x2: reach,
                y1: y,
                y2: y,
                stroke: color,
                'stroke-width': 1.8,
                'stroke-dasharray': fate === FATE.ok || fate === FATE.held ? null : '4 3',
              }),
              svg('circle', { cx: x1, cy: y, r: 2.6, fill: color }),
              fate === FATE.lost
                ? svg('path', { d: `M${reach - 4} ${y - 4}l8 8m0-8l-8 8`, stroke: color, 'stroke-width': 2 })
                : svg('path', { d: `M${x2} ${y}l${x2 > x1 ? -7 : 7}-3.4v6.8z`, fill: color }),
            ],
        svg(
          'text',
          {
            x: flip ? width - 2 : Math.max(2, start),
            y: y + 15,
            'text-anchor': flip ? 'end' : 'start',
            'font-size': 11,
            fill: breach || fault ? color : 'var(--ink2)',
            stroke: breach ? 'none' : 'var(--panel)',
            'stroke-width': 3,
            'paint-order': 'stroke',
          },
          words,
        ),
      );
    }),
  );
}

interface Step {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly message: number;
  readonly breach: boolean;
  readonly fault: boolean;
}

/** A message that was sent and arrived is one step. */
function merged({ rows, messages }: Model, lines: readonly StoryLine[]): readonly Step[] {
  const steps: Step[] = [];
  for (const { row, breach } of lines) {
    const lane = rows.lane[row] as number;
    const message = rows.message[row] as number;
    const ended = message >= 0 && messages.ended[message] === row;
    const fault = rows.sort[row] === SORT.fault;
    if (ended && messages.from[message] !== messages.to[message]) {
      const last = steps.at(-1);
      if (last?.message === message) steps.pop();
      steps.push({
        row,
        from: messages.from[message] as number,
        to: messages.to[message] as number,
        message,
        breach,
        fault,
      });
    } else if (lane >= 0) steps.push({ row, from: lane, to: lane, message, breach, fault });
    else if (fault)
      steps.push({ row, from: steps.at(-1)?.to ?? 0, to: steps.at(-1)?.to ?? 0, message: -1, breach, fault });
  }
  return steps;
}

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

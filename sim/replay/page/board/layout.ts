/** What stands below each other on the board: the axis, faults, lanes (twice when two runs are compared), laws, streams. */
import type { Model, Party } from '../../model/model.ts';
import type { PageFault, State } from '../state.ts';

export type Line =
  | { readonly is: 'axis' | 'gap' }
  | { readonly is: 'fault'; readonly fault: PageFault; readonly index: number }
  | { readonly is: 'more-faults'; readonly count: number }
  | { readonly is: 'head'; readonly run: Model; readonly title: string }
  | { readonly is: 'lane'; readonly party: Party; readonly lane: number; readonly run: Model; readonly second: boolean }
  | { readonly is: 'law'; readonly name: string; readonly broken: boolean; readonly title: string }
  | { readonly is: 'stream'; readonly place: 0 | 1 };

export type Placed = Line & { readonly y: number; readonly height: number };

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Placed[];
  readonly two: boolean;
  /** Where the middle of a lane is. */
  laneY(run: Model, lane: number): number;
}

/** More faults than that share a row; all of them stand in What if. */
const FAULT_ROWS = 9;
const FAULT = 24;

/** `room`: what the window has; the board takes more where it must. `accused`: faults that have a row whatever happens. */
export function layoutOf(state: State, width: number, room: number, accused: ReadonlySet<number>): Layout {
  const { run, recorded, edited, view, faults } = state;
  const two = view.compare && edited !== null;
  const lines: Placed[] = [];
  let y = 0;
  const put = (line: Line, height: number): void => {
    lines.push({ ...line, y, height });
    y += height;
  };
  put({ is: 'axis' }, 22);
  const shown = faults.length <= FAULT_ROWS ? faults.map((_, i) => i) : rowsOf(faults, accused);
  for (const index of shown) put({ is: 'fault', fault: faults[index] as PageFault, index }, FAULT);
  if (shown.length < faults.length) put({ is: 'more-faults', count: faults.length - shown.length }, 18);
  put({ is: 'gap' }, 5);
  const graphs = Math.min(run.streams.length, two ? 1 : 2);
  const broken = run.breaches.length;
  const fixed = y + (two ? 36 : 0) + broken * 17 + 17 + graphs * 92 + 6;
  const share = run.parties.reduce((sum, _, lane) => sum + (isQuiet(run, lane) ? QUIET : 1), 0) * (two ? 2 : 1);
  const unit = Math.max(two ? 30 : 44, Math.min(two ? 42 : 86, (room - fixed) / Math.max(1, share)));
  const lanes = (of: Model, title: string, second: boolean): void => {
    if (two) put({ is: 'head', run: of, title }, 18);
    for (const [lane, party] of of.parties.entries())
      put(
        { is: 'lane', party, lane, run: of, second },
        Math.round(isQuiet(of, lane) ? Math.max(26, unit * QUIET) : unit),
      );
  };
  if (two) {
    lanes(recorded, 'As recorded', false);
    lanes(edited as Model, 'Edited', true);
  } else lanes(run, '', false);
  put({ is: 'gap' }, 3);
  for (const { law } of run.breaches)
    put({ is: 'law', name: law, broken: true, title: run.laws.find(({ name }) => name === law)?.states ?? law }, 17);
  const judged = run.laws.filter(
    ({ name, because }) => because === null && !run.breaches.some(({ law }) => law === name),
  );
  put(
    {
      is: 'law',
      name: heldWords(judged.length, run, broken),
      broken: false,
      title: judged.map(({ name }) => name).join(', '),
    },
    17,
  );
  const left = Math.max(88, Math.min(150, (room - y - 2) / Math.max(1, graphs)));
  for (let i = 0; i < graphs; i++) put({ is: 'stream', place: i as 0 | 1 }, Math.floor(left));
  const laneYs = new Map(
    lines.flatMap((line) => (line.is === 'lane' ? [[keyOf(line.run, line.lane), line.y + LANE_Y] as const] : [])),
  );
  return { width, height: Math.max(y, 120), lines, two, laneY: (of, lane) => laneYs.get(keyOf(of, lane)) ?? 0 };
}

/** Messages begin and end at a lane's first bar. */
const LANE_Y = 12;

/** A lane without a connection has only the ends of lines in it. */
const QUIET = 0.55;
const loud = new WeakMap<Model, ReadonlySet<number>>();
function isQuiet(run: Model, lane: number): boolean {
  let lanes = loud.get(run);
  if (lanes === undefined) {
    lanes = new Set(run.bars.map((bar) => bar.lane));
    loud.set(run, lanes);
  }
  return !lanes.has(lane);
}

const heldWords = (judged: number, { laws, breaches, exceeded }: Model, broken: number): string => {
  const rest = laws.length - judged - breaches.length;
  return `${judged} ${broken > 0 ? 'other ' : ''}${judged === 1 ? 'law holds' : 'laws hold'}${exceeded === null ? '' : ' so far'}${rest > 0 ? `, ${rest} not judged` : ''}`;
};

const numbers = new WeakMap<Model, number>();
let models = 0;
const keyOf = (run: Model, lane: number): string => {
  if (!numbers.has(run)) numbers.set(run, ++models);
  return `${numbers.get(run)} ${lane}`;
};

function rowsOf(faults: readonly PageFault[], accused: ReadonlySet<number>): readonly number[] {
  const changed = ({ fault, recorded, on }: PageFault): boolean =>
    !on || JSON.stringify(fault) !== JSON.stringify(recorded);
  const wanted = faults.flatMap((fault, i) => (accused.has(i) || changed(fault) ? [i] : []));
  const rest = faults.flatMap((_, i) => (wanted.includes(i) ? [] : [i]));
  return [...wanted, ...rest].slice(0, FAULT_ROWS - 1).sort((a, b) => a - b);
}

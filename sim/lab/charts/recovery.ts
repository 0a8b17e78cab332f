/**
 * Recovery: the share of clients that is not back yet, against the time since the servers are. Both ends of the tale are
 * in one picture because the share is on a logarithmic axis: half of the clients, and the last in ten thousand.
 *
 * A curve ends where its last client is back, and is named there. One that runs into the right edge is of a policy that
 * leaves clients behind. Left of the dashed line nobody can be: N clients take N/C seconds.
 */
import type { LabTrace } from '../experiment/document.ts';
import {
  type Axis,
  encoded,
  frame,
  type LabChart,
  linearAxis,
  logAxis,
  SIZES,
  type Spec,
  specOf,
  textAt,
  WIDTH,
} from './chart.ts';
import { dodged } from './dodge.ts';
import { percent, seconds, tick } from './figure.ts';
import { type KeyLine, keyView } from './key.ts';
import { light } from './palette.ts';
import { backAfter, type Drawn, neverBack, type Reading } from './reading.ts';

const LEFT = 40;
const PLOT = WIDTH - LEFT - 14;
const HEIGHT = 190;
/** Below the plot, for the letters of curves that end at its bottom. */
const BADGE = 18;

interface Step {
  readonly policy: string;
  readonly seconds: number;
  readonly share: number;
}

export function recoveryChart(reading: Reading): LabChart | null {
  const drawn = reading.shown.filter(({ id }) => (reading.trace(id)?.waiting.seconds.length ?? 0) > 0);
  if (drawn.length === 0) return null;
  const { clients } = reading.storm.storm;
  const x = timeAxis(reading, drawn);
  const y = logAxis(Math.min(0.5, 1 / clients), 1, 7);
  const steps = drawn.flatMap((who) => stepsOf(who, reading.trace(who.id) as LabTrace, x, y));
  const ends = placed(drawn, reading, x, y);
  const title = 'Clients that are not back yet';
  const body: Spec = {
    datasets: { waiting: steps },
    bounds: 'flush',
    spacing: 52,
    vconcat: [
      {
        width: PLOT,
        height: HEIGHT,
        layer: [
          frame(LEFT),
          gridLine(x, y),
          ...boundLine(reading, x, y),
          ...drawn.map(({ name, series }) => curve(name, series.colour, series.dash)),
          ...ends.flatMap((end) => badge(end)),
        ],
      },
      keyView(
        LEFT,
        ['half back', '99 %', 'all'],
        drawn.map((who) => keyLine(who, reading.trace(who.id) as LabTrace)),
      ),
    ],
  };
  return {
    name: 'recovery',
    title,
    says: sentence(reading, drawn),
    spec: specOf({ reading, title, notes: ['One replication of each policy.'], body }),
    table: tableOf(reading, drawn),
  };
}

/** Linear, unless somebody takes many times as long as physics: then logarithmic, from a hundredth of the bound on. */
function timeAxis({ storm, trace }: Reading, drawn: readonly Drawn[]): Axis {
  const lasts = drawn.map(({ id }) => trace(id)?.waiting.seconds.at(-1) ?? 0);
  const longest = Math.max(storm.bound, ...lasts) * 1.03;
  const typical = lasts.toSorted((a, b) => a - b)[Math.floor((lasts.length - 1) / 2)] ?? longest;
  return longest > 5 * Math.max(typical, storm.bound) || longest > 8 * storm.bound
    ? logAxis(Math.min(storm.bound, ...lasts.filter((last) => last > 0)) / 30, longest, 7)
    : linearAxis(0, longest, 7);
}

/** The most steps of a curve: as many as it has pixels. */
const STEPS_MOST = 300;

/** The curve without steps that nobody could see; the last one is kept. */
function stepsOf({ name }: Drawn, { waiting }: LabTrace, x: Axis, y: Axis): readonly Step[] {
  const steps: Step[] = [{ policy: name, seconds: x.domain[0], share: 1 }];
  let before = { across: 0, down: 1 };
  for (const [nth, at] of waiting.seconds.entries()) {
    const share = waiting.share[nth] as number;
    const place = { across: x.at(at), down: y.at(share) };
    const last = nth === waiting.seconds.length - 1;
    const near = Math.abs(place.across - before.across) + Math.abs(place.down - before.down) < 1 / STEPS_MOST;
    if (near && !last && share > 0) continue;
    before = place;
    // A logarithm has no zero: the last client back is drawn as a step to the bottom.
    steps.push({ policy: name, seconds: Math.max(at, x.domain[0]), share: Math.max(share, y.domain[0]) });
  }
  if (neverBack({ waiting } as LabTrace) > 0)
    steps.push({
      policy: name,
      seconds: x.domain[1],
      share: Math.max(neverBack({ waiting } as LabTrace), y.domain[0]),
    });
  return steps;
}

const curve = (policy: string, color: string, dash: readonly number[]): Spec => ({
  data: { name: 'waiting' },
  transform: [{ filter: { field: 'policy', equal: policy } }],
  mark: {
    type: 'line',
    interpolate: 'step-after',
    color,
    strokeWidth: 1.4,
    strokeDash: [...dash],
    strokeJoin: 'round',
  },
  encoding: { x: { field: 'seconds', type: 'quantitative' }, y: { field: 'share', type: 'quantitative' } },
});

/** The axes: the first layer of a view has them, the others share its scales. */
function gridLine(x: Axis, y: Axis): Spec {
  return {
    data: { values: [{ seconds: x.domain[0], share: 1 }] },
    mark: { type: 'point', opacity: 0 },
    encoding: {
      x: {
        field: 'seconds',
        type: 'quantitative',
        ...encoded(x, { title: 'time since the servers are back (s)', grid: true, offset: BADGE }),
      },
      y: {
        field: 'share',
        type: 'quantitative',
        ...encoded(y, { title: null, grid: true, offset: 3, domain: false }, percent),
      },
    },
  };
}

/** Who is the nth to be back cannot be so before n/C: of one outage that everybody was dropped by. */
function boundLine({ storm }: Reading, x: Axis, y: Axis): readonly Spec[] {
  const { outages } = storm.storm;
  const whole = outages.length === 1 && outages[0]?.drops.num === outages[0]?.drops.of;
  if (!whole) return [];
  const values: { seconds: number; share: number }[] = [
    { seconds: x.domain[0], share: Math.max(1 - x.domain[0] / storm.bound, y.domain[0]) },
  ];
  // Even steps down the axis, and not along it: the curve falls off a cliff at its end.
  for (let nth = 1; nth <= 80; nth++) {
    const share = Number(10 ** ((Math.log10(y.domain[0]) * nth) / 80));
    const at = storm.bound * (1 - share);
    if (at > x.domain[0]) values.push({ seconds: at, share });
  }
  const across = x.at(storm.bound) * PLOT;
  const right = across < 62;
  return [
    {
      data: { values },
      mark: { type: 'line', color: light('ink3'), strokeWidth: 1, strokeDash: [2, 2] },
      encoding: { x: { field: 'seconds', type: 'quantitative' }, y: { field: 'share', type: 'quantitative' } },
    },
    textAt(across + (right ? 4 : -4), HEIGHT - 16, ['N/C', seconds(storm.bound)], {
      align: right ? 'left' : 'right',
      color: light('ink2'),
    }),
  ];
}

interface End {
  readonly who: Drawn;
  readonly never: boolean;
  /** Where the curve ends, and where its letter stands: pixels across of a curve that ends below, down of one that never does. */
  readonly ends: number;
  readonly letter: number;
}

/** Curves that reach the bottom have their letter below it, those that never do at the right edge. */
function placed(drawn: readonly Drawn[], { trace }: Reading, x: Axis, y: Axis): readonly End[] {
  const ends = drawn.map((who) => {
    const own = trace(who.id) as LabTrace;
    const share = neverBack(own);
    return share > 0
      ? { who, never: true, ends: HEIGHT * (1 - y.at(share)) }
      : { who, never: false, ends: x.at(own.waiting.seconds.at(-1) ?? 0) * PLOT };
  });
  const side = (never: boolean, most: number): readonly End[] => {
    const own = ends.filter((end) => end.never === never);
    const letters = dodged(
      own.map((end) => end.ends),
      LETTER_GAP,
      4,
      most,
    );
    return own.map((end, nth) => ({ ...end, letter: letters[nth] as number }));
  };
  return [...side(false, PLOT), ...side(true, HEIGHT)];
}

const LETTER_GAP = 10;

function badge({ who: { series }, never, ends, letter }: End): readonly Spec[] {
  const bold = { fontWeight: 'bold', fontSize: SIZES.small, color: series.colour };
  const [from, to] = never
    ? [
        { x: PLOT, y: ends },
        { x: PLOT + 5, y: letter },
      ]
    : [
        { x: ends, y: HEIGHT },
        { x: letter, y: HEIGHT + 6 },
      ];
  return [
    {
      data: { values: [{}] },
      mark: { type: 'rule', color: series.colour, strokeWidth: 0.7 },
      encoding: { x: { value: from.x }, x2: { value: to.x }, y: { value: from.y }, y2: { value: to.y } },
    },
    never
      ? textAt(to.x + 1, to.y + 3, series.letter, bold)
      : textAt(to.x, to.y + 8, series.letter, { ...bold, align: 'center' }),
  ];
}

function keyLine(who: Drawn, trace: LabTrace): KeyLine {
  const back = (part: number): string => {
    const after = backAfter(trace, part);
    return after === null ? 'never' : seconds(after);
  };
  return { who, figures: [back(0.5), back(0.99), back(1)] };
}

function sentence({ trace, storm }: Reading, drawn: readonly Drawn[]): string {
  const back = drawn.map((who) => ({ who, after: backAfter(trace(who.id) as LabTrace, 0.99) }));
  const some = back
    .flatMap(({ who, after }) => (after === null ? [] : [{ who, after }]))
    .toSorted((a, b) => a.after - b.after);
  const never = back.filter(({ after }) => after === null).map(({ who }) => who.name);
  const [first, last] = [some[0], some.at(-1)];
  const bound =
    storm.bound > 0
      ? `, ${tick(Number((((first?.after ?? 0) / storm.bound) as number).toPrecision(3)))} times N/C`
      : '';
  const parts = [
    first === undefined
      ? ''
      : `99 % of the clients are back after ${seconds(first.after)} with ${first.who.name}${bound}`,
    first === last || last === undefined ? '' : `after ${seconds(last.after)} with ${last.who.name}`,
    never.length === 0 ? '' : `never with ${never.join(', ')}`,
  ].filter((part) => part !== '');
  return `${parts.join('; ')}.`;
}

const PARTS = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1] as const;

function tableOf({ trace }: Reading, drawn: readonly Drawn[]): LabChart['table'] {
  return {
    caption:
      'Time since the servers are back until so many clients were, of one replication of each policy; every step is in traces/waiting.parquet.',
    columns: ['policy', ...PARTS.map((part) => (part === 1 ? 'all' : percent(part)))],
    rows: drawn.map((who) => [
      who.name,
      ...PARTS.map((part) => {
        const after = backAfter(trace(who.id) as LabTrace, part);
        return after === null ? 'never' : seconds(after);
      }),
    ]),
  };
}

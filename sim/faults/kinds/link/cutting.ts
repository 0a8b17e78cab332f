/** Faults that cut links: what enters a cut path is gone, and nobody is told. */
import type { NodeId } from '../../../../src/machine.ts';
import { type Duration, ms, us } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import { OUTAGES, type OutageName } from '../../../networks/outages.ts';
import type { FaultBase, Kinds } from '../../kind.ts';
import { MOST_TIMES, nodes, oneOf, orderOf, time, whole } from '../../parameter.ts';
import type { Scene } from '../../scene.ts';

/** A black hole, in one or both directions. */
interface Cut extends FaultBase {
  readonly kind: 'cut';
  readonly lasts: Duration;
  readonly direction: 'both' | 'up' | 'down';
}

/** Several short cuts, one after the other. */
interface Flap extends FaultBase {
  readonly kind: 'flap';
  readonly times: number;
  readonly off: Duration;
  readonly on: Duration;
}

/** Several links are cut, at staggered times, and heal in another order. */
interface Swizzle extends FaultBase {
  readonly kind: 'swizzle';
  /** In the order of their cuts; the first is the target. */
  readonly links: readonly NodeId[];
  /** Positions in `links`, in the order of healing. */
  readonly heals: readonly number[];
  readonly stagger: Duration;
  /** From the first cut to the first heal. */
  readonly lasts: Duration;
}

/** The outages of a measured drive, one after the other. */
interface MeasuredOutage extends FaultBase {
  readonly kind: 'measuredOutage';
  readonly trace: OutageName;
  /** The first outage that is played, and how many are. */
  readonly first: number;
  readonly count: number;
}

export type CutFault = Cut | Flap | Swizzle | MeasuredOutage;

const lasts = time('microseconds until it is over');

/** Cuts or heals every second moment: cut, heal, cut, … */
const toggle = (scene: Scene, target: NodeId, index: number): void =>
  scene.cut(scene.node(target), 'both', index % 2 === 1);

export const CUT_KINDS: Kinds<CutFault> = {
  cut: {
    hits: 'link',
    about: 'link: a black hole, nobody is told',
    parameters: { lasts, direction: oneOf('both, up or down', ['both', 'up', 'down']) },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/link', menu.links),
      lasts,
      direction: dice.pick('plan/direction', ['both', 'both', 'up', 'down'] as const),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, direction }) {
      scene.cut(scene.node(target), direction, true);
      return 'lasts';
    },
    end: (scene, { target, direction }) => scene.cut(scene.node(target), direction, false),
  },
  flap: {
    hits: 'link',
    about: 'link: several short cuts, one after the other',
    parameters: {
      times: whole('cuts (1 to 1000)', 1, MOST_TIMES),
      off: time('microseconds that each cut lasts'),
      on: time('microseconds between two of them'),
    },
    draw: (dice, menu, lasts) => {
      const times = dice.between('plan/flap', 2, 6);
      const on = ms(dice.between('plan/flap', 50, 2000));
      return { target: dice.pick('plan/link', menu.links), times, off: us(lasts / times), on };
    },
    duration: ({ times, off, on }) => us(times * off + (times - 1) * on),
    begin(scene, { target }) {
      scene.cut(scene.node(target), 'both', true);
      return 'lasts';
    },
    steps: ({ times, off, on }) =>
      Array.from({ length: 2 * (times - 1) }, (_, i) => us(((i >> 1) + 1) * off + ((i + 1) >> 1) * on)),
    step: (scene, { target }, index) => toggle(scene, target, index),
    end: (scene, { target }) => scene.cut(scene.node(target), 'both', false),
  },
  swizzle: {
    hits: 'link',
    about: 'links: several are cut at staggered times and heal in another order',
    parameters: {
      links: nodes('names, in the order of their cuts', 'link'),
      heals: orderOf('positions in `links`, in the order of healing', 'links'),
      stagger: time('microseconds between two cuts, and between two heals'),
      lasts: time('microseconds from the first cut to the first heal'),
    },
    draw: (dice, menu, lasts) => {
      const links = shuffled(dice, menu.links).slice(0, dice.between('plan/swizzle', 2, 5));
      const heals = shuffled(
        dice,
        links.map((_, i) => i),
      );
      const stagger = ms(dice.between('plan/swizzle', 1, 500));
      return { target: links[0] as NodeId, links, heals, stagger, lasts };
    },
    duration: ({ links, stagger, lasts }) => us(Math.max(lasts, links.length * stagger) + links.length * stagger),
    begin: () => 'lasts',
    steps: ({ links, heals, stagger, lasts }) => [
      ...links.map((_, i) => us(i * stagger)),
      ...heals.map((_, i) => us(Math.max(lasts, links.length * stagger) + i * stagger)),
    ],
    step(scene, { links, heals }, index) {
      const begins = index < links.length;
      const link = links[begins ? index : (heals[index - links.length] as number)] as NodeId;
      // A plan of another world may name a link that this one does not have.
      if (scene.universe.wiring.find(link) !== undefined) scene.cut(scene.node(link), 'both', begins);
    },
    end() {},
  },
  measuredOutage: {
    hits: 'link',
    about: 'link: the outages that a moving phone had, as they were measured',
    parameters: {
      trace: oneOf(`the drive: ${Object.keys(OUTAGES).join(', ')}`, Object.keys(OUTAGES)),
      first: whole('number of the first outage, from 0; behind the last comes the first again', 0, MOST_TIMES),
      count: whole('outages (1 to 1000)', 1, MOST_TIMES),
    },
    draw: (dice, menu) => {
      const trace = dice.pick('plan/outage', Object.keys(OUTAGES) as OutageName[]);
      const gaps = OUTAGES[trace].gaps.length;
      return {
        target: dice.pick('plan/link', menu.links),
        trace,
        first: dice.between('plan/outage', 0, gaps - 1),
        count: dice.between('plan/outage', 1, Math.min(6, gaps)),
      };
    },
    duration: (fault) => moments(fault).at(-1) as Duration,
    begin(scene, { target }) {
      scene.cut(scene.node(target), 'both', true);
      return 'lasts';
    },
    steps: (fault) => moments(fault).slice(0, -1),
    step: (scene, { target }, index) => toggle(scene, target, index),
    end: (scene, { target }) => scene.cut(scene.node(target), 'both', false),
  },
};

/** Ends and beginnings of the outages of a drive, counted from the beginning of the first. */
function moments({ trace, first, count }: MeasuredOutage): readonly Duration[] {
  const { period, gaps } = OUTAGES[trace];
  const list: Duration[] = [];
  const [start] = gaps[first % gaps.length] as readonly [number, number];
  for (let i = 0; i < count; i++) {
    const round = Math.floor((first + i) / gaps.length) - Math.floor(first / gaps.length);
    const [begin, length] = gaps[(first + i) % gaps.length] as readonly [number, number];
    const from = round * period + begin - start;
    if (i > 0) list.push(ms(from));
    list.push(ms(from + length));
  }
  return list;
}

function shuffled<T>(dice: Dice, list: readonly T[]): readonly T[] {
  const cards = [...list];
  for (let i = cards.length - 1; i > 0; i--) {
    const other = dice.between('plan/swizzle', 0, i);
    const card = cards[i] as T;
    cards[i] = cards[other] as T;
    cards[other] = card;
  }
  return cards;
}

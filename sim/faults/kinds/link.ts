/** Faults of a link: `target` is its name, for instance `c1-lb`. */
import type { LinkConfig, PathConfig } from '../../../src/link/config.ts';
import type { LinkEvent } from '../../../src/link/vocabulary.ts';
import { type Duration, ms, plus, ZERO } from '../../../src/time.ts';
import type { FaultBase, Kinds } from '../kind.ts';

/** A black hole, in one or both directions. */
interface Cut extends FaultBase {
  readonly kind: 'cut';
  readonly lasts: Duration;
  readonly direction: 'both' | 'up' | 'down';
}

/** Every connection on the link is reset. */
interface Reset extends FaultBase {
  readonly kind: 'reset';
}

/** The path forgets every connection: half-open on both sides. */
interface Rebind extends FaultBase {
  readonly kind: 'rebind';
}

/** Extra delay and loss for a while; `loss` per thousand, `slower` divides the rate. */
interface Degrade extends FaultBase {
  readonly kind: 'degrade';
  readonly lasts: Duration;
  readonly delay: Duration;
  readonly loss: number;
  readonly slower: number;
}

export type LinkFault = Cut | Reset | Rebind | Degrade;

const lasts = 'microseconds until it is over';

export const LINK_KINDS: Kinds<LinkFault> = {
  cut: {
    about: 'link: a black hole, nobody is told',
    parameters: { lasts, direction: 'both, up or down' },
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
  reset: {
    about: 'link: every connection is reset (RST to both ends)',
    parameters: {},
    draw: (dice, menu) => ({ target: dice.pick('plan/link', menu.links) }),
    duration: () => ZERO,
    begin(scene, { target }) {
      scene.universe.step(scene.node(target), { type: 'resetAll' } satisfies LinkEvent);
      return 'over';
    },
    end() {},
  },
  rebind: {
    about: 'link: a middlebox forgets every connection; both ends go on believing (half-open)',
    parameters: {},
    draw: (dice, menu) => ({ target: dice.pick('plan/link', menu.links) }),
    duration: () => ZERO,
    begin(scene, { target }) {
      scene.universe.step(scene.node(target), { type: 'forgetAll' } satisfies LinkEvent);
      return 'over';
    },
    end() {},
  },
  degrade: {
    about: 'link: more delay and loss, less rate',
    parameters: {
      lasts,
      delay: 'microseconds added to each direction',
      loss: 'loss added, per thousand packets (0 to 1000)',
      slower: 'divides the rate (1 or more)',
    },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/link', menu.links),
      lasts,
      delay: ms(dice.between('plan/degrade', 20, 400)),
      loss: dice.between('plan/degrade', 10, 200),
      slower: dice.between('plan/degrade', 2, 8),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      const link = scene.node(fault.target);
      scene.raise(`degrade/${link.id}`);
      const { up, down } = link.config as LinkConfig;
      scene.universe.step(link, {
        type: 'degrade',
        up: worse(up, fault),
        down: worse(down, fault),
      } satisfies LinkEvent);
      return 'lasts';
    },
    end(scene, { target }) {
      const link = scene.node(target);
      if (scene.lower(`degrade/${link.id}`)) scene.universe.step(link, { type: 'restore' } satisfies LinkEvent);
    },
  },
};

/** A path under a degradation: more delay, more loss, less rate. */
function worse(path: PathConfig, fault: Degrade): PathConfig {
  const { num, of } = path.loss;
  return {
    ...path,
    delay: plus(path.delay, fault.delay),
    rate: path.rate === 0 ? 0 : Math.max(1_000, Math.trunc(path.rate / fault.slower)),
    // Either loss: p + q - pq, as a ratio of integers.
    loss: { num: num * 1000 + fault.loss * of - num * fault.loss, of: of * 1000 },
  };
}

/** Faults that make a path worse without breaking it. */
import type { LinkConfig, PathConfig } from '../../../../src/link/config.ts';
import type { LinkEvent } from '../../../../src/link/vocabulary.ts';
import type { NodeId } from '../../../../src/machine.ts';
import { after, type Duration, ms, plus, us } from '../../../../src/time.ts';
import type { FaultBase, Kinds } from '../../kind.ts';
import { MOST_TIMES, number, oneOf, thousandths, time, whole } from '../../parameter.ts';
import type { Scene } from '../../scene.ts';

/** How much worse a path is: extra delay and loss (per thousand); `slower` divides the rate. */
interface Worse {
  readonly delay: Duration;
  readonly loss: number;
  readonly slower: number;
}

/** Extra delay and loss for a while. */
interface Degrade extends FaultBase, Worse {
  readonly kind: 'degrade';
  readonly lasts: Duration;
}

/** The same, in equal steps up to the worst. */
interface Ramp extends FaultBase, Worse {
  readonly kind: 'ramp';
  readonly lasts: Duration;
  readonly stages: number;
}

/** What enters the path is held, and nothing is lost. */
interface Stall extends FaultBase {
  readonly kind: 'stall';
  readonly lasts: Duration;
  readonly direction: 'both' | 'up' | 'down';
}

/** New connections take longer to open. */
interface HandshakeDelay extends FaultBase {
  readonly kind: 'handshakeDelay';
  readonly lasts: Duration;
  readonly by: Duration;
}

export type SlowFault = Degrade | Ramp | Stall | HandshakeDelay;

const lasts = time('microseconds until it is over');
const WORSE = {
  delay: time('microseconds added to each direction'),
  loss: thousandths('loss added, per thousand packets (0 to 1000)'),
  slower: number('divides the rate (1 to 1000)', 1, 1000),
};

/** The first `step` of `stages` equal steps towards the worst. */
const staged = ({ delay, loss, slower, stages }: Ramp, step: number): Worse => ({
  delay: us((delay * step) / stages),
  loss: Math.floor((loss * step) / stages),
  slower: 1 + ((slower - 1) * step) / stages,
});

export const SLOW_KINDS: Kinds<SlowFault> = {
  degrade: {
    hits: 'link',
    about: 'link: more delay and loss, less rate',
    parameters: { lasts, ...WORSE },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/link', menu.links),
      lasts,
      delay: ms(dice.between('plan/degrade', 20, 400)),
      loss: dice.between('plan/degrade', 10, 200),
      slower: dice.between('plan/degrade', 2, 8),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      scene.raise(`degrade/${fault.target}`);
      worsen(scene, fault.target, fault);
      return 'lasts';
    },
    end: (scene, { target }) => restore(scene, target),
  },
  ramp: {
    hits: 'link',
    about: 'link: delay, loss and rate grow worse in steps, and then recover at once',
    parameters: { lasts, stages: whole('steps until the worst (1 to 1000)', 1, MOST_TIMES), ...WORSE },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/link', menu.links),
      lasts,
      stages: dice.between('plan/ramp', 2, 6),
      delay: ms(dice.between('plan/ramp', 50, 600)),
      loss: dice.between('plan/ramp', 20, 200),
      slower: dice.between('plan/ramp', 2, 16),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      scene.raise(`degrade/${fault.target}`);
      worsen(scene, fault.target, staged(fault, 1));
      return 'lasts';
    },
    steps: ({ lasts, stages }) => Array.from({ length: stages - 1 }, (_, i) => us((lasts * (i + 1)) / stages)),
    step: (scene, fault, index) => worsen(scene, fault.target, staged(fault, index + 2)),
    end: (scene, { target }) => restore(scene, target),
  },
  stall: {
    hits: 'link',
    about: 'link: what enters is held for a while, and nothing is lost',
    parameters: { lasts, direction: oneOf('both, up or down', ['both', 'up', 'down']) },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/link', menu.links),
      lasts,
      direction: dice.pick('plan/stall', ['both', 'both', 'up', 'down'] as const),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, lasts, direction }) {
      const until = after(scene.universe.kernel.now, lasts);
      scene.universe.step(scene.node(target), { type: 'stall', direction, until } satisfies LinkEvent);
      return 'lasts';
    },
    end() {},
  },
  handshakeDelay: {
    hits: 'link',
    about: 'link: new connections take longer to open',
    parameters: { lasts, by: time('microseconds added to each handshake') },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/link', menu.links),
      lasts,
      by: ms(dice.between('plan/handshake', 200, 8000)),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, by }) {
      scene.raise(`handshake/${target}`);
      scene.universe.step(scene.node(target), { type: 'slowHandshake', by } satisfies LinkEvent);
      return 'lasts';
    },
    end(scene, { target }) {
      if (scene.lower(`handshake/${target}`))
        scene.universe.step(scene.node(target), { type: 'slowHandshake', by: us(0) } satisfies LinkEvent);
    },
  },
};

/** The conditions of a link are its configured ones, made worse; the latest fault says how much. */
function worsen(scene: Scene, target: NodeId, by: Worse): void {
  const link = scene.node(target);
  const { up, down } = link.config as LinkConfig;
  scene.universe.step(link, { type: 'degrade', up: worse(up, by), down: worse(down, by) } satisfies LinkEvent);
}

function restore(scene: Scene, target: NodeId): void {
  if (scene.lower(`degrade/${target}`))
    scene.universe.step(scene.node(target), { type: 'restore' } satisfies LinkEvent);
}

/** A path under a degradation: more delay, more loss, less rate. */
function worse(path: PathConfig, by: Worse): PathConfig {
  const { num, of } = path.loss;
  return {
    ...path,
    delay: plus(path.delay, by.delay),
    rate: path.rate === 0 ? 0 : Math.max(1_000, Math.trunc(path.rate / by.slower)),
    // Either loss: p + q - pq, as a ratio of integers.
    loss: { num: num * 1000 + by.loss * of - num * by.loss, of: of * 1000 },
  };
}

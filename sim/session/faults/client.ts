/** Faults of the application behind one of our clients: `target` is the client, for instance `c1`. */
import { type Duration, ms } from '../../../src/time.ts';
import type { FaultBase, Kinds } from '../../faults/kind.ts';
import { time } from '../../faults/parameter.ts';

/** The application takes a chunk only now and then. */
interface SlowConsumer extends FaultBase {
  readonly kind: 'slowConsumer';
  readonly lasts: Duration;
  readonly pace: Duration;
}

export type ConsumerFault = SlowConsumer;

export const CONSUMER_KINDS: Kinds<ConsumerFault> = {
  slowConsumer: {
    hits: 'client',
    about: 'client: its application takes a chunk only now and then, so credit must hold the server back',
    parameters: {
      lasts: time('microseconds until it takes everything at once again'),
      pace: time('microseconds from one chunk that it takes to the next (1 or more)', 1),
    },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/client', menu.clients),
      lasts,
      pace: ms(dice.between('plan/pace', 20, 500)),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, pace }, number) {
      const client = scene.node(target);
      const here = `slow/${number}`;
      scene.raise(here);
      if (scene.raise(`slow/${target}`)) scene.universe.intend(client, { type: 'busy' });
      const next = (): void => {
        if (!scene.isActive(here)) return;
        scene.universe.intend(client, { type: 'take', chunks: 1 });
        scene.later(pace, next);
      };
      scene.later(pace, next);
      return 'lasts';
    },
    end(scene, { target }, number) {
      scene.lower(`slow/${number}`);
      if (scene.lower(`slow/${target}`)) scene.universe.intend(scene.node(target), { type: 'ready' });
    },
  },
};

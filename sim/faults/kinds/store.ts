/** Faults of the durable store: `target` is `store`. */
import type { Duration } from '../../../src/time.ts';
import type { FaultBase, Kinds } from '../kind.ts';

/** The store dies; of the writes not yet synced only the first `keep` thousandths survive. */
interface StoreCrash extends FaultBase {
  readonly kind: 'storeCrash';
  readonly lasts: Duration;
  readonly keep: number;
}

export type StoreFault = StoreCrash;

export const STORE_KINDS: Kinds<StoreFault> = {
  storeCrash: {
    about: 'store: dies; of the writes not yet synced some survive, unanswered',
    parameters: {
      lasts: 'microseconds until the new process starts',
      keep: 'thousandths of the unsynced writes that survive, oldest first (0 to 1000)',
    },
    draw: (dice, _menu, lasts) => ({ target: 'store', lasts, keep: dice.between('plan/keep', 0, 1000) }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, keep }) {
      const store = scene.node(target);
      if (store.up) scene.universe.step(store, { type: 'crash', keep });
      scene.crash(store, 'process');
      return 'lasts';
    },
    end(scene, { target }) {
      const store = scene.node(target);
      // What survived is on disk.
      scene.revive(store, store.state);
    },
  },
};

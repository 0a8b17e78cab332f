/** Faults of the durable store: `target` is `store`. */
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, ZERO } from '../../../src/time.ts';
import type { FaultBase, Kinds } from '../kind.ts';

/** The store dies; of the writes not yet synced only the first `keep` thousandths survive. */
interface StoreCrash extends FaultBase {
  readonly kind: 'storeCrash';
  readonly lasts: Duration;
  readonly keep: number;
}

/** The record of a client's session is damaged on disk: whoever claims it next gets a clean session, and is told. */
interface StoreCorrupt extends FaultBase {
  readonly kind: 'storeCorrupt';
  readonly client: NodeId;
}

export type StoreFault = StoreCrash | StoreCorrupt;

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
  storeCorrupt: {
    about: "store: the record of a client's session is damaged on disk, which the next claim notices",
    parameters: { client: 'whose session' },
    draw: (dice, menu) => ({ target: 'store', client: dice.pick('plan/client', menu.clients) }),
    duration: () => ZERO,
    begin(scene, { target, client }) {
      const store = scene.node(target);
      // The disk is there whether or not the process is.
      scene.universe.step(store, { type: 'corrupt', client });
      return 'over';
    },
    end() {},
  },
};

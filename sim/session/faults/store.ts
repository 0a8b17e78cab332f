/** Faults of the durable store: `target` is `store`. */
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, ms, plus, ZERO } from '../../../src/time.ts';
import { death } from '../../faults/death.ts';
import type { FaultBase, Kinds } from '../../faults/kind.ts';
import { node, thousandths, time } from '../../faults/parameter.ts';
import type { Scene } from '../../faults/scene.ts';
import { standing } from '../../faults/troubles.ts';

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

/**
 * A backup is taken; `age` later the store dies and its disk with it, and `lasts` after that it is there again with what the
 * backup says. What was written in between is gone, whoever was told of it.
 */
interface StoreRestore extends FaultBase {
  readonly kind: 'storeRestore';
  readonly age: Duration;
  readonly lasts: Duration;
}

/** Every fsync and every read takes `by` longer. */
interface StoreSlow extends FaultBase {
  readonly kind: 'storeSlow';
  readonly lasts: Duration;
  readonly by: Duration;
}

/** Nobody reaches it; it loses nothing. */
interface StoreUnavailable extends FaultBase {
  readonly kind: 'storeUnavailable';
  readonly lasts: Duration;
}

/** One server, with its agent, does not reach it. */
interface StorePartition extends FaultBase {
  readonly kind: 'storePartition';
  readonly lasts: Duration;
  readonly server: string;
}

/** Reads are answered by a replica that stopped following. */
interface StoreStale extends FaultBase {
  readonly kind: 'storeStale';
  readonly lasts: Duration;
}

/** Of its writes `share` thousandths fail, and their askers are told. */
interface StoreFailedWrite extends FaultBase {
  readonly kind: 'storeFailedWrite';
  readonly lasts: Duration;
  readonly share: number;
}

export type StoreFault =
  | StoreCrash
  | StoreCorrupt
  | StoreRestore
  | StoreSlow
  | StoreUnavailable
  | StorePartition
  | StoreStale
  | StoreFailedWrite;

const over = time('microseconds until it is over');

export const STORE_KINDS: Kinds<StoreFault> = {
  storeCrash: {
    hits: 'store',
    about: 'store: dies; of the writes not yet synced some survive, unanswered',
    parameters: {
      lasts: time('microseconds until the new process starts'),
      keep: thousandths('thousandths of the unsynced writes that survive, oldest first (0 to 1000)'),
    },
    draw: (dice, _menu, lasts) => ({ target: 'store', lasts, keep: dice.between('plan/keep', 0, 1000) }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, keep }) {
      const store = scene.node(target);
      if (store.up) scene.universe.step(store, { type: 'crash', keep });
      scene.crash(store, 'process');
      return 'lasts';
    },
    end: death.end,
  },
  storeCorrupt: {
    hits: 'store',
    about: "store: the record of a client's session is damaged on disk, which the next claim notices",
    // Whoever loses the connection on which it is told finds the session gone the next time.
    excuses: ['state_corrupt', 'session_expired'],
    parameters: { client: node('whose session', 'client') },
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
  storeRestore: {
    hits: 'store',
    about: 'store: loses its disk, and comes back with a backup that is older than what it had said',
    // What became of a session behind the backup nobody can say: it ends.
    excuses: ['session_expired'],
    parameters: {
      age: time('microseconds from the backup, which is taken at its beginning, to the death of the store'),
      lasts: time('microseconds from there until the new process starts'),
    },
    draw: (dice, _menu, lasts) => ({ target: 'store', age: ms(dice.between('plan/backup', 0, 20_000)), lasts }),
    duration: ({ age, lasts }) => plus(age, lasts),
    begin(scene, { target }) {
      scene.universe.step(scene.node(target), { type: 'backup' });
      return 'lasts';
    },
    steps: ({ age }) => [age],
    step(scene, { target }) {
      const store = scene.node(target);
      if (store.up) scene.universe.step(store, { type: 'crash', keep: 0 });
      scene.crash(store, 'process');
      // The disk is there whether or not a process is.
      scene.universe.step(store, { type: 'restore' });
    },
    end: death.end,
  },
  storeSlow: {
    hits: 'store',
    about: 'store: every fsync and every read takes longer',
    parameters: { lasts: over, by: time('microseconds that each takes longer') },
    draw: (dice, _menu, lasts) => ({ target: 'store', lasts, by: ms(dice.between('plan/slow', 5, 3000)) }),
    ...standing<StoreSlow>({ type: 'slow', by: 0 }, ({ by }) => ({ type: 'slow', by })),
  },
  storeUnavailable: {
    hits: 'store',
    about: 'store: answers nobody and hears nobody; loses nothing',
    parameters: { lasts: over },
    draw: (_dice, _menu, lasts) => ({ target: 'store', lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, fault, number) {
      part(scene, fault.target, [], number, true);
      return 'lasts';
    },
    end: (scene, fault, number) => part(scene, fault.target, [], number, false),
  },
  storePartition: {
    hits: 'store',
    about: 'store: one server, with its agent, cannot reach it, and hears nothing from it',
    parameters: { lasts: over, server: node('the server that is cut off', 'server') },
    draw: (dice, menu, lasts) => ({ target: 'store', lasts, server: dice.pick('plan/server', menu.servers) }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, server }, number) {
      if (scene.universe.wiring.find(server) === undefined) return 'over';
      part(scene, target, nodesOf(scene, server), number, true);
      return 'lasts';
    },
    end: (scene, { target, server }, number) => part(scene, target, nodesOf(scene, server), number, false),
  },
  storeStale: {
    hits: 'store',
    about: 'store: reads are answered by a replica that has stopped following',
    parameters: { lasts: over },
    draw: (_dice, _menu, lasts) => ({ target: 'store', lasts }),
    ...standing<StoreStale>({ type: 'stale', on: false }, () => ({ type: 'stale', on: true })),
  },
  storeFailedWrite: {
    hits: 'store',
    about: 'store: some of its writes fail, and whoever asked is told',
    parameters: { lasts: over, share: thousandths('thousandths of the writes that fail (1 to 1000)', 1) },
    draw: (dice, _menu, lasts) => ({ target: 'store', lasts, share: dice.between('plan/share', 1, 1000) }),
    ...standing<StoreFailedWrite>({ type: 'fail', share: 0 }, ({ share }) => ({ type: 'fail', share })),
  },
};

const nodesOf = (scene: Scene, server: string): readonly string[] => scene.host(server).map(({ id }) => id);

/** Cuts nodes off the store (all of them when none is named), or lets them reach it again. */
function part(scene: Scene, target: string, nodes: readonly string[], number: number, begins: boolean): void {
  const store = scene.node(target);
  const name = `part/${nodes.join('/')}`;
  if (begins) scene.troubles.begin(store, name, number, { type: 'part', nodes, on: true });
  else scene.troubles.end(store, name, number, { type: 'part', nodes, on: false });
}

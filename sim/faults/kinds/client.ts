/** Faults of a client's device: `target` is the client, for instance `c1`. */
import type { Duration } from '../../../src/time.ts';
import type { FaultBase, Kinds } from '../kind.ts';

/** The operating system says offline, and the path is cut. */
interface Offline extends FaultBase {
  readonly kind: 'offline';
  readonly lasts: Duration;
}

export type ClientFault = Offline;

export const CLIENT_KINDS: Kinds<ClientFault> = {
  offline: {
    about: 'client: the device says offline and its link is cut',
    parameters: { lasts: 'microseconds until it is online again' },
    draw: (dice, menu, lasts) => ({ target: dice.pick('plan/client', menu.clients), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, { target }) {
      const client = scene.node(target);
      scene.cut(scene.universe.access(client), 'both', true);
      if (scene.raise(`offline/${target}`)) scene.universe.intend(client, { type: 'offline' });
      return 'lasts';
    },
    end(scene, { target }) {
      const client = scene.node(target);
      scene.cut(scene.universe.access(client), 'both', false);
      if (scene.lower(`offline/${target}`)) scene.universe.intend(client, { type: 'online' });
    },
  },
};

/** Faults of the balancer: `target` is `lb`. */
import type { BalancerConfig } from '../../../src/balancer/config.ts';
import type { Duration } from '../../../src/time.ts';
import { CONNS_PER_NODE } from '../../../src/transport.ts';
import type { FaultBase, Kinds } from '../kind.ts';

/** Its process dies, and every connection through it. */
interface BalancerCrash extends FaultBase {
  readonly kind: 'balancerCrash';
  readonly lasts: Duration;
}

export type BalancerFault = BalancerCrash;

export const BALANCER_KINDS: Kinds<BalancerFault> = {
  balancerCrash: {
    about: 'balancer: its process dies and comes back without memory',
    parameters: { lasts: 'microseconds until the new process starts' },
    draw: (_dice, _menu, lasts) => ({ target: 'lb', lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, { target }) {
      scene.crash(scene.node(target), 'process');
      return 'lasts';
    },
    end(scene, { target }) {
      const node = scene.node(target);
      // A new process cannot know how many connections the old one named; its names start where no old one can be.
      const config = node.config as BalancerConfig;
      const connBase = config.connBase + node.incarnation * CONNS_PER_NODE;
      scene.revive(node, node.machine.init({ ...config, connBase }));
    },
  },
};

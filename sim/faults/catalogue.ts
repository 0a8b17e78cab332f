/** Every kind of fault in a line, with its parameters. The type makes sure that none is forgotten. */
import type { FaultKind } from './plan.ts';

const ABOUT: Readonly<Record<FaultKind, string>> = {
  cut: 'link: a black hole; lasts, direction (both, up, down)',
  reset: 'link: every connection is reset (RST to both ends)',
  rebind: 'link: a middlebox forgets every connection; both ends go on believing (half-open)',
  degrade: 'link: more delay and loss, less rate; lasts, delay, loss (per thousand), slower (divides the rate)',
  offline: 'client: the device says offline and its link is cut; lasts',
  crash: 'server: dies without notice, and its agent with it; lasts, how (process: peers hear it; host: silence)',
  drain: 'server: stops taking connections, sends GOAWAY, exits, comes back; deadline, lasts',
  balancerCrash: 'balancer: its process dies and comes back without memory; lasts',
  storeCrash: 'store: dies; of the writes not yet synced the first keep thousandths survive, unanswered; lasts, keep',
  authDown: 'token service: answers nobody; lasts',
};

export const FAULTS: readonly { readonly name: FaultKind; readonly about: string }[] = Object.entries(ABOUT).map(
  ([name, about]) => ({ name: name as FaultKind, about }),
);

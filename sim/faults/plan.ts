/**
 * A fault plan is data: what goes wrong, where, when and for how long. It can be drawn, written by hand, shrunk, and
 * replayed years later.
 */
import type { NodeId } from '../../src/machine.ts';
import type { Duration, Instant } from '../../src/time.ts';

export type Fault =
  // On a link (`target` is the link's name, e.g. `c1-lb`).
  /** A black hole, in one or both directions. */
  | {
      readonly kind: 'cut';
      readonly target: NodeId;
      readonly at: Instant;
      readonly lasts: Duration;
      readonly direction: 'both' | 'up' | 'down';
    }
  /** Every connection on the link is reset. */
  | { readonly kind: 'reset'; readonly target: NodeId; readonly at: Instant }
  /** The path forgets every connection: half-open on both sides. */
  | { readonly kind: 'rebind'; readonly target: NodeId; readonly at: Instant }
  /** Extra delay and loss for a while; `loss` per thousand, `slower` divides the rate. */
  | {
      readonly kind: 'degrade';
      readonly target: NodeId;
      readonly at: Instant;
      readonly lasts: Duration;
      readonly delay: Duration;
      readonly loss: number;
      readonly slower: number;
    }
  // On a client.
  /** The operating system says offline, and the path is cut. */
  | { readonly kind: 'offline'; readonly target: NodeId; readonly at: Instant; readonly lasts: Duration }
  // On a server.
  /** The process (or the whole host) dies and comes back after `lasts`. */
  | {
      readonly kind: 'crash';
      readonly target: NodeId;
      readonly at: Instant;
      readonly lasts: Duration;
      readonly how: 'process' | 'host';
    }
  /** Drain with notice, exit, and come back `lasts` after the exit. */
  | {
      readonly kind: 'drain';
      readonly target: NodeId;
      readonly at: Instant;
      readonly deadline: Duration;
      readonly lasts: Duration;
    }
  // On the balancer.
  | { readonly kind: 'balancerCrash'; readonly target: NodeId; readonly at: Instant; readonly lasts: Duration }
  // On the store.
  /** The store dies; of the writes not yet synced only the first `keep` thousandths survive. */
  | {
      readonly kind: 'storeCrash';
      readonly target: NodeId;
      readonly at: Instant;
      readonly lasts: Duration;
      readonly keep: number;
    }
  // On the token service.
  | { readonly kind: 'authDown'; readonly target: NodeId; readonly at: Instant; readonly lasts: Duration };

export type FaultKind = Fault['kind'];

export type FaultPlan = readonly Fault[];

/** When a fault is over (a drain: at the latest). */
export function endOf(fault: Fault): Instant {
  switch (fault.kind) {
    case 'reset':
    case 'rebind':
      return fault.at;
    case 'drain':
      return (fault.at + fault.deadline + fault.lasts) as Instant;
    default:
      return (fault.at + fault.lasts) as Instant;
  }
}

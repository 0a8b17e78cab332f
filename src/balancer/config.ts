/** What a balancer is told at birth. */
import type { NodeId } from '../machine.ts';
import type { Duration } from '../time.ts';

export interface BalancerConfig {
  readonly node: NodeId;
  readonly connBase: number;
  readonly backends: readonly NodeId[];
  readonly probeInterval: Duration;
  /** A probe without an answer for this long has failed. */
  readonly probeTimeout: Duration;
  /** Failed probes in a row until a backend is out. */
  readonly unhealthyAfter: number;
  /** Good probes in a row until it is back. */
  readonly healthyAfter: number;
  /** A spliced pair without traffic for this long is closed. */
  readonly idleTimeout: Duration;
  /** Whether a client comes back to the backend that it was on last, while that is healthy. Default: no. */
  readonly sticky?: boolean;
  /** A backend that has not answered a dial by then is skipped. */
  readonly connectTimeout: Duration;
  /** When who is turned away because no backend can take it is asked to come back, unless a backend said so itself. Default: nothing is said. */
  readonly retryAfter?: Duration;
}

/** How a server is limited in taking connections, and when those are to come again whom it sends away. */
import { type Duration, ms } from '../../time.ts';

/** How a server is limited in taking connections. Without one it takes everybody at once. */
export interface IntakeConfig {
  /**
   * Admissions a second: an integer from 1. Far below `clients / cap` of their backoff policy, the herd never gets in
   * faster than it dials again, and most dials are refused.
   */
  readonly admitRate: number;
  /**
   * Handshakes that may wait for a slot, 0 or more; a listen backlog (Node's default is 511, Linux cuts it to
   * `net.core.somaxconn`, 4096). Deeper than `admitRate` times the dialler's connect time-out, its end is never reached
   * in time: they wait for nothing.
   */
  readonly acceptQueue: number;
  /**
   * What those hear who find the queue full. `http`: 503 with Retry-After, which costs them one round trip less and a
   * balancer may try another server. `close`: the upgrade is made, and HELLO answered with ERROR `unavailable` and 1013,
   * which browsers show to a page; a handshake's status they do not.
   */
  readonly refuseWith: 'http' | 'close';
  /**
   * Time of the process that a refusal takes from admissions; 0 when an accelerator or the kernel refuses. With N clients
   * that dial once in m, admission stops altogether where `N * refusalCost >= m`: every moment goes into refusals.
   */
  readonly refusalCost: Duration;
  /**
   * Admissions are counted out in windows of this length, above 0, from the start of the process on. Too short: of a burst
   * nobody gets in but the first few; too long: whoever is quick takes all of it, and the rest of the window stands idle.
   * Default: one slot after another, and with a `retryAfter` of kind `slot` 100 ms.
   */
  readonly window?: Duration;
  /** When those who are refused are to come again. Default: `retryAfter` of the server, the same for all. */
  readonly retryAfter?: RetryAfter;
}

/** What a refusal asks for; a 503 says it in milliseconds, rounded up, beside the whole seconds of `Retry-After`. */
export type RetryAfter =
  /** The same for all: a policy that adds no spread brings all of them back at one instant. */
  | { readonly kind: 'fixed'; readonly after: Duration }
  /** Drawn for each, uniform over the range. Narrower than `clients / admitRate` most of them are refused again. */
  | { readonly kind: 'uniform'; readonly least: Duration; readonly most: Duration }
  /** The next admission that nobody was promised. Each is refused once, and nobody waits longer than the rate asks for. */
  | { readonly kind: 'slot' };

/** Windows of whoever promises slots, and does not say how long they are. */
const WINDOW = ms(100);

/** The windows in which an intake counts its admissions out; null for one that does not. */
export const windowOf = ({ window, retryAfter }: IntakeConfig): Duration | null =>
  window ?? (retryAfter?.kind === 'slot' ? WINDOW : null);

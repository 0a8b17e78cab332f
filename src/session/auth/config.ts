/** What the token service is told at birth. */
import type { NodeId } from '../../machine.ts';
import type { Duration } from '../../time.ts';

export interface AuthConfig {
  readonly node: NodeId;
  readonly tokenTtl: Duration;
  /** Key of the signature. */
  readonly secret: number;
  /** Clocks may differ by this much: a token is accepted so long after its expiry. */
  readonly leeway: Duration;
}

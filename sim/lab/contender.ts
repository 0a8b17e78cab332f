/** What is compared in the lab: a policy under the name that tables and pictures show. */
import type { Policy } from '../../src/backoff/policy.ts';

export interface Contender {
  /** As it was asked for, e.g. `full-jitter,cap=60s`, `./mine.json`. */
  readonly name: string;
  readonly policy: Policy;
}

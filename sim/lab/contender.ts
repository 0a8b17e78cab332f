/** What is compared in the lab: a policy under the name that tables and pictures show. */
import type { FunctionReference } from '../../src/backoff/function.ts';
import type { Policy } from '../../src/backoff/policy.ts';

export interface Contender {
  /** As it was asked for, e.g. `full-jitter,cap=60s`, `./mine.json`. */
  readonly name: string;
  /** As data; or the function of a config, by where a thread of the lab finds it. */
  readonly policy: Policy | FunctionReference;
}

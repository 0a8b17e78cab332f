/** A config: what the command explores of yours, as `hangup.config.ts` exports it. */
import type { PolicyFunction } from '../../src/backoff/function.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import type { Network } from '../networks/network.ts';
import type { Scenario } from './scenario.ts';

export interface Config {
  /** What `hangup explore` sweeps when it is given no names, and every command knows by name: one at the least, or none where there are policies for the lab. */
  readonly scenarios: readonly Scenario[];
  /** Networks of yours, for `--network NAME`. */
  readonly networks?: readonly Network[];
  /** Backoff policies of yours by name, for `--policy NAME`; functions (`policyFunction`) are for the lab. */
  // biome-ignore lint/suspicious/noExplicitAny: each function remembers what it likes
  readonly policies?: Readonly<Record<string, Policy | PolicyFunction<any>>>;
}

/** The default export of `hangup.config.ts`. It is what it was given: the types are what you get. */
export const config = (definition: Config): Config => definition;

export const isConfig = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && Array.isArray((value as Partial<Config>).scenarios);

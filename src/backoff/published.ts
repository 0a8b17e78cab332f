/**
 * What published clients do, as far as the vocabulary of `policy.ts` expresses it: material for comparing, and for
 * reproducing what a fleet of them does to a server that comes back.
 *
 * A preset here reproduces delays, limits, what is counted anew and when, and what a server's hint does. What it cannot say
 * stands in its `lacks`.
 */
import type { Preset } from './policy.ts';
import { AWS } from './published/aws.ts';
import { REALTIME } from './published/realtime.ts';
import { RETRIES } from './published/retries.ts';
import { RPC } from './published/rpc.ts';
import { SYSTEMS } from './published/systems.ts';

/** Published policies by the name of their library. */
export const PUBLISHED = {
  ...AWS,
  ...REALTIME,
  ...RPC,
  ...RETRIES,
  ...SYSTEMS,
} as const satisfies Readonly<Record<string, Preset>>;

/** The laws that need only the boundary of somebody's own code, its sockets and its processes; each is judged where it was promised. */
import type { Law } from '../law.ts';
import { atLeastOnce } from './at-least-once.ts';
import { atMostOnce } from './at-most-once.ts';
import { backWithin } from './back-within.ts';
import { backoff } from './backoff.ts';
import { completion } from './completion.ts';
import { exactlyOnce } from './exactly-once.ts';
import { freshness } from './freshness.ts';
import { honestErrors } from './honest-errors.ts';
import { isolation } from './isolation.ts';
import { noHerd } from './no-herd.ts';
import { noLeak } from './no-leak.ts';
import { noUncaught } from './no-uncaught.ts';
import { order } from './order.ts';
import { prefix } from './prefix.ts';

/** In the order in which a report tells of them: what was given, what was done, how soon, and how its processes behave. */
export const BOUNDARY_LAWS: readonly Law[] = [
  prefix,
  order,
  exactlyOnce,
  atLeastOnce,
  atMostOnce,
  completion,
  freshness,
  backWithin,
  backoff,
  noHerd,
  honestErrors,
  isolation,
  noLeak,
  noUncaught,
];

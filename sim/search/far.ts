/** A time at which nothing happens any more in any run, and at which a fault of a plan may still begin. */
import { type Instant, minutes } from '../../src/time.ts';

/** Twenty hours: plans end within a day (`sim/faults/check.ts`), and no fault of a search lasts for four hours. */
export const MOST_FAR = minutes(20 * 60) as number as Instant;

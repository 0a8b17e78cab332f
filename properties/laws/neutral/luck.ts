/** How unlikely the waits of one client are together, for the law of backoff: who never waits fits every range that begins at 0. */
import { envelope } from '../../../src/backoff/envelope.ts';
import { counted } from '../../../src/count.ts';
import { type Duration, formatDuration } from '../../../src/time.ts';
import type { Breach } from '../law.ts';
import type { Client } from './backoff-client.ts';
import type { Reading } from './permitted.ts';
import { isDrawnAlone } from './waits.ts';

/** What the waits of one client came to so far: how many, and their shares of the ranges that they are from. */
export interface Luck {
  waits: number;
  shares: number;
}

/**
 * Full jitter permits a dial at once, so a client that never waits would fit every envelope. Each wait is at most some share
 * of its range, uniform over 0 to 1; n of them add up to s or less with a chance of s^n / n!, for s up to 1 (Irwin and Hall).
 *
 * `readings` are all ways to read the wait. Which of them are asked must not depend on the wait where they are of different
 * curves, or those left out would be the long ones.
 */
export function judgeLuck(
  client: Client,
  readings: readonly Reading[],
  { delay, verb }: { readonly delay: Duration; readonly verb: string },
  breach: Breach,
): void {
  let share = 0;
  for (const { curve, step } of readings) {
    if (curve.jitter.kind !== 'full' || !isDrawnAlone(curve)) return;
    const { least, most } = envelope(curve, step.attempt, step.previous);
    if (most === least) return;
    share = Math.max(share, Math.min(1, (delay - least + 1) / (most - least + 1)));
  }
  const words = tooUnlikely(client.luck, share);
  if (words !== null) breach(`${client.node} ${verb} ${formatDuration(delay)}; ${words}`);
}

/** Adds a wait that took this share of its range; all of them in words where they are beyond all luck, else null. */
export function tooUnlikely(luck: Luck, share: number): string | null {
  luck.waits++;
  luck.shares += share;
  if (luck.shares > 1) return null;
  let chance = 1;
  for (let n = 1; n <= luck.waits; n++) chance *= luck.shares / n;
  if (chance >= UNLIKELY) return null;
  return `its ${counted(luck.waits, 'wait')} so far took ${(luck.shares * 100).toPrecision(2)} % of one range of its policy in all, which luck does less than once in 10^15 times.`;
}

/** Never by chance, in all sweeps together: a billion retries of a million clients. */
const UNLIKELY = 1e-15;

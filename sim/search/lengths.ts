/**
 * How long the faults of an exhaustive search last. An outage of 7 s and one of 8 are the same case to a client that calls
 * a connection dead after 10, and one of 12 is another. So a search takes one length from each stretch between two bounds
 * on which the world decides something (a dead peer, the end of a session), and one that is over before anybody looks.
 */
import { type Duration, seconds, us } from '../../src/time.ts';

/** Over before a client that was told has waited for its first retry. */
const BLINK = 50;
/** Of two bounds that lie as near to each other, one length is longer than both. */
const NEAR = 2;
/** Where a world has no bound of its own: what people wait for. */
const USUAL = seconds(10);

/** The lengths that matter where these are the bounds, the shortest first. */
export function lengthsFor(thresholds: readonly number[]): readonly Duration[] {
  const bounds = thresholds.length === 0 ? [USUAL] : thresholds;
  const first = bounds[0] as number;
  const lengths = [first / BLINK, (first * 3) / 4];
  for (const [i, bound] of bounds.entries()) {
    const next = bounds[i + 1];
    if (next === undefined || next > NEAR * bound) lengths.push((bound * 5) / 4);
  }
  return lengths.map((each) => us(Math.round(each)));
}

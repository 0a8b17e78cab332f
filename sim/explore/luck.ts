/**
 * Whether what a law counted over a sweep can be luck.
 *
 * The counts come from trials one after the other, and how many there are depends on how they came out (who draws short waits
 * makes more of them in an outage), so a test for a fixed number of trials would be wrong. Here the evidence against a
 * probability is what a gambler would have made of one coin who bets on every trial, at fair odds for that probability, that
 * the true one is another: a nonnegative martingale, which reaches 100,000 in no more than one of 100,000 sweeps, whenever
 * somebody stops to look (Ville 1939). Betting on all others at once, in equal parts, it is a quotient of binomial
 * probabilities, and depends on the sums only: portions may come in any order.
 */
import type { Law, Share } from '../../properties/laws/law.ts';
import { count } from '../report/words.ts';
import { binomial } from './binomial.ts';
import { RED } from './confidence.ts';

/** What is beyond all luck in what a law counted, in a sentence; null for nothing. */
export function unlucky(
  law: Pick<Law, 'expects'>,
  counts: Readonly<Record<string, number>> | undefined,
): string | null {
  if (counts === undefined || law.expects === undefined) return null;
  const shares = law.expects(counts);
  // Both ways of each share: all of them together are as rare as one row of a sweep may be.
  const most = (2 * shares.length) / RED;
  let worst: Share | null = null;
  let strongest = 0;
  for (const share of shares) {
    const evidence = evidenceAgainst(share);
    if (evidence < most || evidence <= strongest) continue;
    strongest = evidence;
    worst = share;
  }
  return worst === null ? null : inWords(worst);
}

/** What one coin became by bets against what a share should be. */
export function evidenceAgainst({ part, whole, least, most }: Share): number {
  if (whole === 0) return 0;
  if (part > most * whole) {
    const odds = (1 - most) * (whole + 1) * binomial(whole, most).exactly(part);
    return binomial(whole + 1, most).atMost(part) / odds;
  }
  if (part >= least * whole) return 0;
  return binomial(whole + 1, least).atLeast(part + 1) / (least * (whole + 1) * binomial(whole, least).exactly(part));
}

const inWords = ({ what, part, whole, least, most }: Share): string =>
  `${count(part)} of ${count(whole)} ${what}, where luck makes it ${part > most * whole ? `${percent(most)} at most` : `${percent(least)} at least`}`;

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

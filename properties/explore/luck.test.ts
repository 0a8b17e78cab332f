/** What luck may do over a sweep: evidence against it is what bets at fair odds make of one coin, and planted waits are found. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { binomial } from '../../sim/explore/binomial.ts';
import { lawRowsOf } from '../../sim/explore/law-verdict.ts';
import { evidenceAgainst, unlucky } from '../../sim/explore/luck.ts';
import { count, emptyTally, merge, type Tally } from '../../sim/explore/tally.ts';
import { client } from '../../src/session/client/session.ts';
import { seconds } from '../../src/time.ts';
import { backoff } from '../laws/session/backoff.ts';
import { answers, at } from '../scenarios/planting.ts';

const share = (part: number, whole: number, least: number, most: number) => ({ what: 'x', part, whole, least, most });

describe('evidence against luck', () => {
  test('is worth no more than its stake, whatever the true probability is between its bounds', () => {
    for (const whole of [1, 2, 7, 40, 300])
      for (const [least, most] of [
        [0.1, 0.15],
        [0, 0.001],
        [0.4, 0.4],
      ] as const)
        for (const truth of [least, (least + most) / 2, most]) {
          const worth = { above: 0, below: 0 };
          for (let part = 0; part <= whole; part++) {
            const chance = binomial(whole, truth).exactly(part);
            // What is no more likely than that is left out of the distribution.
            if (chance === 0) continue;
            worth[part > most * whole ? 'above' : 'below'] += chance * evidenceAgainst(share(part, whole, least, most));
          }
          // One bet on more, one on less.
          expect(worth.above).toBeLessThanOrEqual(1 + 1e-9);
          expect(worth.below).toBeLessThanOrEqual(1 + 1e-9);
        }
  });

  test('grows beyond all luck where something is wrong, and is nothing where it is not', () => {
    expect(evidenceAgainst(share(125, 1000, 0.12, 0.13))).toBe(0);
    expect(evidenceAgainst(share(250, 1000, 0.12, 0.13))).toBeGreaterThan(1e20);
    expect(evidenceAgainst(share(30, 1000, 0.12, 0.13))).toBeGreaterThan(1e20);
    expect(evidenceAgainst(share(2, 20, 0, 0.001))).toBeGreaterThan(1e2);
    expect(evidenceAgainst(share(0, 0, 0.12, 0.13))).toBe(0);
  });

  test('is asked of the law, in one sentence; a law that expects nothing is never broken so', () => {
    const expects = () => [
      share(125, 1000, 0.12, 0.13),
      { ...share(0, 1000, 0.12, 0.13), what: 'coins fell on heads' },
    ];
    expect(unlucky({ expects }, {})).toBe('0 of 1,000 coins fell on heads, where luck makes it 12 % at least');
    expect(unlucky({ expects: () => [] }, {})).toBeNull();
    expect(unlucky({}, { x: 1 })).toBeNull();
    expect(unlucky({ expects }, undefined)).toBeNull();
  });
});

const SEEDS = 20;

/** Two clients whom nobody takes for a while. */
const knocking = answers(2, [{ kind: 'balancerCrash', target: 'lb', at: at(1), lasts: seconds(90) }]);

interface Wait {
  readonly type: string;
  readonly timer?: string;
  readonly at: number;
  readonly why: { readonly attempt: number; readonly least: number; readonly most: number };
}

/** A sweep of clients whose waits are changed: `change` is told the drawn wait, as a share of its range. */
function swept(change: ((drawn: number, attempt: number) => number) | null, seeds: number): Tally {
  const { step } = client;
  const open = client as unknown as { step: (...given: unknown[]) => readonly object[] };
  if (change !== null)
    open.step = (state, event, context) =>
      step(state as never, event as never, context as never).map((effect) => {
        const wait = effect as unknown as Wait;
        if (wait.timer !== 'retry' || wait.type !== 'setTimer') return effect;
        const { now } = context as { now: number };
        const { attempt, least, most } = wait.why;
        const place = change((wait.at - now - least) / (most - least), attempt);
        return { ...effect, at: Math.floor(now + least + place * (most - least)) };
      });
  try {
    const tally = emptyTally();
    const halves = [emptyTally(), emptyTally()] as const;
    for (let seed = 1; seed <= seeds; seed++)
      count(halves[seed * 2 > seeds ? 1 : 0], run(knocking, seed, { laws: [backoff] }), knocking);
    for (const half of halves) merge(tally, half);
    return tally;
  } finally {
    open.step = step as never;
  }
}

/** Every other wait lies where the one before lay. */
function twins(): (drawn: number) => number {
  let kept = -1;
  return (drawn) => {
    const place = kept < 0 ? drawn : kept;
    kept = kept < 0 ? drawn : -1;
    return place;
  };
}

const found = (tally: Tally): readonly string[] =>
  lawRowsOf(knocking, tally, [backoff]).flatMap(({ law, because, verdict }) =>
    verdict === 'not by luck' ? [`${law}: ${because}`] : [],
  );

describe('over a sweep, waits that are no luck are found, though no run breaks a law', () => {
  test('those that the policy draws are', () => {
    const tally = swept(null, SEEDS);
    expect(tally.counts.backoff?.['0']).toBeGreaterThan(SEEDS);
    expect(found(tally)).toEqual([]);
  });

  test.each<[what: string, change: (drawn: number, attempt: number) => number, says: RegExp]>([
    ['only the upper half is drawn', (drawn) => 0.5 + drawn / 2, /lay in the \w+ eighth of their range/],
    ['what is above half piles up at the cap', (drawn) => (drawn > 0.5 ? 1 : drawn), /highest thousandth/],
    ['the counter starts anew too early', (drawn, attempt) => (attempt < 2 ? drawn : drawn / 8), /first eighth/],
    ['every other wait is drawn like the one before', twins(), /of another client|own wait/],
  ])('%s', (_, change, says) => {
    const tally = swept(change, SEEDS);
    expect(tally.brokenBy.backoff ?? 0).toBe(0);
    expect(found(tally)).toEqual([expect.stringMatching(says)]);
  });
});

/**
 * Verdicts that a sample can carry: luck makes hardly any sweep red and few rows green, and the seeds that a verdict asks
 * for decide it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice as diceOf } from '../../sim/core/dice.ts';
import { binomial } from '../../sim/explore/binomial.ts';
import { claimRowsOf } from '../../sim/explore/claim-verdict.ts';
import { FEWEST_RUNS, GREEN, RED, RED_SWEEP, ROWS_MAX, TAIL } from '../../sim/explore/confidence.ts';
import {
  addPiece,
  type Evidence,
  type EvidenceByTarget,
  mergeEvidence,
  noEvidence,
} from '../../sim/explore/evidence.ts';
import { type Finding, judgeMean, judgeNever, judgeShare } from '../../sim/explore/judgement.ts';
import { addProduct, addWide, noWide, numberOf } from '../../sim/explore/wide.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';

type Piece = readonly [part: number, whole: number];

function evidenceOf(pieces: readonly Piece[]): Evidence {
  const into: EvidenceByTarget = {};
  for (const [part, whole] of pieces) addPiece(into, 'recovery', part, whole);
  return into.recovery ?? noEvidence();
}

/** So many runs with one sample each, of which so many are beyond the bound. */
const plain = (runs: number, beyond: number): Evidence =>
  evidenceOf(Array.from({ length: runs }, (_, i): Piece => [i < beyond ? 1 : 0, 1]));

const dice = diceOf('verdicts');
const MILLION = 1_000_000;
const happens = (probability: number): boolean => dice.between('event', 0, MILLION - 1) < probability * MILLION;
const times = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);
/** The share of sweeps that come to this. */
const shareOf = (wanted: Finding, sweeps: number, sweep: () => Finding): number =>
  times(sweeps, sweep).filter((finding) => finding === wanted).length / sweeps;

describe('the binomial distribution', () => {
  test('is that of Pascal’s triangle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 99 }), (n, percent) => {
        const p = percent / 100;
        let row = [1];
        for (let i = 0; i < n; i++) row = [0, ...row].map((left, k) => left * p + (row[k] ?? 0) * (1 - p));
        const { atMost, atLeast } = binomial(n, p);
        for (let k = 0; k <= n; k++) {
          expect(atMost(k)).toBeCloseTo(
            row.slice(0, k + 1).reduce((sum, each) => sum + each, 0),
            12,
          );
          expect(atLeast(k)).toBeCloseTo(
            row.slice(k).reduce((sum, each) => sum + each, 0),
            12,
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  test('knows a tail that is thin: 0.95 to the power of 90, and of 1,000', () => {
    expect(binomial(90, 0.05).atMost(0) / 0.95 ** 90).toBeCloseTo(1, 9);
    expect(binomial(90, 0.05).atLeast(90) / 0.05 ** 90).toBeLessThan(1.001);
    expect(binomial(100_000, 0.05).atMost(5_000)).toBeCloseTo(0.5, 2);
  });
});

describe('a percentile', () => {
  test('on its bound is missed by luck in one sweep of a hundred thousand at the most, and met in one of a hundred', () => {
    for (const runs of [1, 3, 4, 10, 59, 60, 89, 90, 91, 200, 1_000]) {
      const on = binomial(runs, TAIL);
      // Verdicts are monotone in the count: the first that is missed, and the last that is met.
      let fails = runs + 1;
      let holds = -1;
      for (let beyond = 0; beyond <= runs; beyond++) {
        const { finding } = judgeShare(plain(runs, beyond), TAIL);
        if (finding === 'fails') fails = Math.min(fails, beyond);
        if (finding === 'holds') holds = Math.max(holds, beyond);
      }
      expect(on.atLeast(fails), `${runs} runs`).toBeLessThanOrEqual(RED);
      expect(on.atMost(holds), `${runs} runs`).toBeLessThanOrEqual(GREEN);
      expect(holds).toBeLessThan(fails);
    }
  });

  test.each([
    [60, 4, 'open'],
    [60, 0, 'open'],
    [89, 0, 'open'],
    [90, 0, 'holds'],
    [3, 3, 'open'],
    [4, 4, 'fails'],
    [1_000, 30, 'holds'],
    [1_000, 50, 'open'],
    [1_000, 100, 'fails'],
  ] as const)('of %i runs, %i beyond it: %s', (runs, beyond, finding) => {
    expect(judgeShare(plain(runs, beyond), TAIL).finding).toBe(finding);
  });

  test('with nothing beyond it needs ninety runs, and on its bound more than a million', () => {
    expect(judgeShare(plain(10, 0), TAIL).needed()).toBe(90);
    expect(FEWEST_RUNS).toBe(90);
    expect(judgeShare(plain(100, 5), TAIL).needed()).toBe(null);
  });

  test('of runs whose samples are all alike is not surer than that of as many runs with one sample', () => {
    // A herd: a run has a thousand samples, all of them fast or all of them slow.
    for (const [runs, bad] of [
      [5, 0],
      [60, 0],
      [60, 4],
      [300, 20],
    ] as const) {
      const herd = evidenceOf(Array.from({ length: runs }, (_, i): Piece => [i < bad ? 1_000 : 0, 1_000]));
      expect(judgeShare(herd, TAIL).finding).toBe(judgeShare(plain(runs, bad), TAIL).finding);
      expect(judgeShare(herd, TAIL).finding).toBe('open');
    }
  });

  test('on its bound is hardly ever called anything, however unlike and however large its runs are', () => {
    // Bad runs have more samples than good ones: five samples of a hundred are beyond the bound, in one run of 58.
    const odd = (): Piece => (happens(1 / 58) ? [3, 3] : [0, 1]);
    const large = (): Piece => {
      const size = dice.between('size', 1, 20);
      return [happens(TAIL) ? size : 0, size];
    };
    for (const run of [odd, large]) {
      const findings = times(400, () => judgeShare(evidenceOf(times(400, run)), TAIL).finding);
      expect(findings.filter((finding) => finding === 'fails')).toHaveLength(0);
      expect(findings.filter((finding) => finding === 'holds').length).toBeLessThanOrEqual(24);
    }
  });

  test.each([0.001, 0.01, 0.02, 0.08, 0.12, 0.3, 1])(
    'of which %d are beyond its bound is told from luck with the runs that it asks for',
    (share) => {
      // What a short sweep would have seen of it, as near as it can.
      const seen = evidenceOf([[Math.round(share * 1_000), 1_000]]);
      const needed = judgeShare(seen, TAIL).needed() ?? Number.NaN;
      const told = shareOf(
        share > TAIL ? 'fails' : 'holds',
        200,
        () => judgeShare(evidenceOf(times(needed, (): Piece => [happens(share) ? 1 : 0, 1])), TAIL).finding,
      );
      expect(told).toBeGreaterThanOrEqual(0.9);
    },
  );
});

describe('a mean', () => {
  /** Waits of 0 to 800 ms, or of a mean that is so much larger. */
  const waits = (factor: number): Piece => [Math.round(dice.between('wait', 0, 800_000) * factor), 1];
  const BOUND = 400_000;

  test('on its bound is missed in no sweep of thousands, and met in few', () => {
    const findings = times(1_500, () => judgeMean(evidenceOf(times(120, () => waits(1))), BOUND, false).finding);
    expect(findings.filter((finding) => finding === 'fails')).toHaveLength(0);
    expect(findings.filter((finding) => finding === 'holds').length / findings.length).toBeLessThanOrEqual(0.02);
  });

  test.each([0.9, 0.97, 1.03, 1.2])(
    'of %d times its bound is told from luck with the runs that it asks for',
    (factor) => {
      // The spread of such waits is that of a uniform distribution: values at three places have the same.
      const seen = evidenceOf(
        Array.from({ length: 120 }, (_, i): Piece => [Math.round((400_000 + ((i % 3) - 1) * 282_843) * factor), 1]),
      );
      const judged = judgeMean(seen, BOUND, false);
      const needed = judged.finding === 'open' ? judged.needed() : 120;
      const told = shareOf(
        factor > 1 ? 'fails' : 'holds',
        100,
        () =>
          judgeMean(evidenceOf(times(Math.max(needed ?? 0, FEWEST_RUNS), () => waits(factor))), BOUND, false).finding,
      );
      // 120 runs may be fewer than it would ask for.
      if (judged.finding === 'open') expect(told).toBeGreaterThanOrEqual(0.9);
      expect(told).toBeGreaterThan(0.3);
    },
  );

  test('that never varies is what it is, from ninety runs on', () => {
    const same = (runs: number): Evidence => evidenceOf(times(runs, (): Piece => [1_000, 1]));
    expect(judgeMean(same(90), 1_001, false).finding).toBe('holds');
    expect(judgeMean(same(90), 999, false).finding).toBe('fails');
    expect(judgeMean(same(90), 1_000, true).finding).toBe('holds');
    expect(judgeMean(same(90), 1_000, false)).toMatchObject({ finding: 'open' });
    expect(judgeMean(same(89), 2_000, false)).toMatchObject({ finding: 'open' });
  });
});

describe('what must never happen', () => {
  test('fails the first time it does, and holds when nothing of it was seen in ninety runs', () => {
    expect(judgeNever(true, 1).finding).toBe('fails');
    expect(judgeNever(false, 89)).toMatchObject({ finding: 'open' });
    expect(judgeNever(false, 89).needed()).toBe(90);
    expect(judgeNever(false, 90).finding).toBe('holds');
  });
});

describe('a claim', () => {
  const judged = (reached: number, runs: number, oncePer?: number | null): object | undefined =>
    claimRowsOf(
      [{ name: 'x', states: 'x', ...(oncePer === undefined ? {} : { oncePer }) }],
      reached === 0 ? {} : { x: reached },
      runs,
    )[0];

  test('that was not seen fails when a sweep should have seen it, and waits for more seeds before', () => {
    expect(judged(1, 60)).toMatchObject({ verdict: 'reached', needed: null });
    expect(judged(0, 60)).toMatchObject({ verdict: 'not enough seeds', needed: 570 });
    expect(judged(0, 1_000)).toMatchObject({ verdict: 'never reached', needed: null });
    expect(judged(0, 1_000, 5_000)).toMatchObject({ verdict: 'not enough seeds', needed: 58_000 });
    expect(judged(0, 1_000, null)).toMatchObject({ verdict: 'not expected', needed: null });
    expect(judged(0, 0)).toMatchObject({ verdict: 'not enough seeds' });
  });

  test('as rare as it says is unseen by luck in one sweep of a hundred thousand at the most', () => {
    for (const oncePer of [2, 50, 100, 1_000]) {
      let runs = 1;
      while ((judged(0, runs, oncePer) as { verdict: string }).verdict !== 'never reached') runs++;
      expect(binomial(runs, 1 / oncePer).atMost(0)).toBeLessThanOrEqual(RED);
    }
  });
});

test('luck makes all rows of the whole catalogue together red in one sweep of a hundred at the most', () => {
  const rows = SCENARIOS.reduce(
    (sum, { sometimes, targets = [] }) =>
      sum + sometimes.length + targets.reduce((of, { except = [] }) => of + 1 + except.length, 0),
    0,
  );
  expect(rows).toBeGreaterThan(500);
  expect(rows).toBeLessThanOrEqual(ROWS_MAX);
  expect(RED * rows).toBeLessThanOrEqual(RED_SWEEP);
});

describe('evidence', () => {
  const integers = fc.integer({ min: -(2 ** 43), max: 2 ** 43 });

  test('sums products exactly, whatever their size, order and grouping', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(integers, integers), { maxLength: 30 }), fc.nat(), (products, cut) => {
        const whole = noWide();
        const halves = [noWide(), noWide()] as const;
        for (const [i, [a, b]] of products.entries()) {
          addProduct(whole, a, b);
          addProduct(halves[i < cut % 30 ? 0 : 1], a, b);
        }
        const sum = noWide();
        addWide(sum, halves[1]);
        addWide(sum, halves[0]);
        expect(sum).toEqual(whole);
        const exact = products.reduce((total, [a, b]) => total + BigInt(a) * BigInt(b), 0n);
        expect(BigInt(whole.high) * 2n ** 40n + BigInt(whole.low)).toBe(exact);
        expect(numberOf(whole)).toBeCloseTo(Number(exact), -20);
      }),
    );
  });

  test('of two portions is that of both, and travels through JSON', () => {
    const piece = fc.tuple(fc.nat(), fc.nat());
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece), (left, right) => {
        const into: EvidenceByTarget = {};
        mergeEvidence(into, JSON.parse(JSON.stringify({ recovery: evidenceOf(left) })) as EvidenceByTarget);
        mergeEvidence(into, { recovery: evidenceOf(right) });
        expect(into.recovery).toEqual(evidenceOf([...left, ...right]));
      }),
    );
  });
});

/** From rows to what they say: means with intervals, and differences between contenders that met the same luck. */
import { studentisedInterval } from '../statistics/bootstrap.ts';
import { holm } from '../statistics/holm.ts';
import { meanInterval } from '../statistics/mean.ts';
import { differencesOf as differencesBetween, meanOf } from '../statistics/moments.ts';
import { pairedDifference } from '../statistics/pairs.ts';
import type { LabDifference, LabEstimate, LabInterval, LabMetric, LabPhase } from './document.ts';
import type { Values } from './experiment.ts';

/** The rows of one cell that count, from replication `from` on. */
export interface Sample {
  readonly storm: string;
  readonly contender: string;
  readonly phase: LabPhase;
  readonly from: number;
  readonly rows: readonly Values[];
}

/** One metric of all replications, in their order; NaN where one has no value. */
export const columnOf = ({ rows }: Pick<Sample, 'rows'>, metric: number): Float64Array =>
  Float64Array.from(rows, (row) => row[metric] as number);

export function estimatesOf(
  samples: readonly Sample[],
  metrics: readonly LabMetric[],
  confidence: number,
): readonly LabEstimate[] {
  return samples.flatMap((sample) =>
    metrics.map(({ name }, nth) => {
      const column = columnOf(sample, nth);
      const values = column.filter((value) => !Number.isNaN(value));
      const { value, least, most, deviation } = meanInterval(values, { confidence });
      const { storm, contender, phase } = sample;
      return {
        ...{ storm, contender, phase, metric: name },
        replications: values.length,
        missing: column.length - values.length,
        mean: orNull(value),
        interval: values.length < 2 ? null : intervalOf(least, most),
        deviation: orNull(deviation),
        least: orNull(values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
        most: orNull(values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
      };
    }),
  );
}

/** Whom the others are held against. */
export interface Reference {
  readonly contender: string;
  /**
   * Whether rows said who it is (the best). Then any pair might have been the one that is looked at, so all of them are
   * corrected together; a reference that was named beforehand is held against each of the others once.
   */
  readonly chosenByRows: boolean;
}

/** Samples of the same storm are paired by replication; those without a reference among them are left out. */
export function differencesOf(
  samples: readonly Sample[],
  reference: Reference,
  metrics: readonly LabMetric[],
  { confidence, leastChange }: { readonly confidence: number; readonly leastChange: number },
): readonly LabDifference[] {
  const isHeld = (sample: Sample): boolean => sample.contender === reference.contender;
  const storms = [...new Set(samples.map(({ storm }) => storm))];
  const compared = storms.flatMap((storm) => {
    const inStorm = samples.filter((sample) => sample.storm === storm);
    const pairs = inStorm.flatMap((b, nth) =>
      inStorm.slice(0, nth).map((a) => (b.contender === reference.contender ? ([b, a] as const) : ([a, b] as const))),
    );
    const asked = pairs.filter(([a]) => reference.chosenByRows || a.contender === reference.contender);
    return metrics.flatMap((metric, nth) =>
      asked.map(([a, b]) => ({ metric, ...comparedIn(a, b, nth, confidence, metric.shown && isHeld(a)) })),
    );
  });
  const shown = compared.filter(({ metric }) => metric.shown);
  const decisions = holm(
    shown.map(({ p }) => p),
    1 - confidence,
  );
  return compared
    .filter(({ reference: held }) => held === reference.contender)
    .map((each) => {
      const { metric, p, mean, scale, ...rest } = each;
      const at = shown.indexOf(each);
      const decision = at < 0 ? undefined : decisions[at];
      return {
        ...rest,
        metric: metric.name,
        mean: orNull(mean),
        p: orNull(p),
        holm: decision === undefined || Number.isNaN(p) ? null : decision.adjusted,
        verdict: verdictOf(metric, mean, p, {
          decided: decision?.decided ?? p <= 1 - confidence,
          counts: Math.abs(mean) > leastChange * scale,
        }),
      };
    });
}

interface Compared
  extends Pick<
    LabDifference,
    'storm' | 'contender' | 'reference' | 'pairs' | 'interval' | 'bootstrap' | 'correlation'
  > {
  readonly mean: number;
  readonly p: number;
  /** The size of the reference's mean, in these pairs. */
  readonly scale: number;
}

/** `b` minus `a`, over the replications in which both have a value. */
function comparedIn(a: Sample, b: Sample, metric: number, confidence: number, resamples: boolean): Compared {
  const from = Math.max(a.from, b.from);
  const ofA = columnOf(a, metric).subarray(from - a.from);
  const ofB = columnOf(b, metric).subarray(from - b.from);
  const length = Math.max(0, Math.min(ofA.length, ofB.length));
  const both = Array.from({ length }, (_, nth) => nth).filter(
    (nth) => !Number.isNaN(ofA[nth]) && !Number.isNaN(ofB[nth]),
  );
  const left = both.map((nth) => ofA[nth] as number);
  const right = both.map((nth) => ofB[nth] as number);
  const { value, least, most, pValue, correlation } = pairedDifference(left, right, { confidence });
  return {
    ...{ storm: a.storm, contender: b.contender, reference: a.contender, pairs: both.length },
    mean: value,
    interval: both.length < 2 ? null : intervalOf(least, most),
    bootstrap: resamples ? bootstrapped(left, right, confidence) : null,
    correlation: orNull(correlation),
    p: pValue,
    scale: Math.abs(meanOf(left)),
  };
}

/** Which follows skewness; null with fewer than five pairs. */
function bootstrapped(a: readonly number[], b: readonly number[], confidence: number): LabInterval | null {
  const { least, most } = studentisedInterval(differencesBetween(a, b), { confidence });
  return intervalOf(least, most);
}

function verdictOf(
  { better }: LabMetric,
  mean: number,
  p: number,
  { decided, counts }: { readonly decided: boolean; readonly counts: boolean },
): LabDifference['verdict'] {
  if (Number.isNaN(p)) return 'not known';
  if (better === null) return 'no judgement';
  if (!decided || mean === 0) return 'no difference seen';
  if (!counts) return 'too small to count';
  return mean < 0 === (better === 'less') ? 'better' : 'worse';
}

/** JSON has no NaN and no infinity. */
const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

const intervalOf = (least: number, most: number): LabInterval | null =>
  Number.isFinite(least) && Number.isFinite(most) ? { least, most } : null;

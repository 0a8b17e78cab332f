/**
 * What an experiment leaves behind: everything that tables, files, pictures and reports are made of, as plain JSON.
 *
 * Nothing in it depends on the machine, on the clock or on how many workers there were, so the same experiment gives the
 * same document, byte for byte. Times are seconds here (virtual ones, from the first drop unless a name says otherwise),
 * because that is what people and plots read; a storm keeps its integers of microseconds. What a replication has no value
 * for (nobody recovered) is null, since JSON has no NaN.
 */
import type { Metric } from '../metrics/metric.ts';
import type { Storm } from '../storm/storm.ts';

export interface LabDocument {
  readonly schema: 'hangup/lab/1';
  /** Of hangup. */
  readonly version: string;
  readonly asks: 'compare' | 'tune' | 'frontier' | 'advise';
  /** The line that makes this document again. */
  readonly command: string;
  /** As `--seed` takes it. */
  readonly seed: string;
  readonly fidelity: 'lean' | 'universe';
  /** Of every interval, e.g. 0.95. */
  readonly confidence: number;
  /** A difference of at most so much of the reference's mean counts as none, e.g. 0.01. */
  readonly leastChange: number;
  /** Why there are fewer replications than asked for; null when nothing ended it early. */
  readonly stopped: 'budget' | 'interrupted' | null;
  /** What was asked for: so many replications, or half-widths of so much of the mean in these metrics. */
  readonly asked: LabAsked;
  readonly storms: readonly LabStorm[];
  /** In the order of columns. */
  readonly metrics: readonly LabMetric[];
  /** In the order in which they were asked for; of a search, its candidates are behind whoever is estimated. */
  readonly contenders: readonly LabContender[];
  /** In order of (storm, contender, replication). */
  readonly rows: readonly LabRow[];
  /** In order of (storm, contender, metric); of a phase, those that have rows in it. */
  readonly estimates: readonly LabEstimate[];
  /** Every other contender against `reference`, on the same luck; in order of (storm, metric, contender). */
  readonly differences: readonly LabDifference[];
  /** One replication of each contender that is estimated, looked at closely; in order of (storm, contender). */
  readonly traces: readonly LabTrace[];
  /** Time against attempts: of `frontier` and `tune`, else null. */
  readonly frontier: LabFrontier | null;
  /** What a search over parameters did; else null. */
  readonly tuning: LabTuning | null;
  /** Of `advise`: who is recommended, and for what. */
  readonly advice?: LabAdvice;
  /** What the document says in words, a paragraph each: printed below tables, and at the head of reports. */
  readonly words: readonly string[];
}

export type LabAsked =
  | { readonly kind: 'replications'; readonly replications: number }
  | {
      readonly kind: 'precision';
      /** Half-width of an interval over the absolute value of its mean, e.g. 0.02. */
      readonly relative: number;
      readonly metrics: readonly string[];
      /** No contender gets more. */
      readonly replicationsMost: number;
    };

export interface LabStorm {
  /** Unique in the document. */
  readonly name: string;
  readonly storm: Storm;
  /** N/C in seconds: nobody can bring everybody in sooner. */
  readonly bound: number;
  /** Seconds from the first drop to the end of the last outage, from which recovery counts. */
  readonly recovery: number;
}

export interface LabMetric {
  readonly name: string;
  readonly unit: Metric['unit'];
  readonly better: Metric['better'];
  readonly states: string;
  /** Whether tables, forest plots and verdicts show it; the others are in rows and estimates only. */
  readonly shown: boolean;
}

export interface LabContender {
  /** Unique in the document: `full-jitter`, `full-jitter,cap=60s`, `./mine.json`. */
  readonly name: string;
  /** What it is a variation of; the name itself when it is none. */
  readonly family: string;
  /** What was varied, by knob, as `--policy` takes it: `{ "cap": "60s" }`. Empty when nothing was. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The policy as `--policy FILE.json` reads it; null for a function of somebody's config. */
  readonly policy: unknown;
  /** `search` for a candidate that was only looked at while searching. */
  readonly phase: LabPhase;
}

/** Replications that chose, and fresh ones that say how good the choice is: never the same. */
export type LabPhase = 'search' | 'estimate';

export interface LabRow {
  readonly storm: string;
  readonly contender: string;
  readonly phase: LabPhase;
  /** From 0 on; rows of one storm and one replication met the same luck. */
  readonly replication: number;
  /** In the order of `metrics`. */
  readonly values: readonly (number | null)[];
}

export interface LabInterval {
  readonly least: number;
  readonly most: number;
}

export interface LabEstimate {
  readonly storm: string;
  readonly contender: string;
  readonly phase: LabPhase;
  readonly metric: string;
  /** Replications that have a value, and those that have none. */
  readonly replications: number;
  readonly missing: number;
  /** Null when no replication has a value. */
  readonly mean: number | null;
  /** Of the mean, at `confidence`; null with fewer than two values. */
  readonly interval: LabInterval | null;
  /** Standard deviation of one replication; null with fewer than two. */
  readonly deviation: number | null;
  /** The extreme replications. */
  readonly least: number | null;
  readonly most: number | null;
}

export interface LabDifference {
  readonly storm: string;
  readonly metric: string;
  /** `contender` minus `reference`, pair by pair. */
  readonly contender: string;
  readonly reference: string;
  /** Pairs in which both have a value. */
  readonly pairs: number;
  readonly mean: number | null;
  /** Student's interval of the mean of differences, and the studentised bootstrap's, of shown metrics with five pairs or more. */
  readonly interval: LabInterval | null;
  readonly bootstrap: LabInterval | null;
  /** Of the two in their pairs: how much of the luck was shared; null where one does not vary. */
  readonly correlation: number | null;
  /** Two-sided, of Student's t on the pairs; then corrected by Holm over all differences of shown metrics. */
  readonly p: number | null;
  readonly holm: number | null;
  /** After Holm; `too small to count` is sure and within `leastChange`; `not known` with fewer than two pairs, `no judgement` for a metric of which neither more nor less is better. */
  readonly verdict: 'better' | 'worse' | 'no difference seen' | 'too small to count' | 'not known' | 'no judgement';
}

export interface LabTrace {
  readonly storm: string;
  readonly contender: string;
  readonly replication: number;
  /**
   * Dials that reached the servers (or where they were), and those that were admitted, in bins that are laid out from the
   * end of the last outage, so that one begins there. Behind the last bin nothing happened, or `cut` says from when on
   * nothing is shown.
   */
  readonly bins: {
    /** Seconds from the first drop to the first bin, 0 or a little earlier; and of each bin. */
    readonly from: number;
    readonly width: number;
    readonly arrivals: readonly number[];
    readonly admissions: readonly number[];
    readonly cut: number | null;
  };
  /**
   * Who is not back yet: after `seconds[i]` since recovery a share of `share[i]` of the clients has not been admitted.
   * Falls from 1; ends above 0 when somebody never came back.
   */
  readonly waiting: { readonly seconds: readonly number[]; readonly share: readonly number[] };
  /** Each dial of a sample of clients; empty where the fidelity tells of none. */
  readonly attempts: {
    /** How many clients were sampled, and of how many. */
    readonly clients: number;
    readonly of: number;
    /** Columns of one table: the client's place in the sample (from 0), the second of the dial, and what became of it. */
    readonly client: readonly number[];
    readonly seconds: readonly number[];
    readonly outcome: readonly LabOutcome[];
  };
}

/** `down`: nobody was there; `refused`: for want of room; `timed-out`: the client waited in vain. */
export type LabOutcome = 'down' | 'refused' | 'timed-out' | 'admitted';

export interface LabFrontier {
  /** Metrics of the two axes, both of which are better when they are less. */
  readonly time: string;
  readonly cost: string;
  readonly points: readonly LabPoint[];
}

export interface LabPoint {
  readonly storm: string;
  readonly contender: string;
  readonly phase: LabPhase;
  readonly time: number | null;
  readonly cost: number | null;
  /** No other point of the storm is at least as good in both and better in one, by their means. */
  readonly onFrontier: boolean;
  /**
   * With `frontier`: whether luck may be why it is not on the frontier (`open`), and whose point is better; `unknown` where
   * a replication has no value.
   */
  readonly place?: 'front' | 'open' | 'dominated' | 'unknown';
  readonly dominatedBy?: string | null;
}

export interface LabTuning {
  readonly family: string;
  readonly design: 'grid' | 'random';
  /** In the order of `--vary`. */
  readonly varied: readonly LabVaried[];
  readonly minimises: string;
  /** `attempts_after<=1.4`, as given. */
  readonly constraints: readonly LabConstraint[];
  /** Successive halving: who was left, and on how many replications of each storm so far. */
  readonly rounds: readonly { readonly candidates: number; readonly replications: number }[];
  /** In the order of the design. */
  readonly candidates: readonly LabCandidate[];
  /** Null when no candidate keeps every constraint. */
  readonly winner: string | null;
}

export interface LabVaried {
  readonly knob: string;
  readonly spacing: 'log' | 'linear' | 'list';
  /** Of a grid, all of them; of a random design, the two ends. */
  readonly values: readonly string[];
}

export interface LabConstraint {
  readonly metric: string;
  readonly relation: '<=' | '>=' | '<' | '>';
  readonly bound: number;
}

export interface LabCandidate {
  /** A contender's name. */
  readonly contender: string;
  /** The round after which it was left out, from 0; null for those that were left at the end. */
  readonly leftAfter: number | null;
  /** What was minimised, on the replications that it had: the worst ratio to the best of a storm, when there are several. */
  readonly objective: number | null;
  readonly keepsConstraints: boolean;
}

export interface LabAdvice {
  readonly minimises: string;
  readonly constraints: readonly LabConstraint[];
  /** Policies that were looked at. */
  readonly candidates: number;
  readonly picks: readonly {
    readonly contender: string;
    /** `best`: of all; `published`: of those that somebody ships; `ours`: the default of hangup; `next`: another one. */
    readonly role: 'best' | 'published' | 'ours' | 'next';
    readonly keepsConstraints: boolean;
  }[];
  /** The first pick as code in a WebSocket client does it, where that is not all of it; else null. */
  readonly pasted: string | null;
}

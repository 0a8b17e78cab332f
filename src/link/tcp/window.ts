/** What a sender keeps about its window: its growth while nothing is lost, how much of it is used, and its reductions. */
import { type Instant, NEVER, START } from '../../time.ts';
import { type Cubic, INFINITE, INITIAL_WINDOW } from './cubic.ts';

/** Congestion control, in segments: the window and its growth, and what a loss does to it. */
export interface Congestion extends Cubic {
  /** Whether the sender used all of its window, else the most that it had under way, and until which segment that holds. */
  limited: boolean;
  most: number;
  usedEnd: number;
  /** The last reduction; a segment lost before it causes no other. */
  reducedAt: number;
  /** Whether a loss is being repaired: the window before, segments that arrived and that were sent since (PRR). */
  recovering: boolean;
  /** Nothing of that loss is missing before what is sent from then on; NEVER while something is. */
  wholeFrom: Instant;
  /** Segments acknowledged of which the reduction has not been told yet, whether something missing was among them, and lost. */
  noted: number;
  advanced: boolean;
  worse: boolean;
  /** When something was repeated last that was sent for the first time after the last reduction. */
  laterRepair: Instant;
  prior: number;
  delivered: number;
  repaired: number;
  /** What was sent before the last time-out is not all acknowledged before this segment. */
  lossEnd: number;
  /** What the time-out took of window (0: nothing to give back) and threshold, and when it turns out to have been spurious. */
  priorWindow: number;
  priorThreshold: number;
  undoAt: Instant;
}

/** In one piece, because connections are made often. */
export const newCongestion = (): Congestion => ({
  window: INITIAL_WINDOW,
  threshold: INFINITE,
  lastMax: 0,
  epoch: -1,
  origin: 0,
  rise: 0,
  acked: 0,
  reno: 0,
  each: 1,
  counted: 0,
  tick: -1,
  computed: 0,
  least: 0,
  found: false,
  roundAt: 0,
  roundEnd: 0,
  heardAt: 0,
  shortest: 0,
  samples: 0,
  limited: false,
  most: 0,
  usedEnd: 0,
  reducedAt: -1,
  recovering: false,
  wholeFrom: NEVER,
  noted: 0,
  advanced: false,
  worse: false,
  laterRepair: START,
  prior: 0,
  delivered: 0,
  repaired: 0,
  lossEnd: 0,
  priorWindow: 0,
  priorThreshold: 0,
  undoAt: NEVER,
});

/** What a sender keeps about its window: its growth while nothing is lost, how much of it is used, and its reductions. */
import { type Instant, START } from '../time.ts';
import { type Cubic, INFINITE, INITIAL_WINDOW } from './cubic.ts';

/** Congestion control, in segments: the window and its growth, and what a loss does to it. */
export interface Congestion extends Cubic {
  /** Whether the sender used all of its window, else the most that it had under way, and until which segment that holds. */
  limited: boolean;
  most: number;
  usedEnd: number;
  /** The last reduction; a segment lost before it causes no other. */
  reducedAt: number;
  /** Until when a loss is repaired: the window before, segments that arrived and that were sent since (PRR). */
  recoverUntil: Instant;
  prior: number;
  delivered: number;
  repaired: number;
  /** What was sent before the last time-out is not all acknowledged before this segment. */
  lossEnd: number;
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
  recoverUntil: START,
  prior: 0,
  delivered: 0,
  repaired: 0,
  lossEnd: 0,
});

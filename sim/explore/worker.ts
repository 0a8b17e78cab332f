/** A worker thread: runs portions of a sweep and returns their tallies. */
import { Piscina } from 'piscina';
import { type Portion, runPortion, type Shared } from './portion.ts';
import type { Tally } from './tally.ts';

export default function work(portion: Portion): Tally {
  return runPortion(portion, Piscina.workerData as Shared);
}

/**
 * Ties: in which order events of one instant happen. By itself a run keeps the order in which they were put on the agenda, so a
 * race between two machines that meet in one microsecond always ends the same way. Shuffled, the seed decides it anew at each
 * instant.
 *
 * What physics orders stays in order: what reaches one machine over the network (one connection never overtakes itself), what it
 * is told by other services, its timers among each other, and what the world itself does (faults, applications). Between these,
 * and between machines, nothing does. At the start of a run all processes begin before anything else happens.
 */
import { type Instant, START } from '../../src/time.ts';
import { type EventSort, SORT } from './event-sort.ts';

/** How far behind its order an event stands: the same for all that keep their order among each other. */
export type Ties = (at: Instant, target: number, sort: EventSort) => number;

/** 2 to the 42: orders of a run count to less, and 1024 times it is an exact number. */
const STEP = 4_398_046_511_104;
const RANKS = 1024;

/** Ties shuffled by a number of the seed. */
export const shuffled =
  (salt: number): Ties =>
  (at, target, sort) =>
    at === START ? 0 : rankOf(salt, at, target, sort) * STEP;

/** The same behind what the world itself does at that instant: what begins or ends then has done so for everybody. */
export const worldFirst =
  (salt: number): Ties =>
  (at, target, sort) =>
    at === START || target < 0 ? 0 : (1 + rankOf(salt, at, target, sort)) * STEP;

function rankOf(salt: number, at: Instant, target: number, sort: EventSort): number {
  const queue = sort === SORT.timer ? 0 : sort === SORT.message ? 1 : 2;
  let hash = Math.imul(salt ^ (at | 0), 0x9e3779b1) ^ Math.imul((at / 4294967296) | 0, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ (3 * target + queue), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13), 0x27d4eb2f);
  return (hash ^ (hash >>> 16)) & (RANKS - 1);
}

/** As a world wants them, by a number of the seed. */
export const tiesOf = (how: 'shuffled' | 'world-first', salt: number): Ties =>
  how === 'shuffled' ? shuffled(salt) : worldFirst(salt);

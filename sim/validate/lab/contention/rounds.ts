/**
 * Stations that always have a frame to send and share one channel, as in `simulation.py` of
 * cecyliaborek/DCF-NumPy-simulation@46be139 (IEEE 802.11a, DCF): each counts down the slots that its policy drew, whoever reaches
 * zero sends, and two that do so in one slot collide. Who got through begins anew, who collided goes on as its policy says; one that
 * gives up has dropped its frame, and begins with the next.
 *
 * In time of the policy a slot takes a millisecond. A slot in which somebody sends counts for the others like an idle one.
 */
import { type BackoffMemory, freshMemory, nextDelay } from '../../../../src/backoff/delay.ts';
import { POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { ms, ZERO } from '../../../../src/time.ts';
import { Agenda } from '../../../core/agenda.ts';
import { PURPOSE } from '../../../lab/storm/luck.ts';
import type { Dice } from '../part.ts';

export interface Rounds {
  /** Of each station: frames that got through, and tries that collided. */
  readonly successes: Float64Array;
  readonly collisions: Float64Array;
  /** Slots that passed idle, rounds in which one sent, and in which several did. */
  readonly idle: number;
  readonly won: number;
  readonly lost: number;
}

/** A slot, in microseconds of the policy. */
export const SLOT = 1000;

/** Windows of 16 slots, doubling to 1,024, and eight tries more before a frame is dropped. */
export const DCF: Policy = {
  ...POLICY_DEFAULTS,
  delay: { kind: 'exponential', base: ms(16), factor: { num: 2, of: 1 }, compounds: false },
  jitter: { kind: 'full', floor: ZERO },
  cap: ms(1024),
  // Of 16 slots the numbers 0 to 15, never 16.
  rounding: { to: ms(1), by: 'down' },
  attemptsMax: 9,
};

export function contend(stations: number, rounds: number, policy: Policy, luck: Dice): Rounds {
  const agenda = new Agenda();
  const memories: BackoffMemory[] = Array.from({ length: stations }, freshMemory);
  const draws = new Uint32Array(stations);
  const successes = new Float64Array(stations);
  const collisions = new Float64Array(stations);
  let order = 0;
  const slotsOf = (station: number): number => {
    for (;;) {
      const draw = luck.draw(station, PURPOSE.delay, 0, draws[station]!);
      draws[station] = draws[station]! + 1;
      const next = nextDelay(policy, memories[station]!, draw, { retryAfter: null, elapsed: ZERO });
      if ('stop' in next) {
        memories[station] = freshMemory();
        continue;
      }
      memories[station] = next.memory;
      return next.delay / SLOT;
    }
  };
  for (let station = 0; station < stations; station++) agenda.push(slotsOf(station), order++, station);
  let [idle, won, lost, from] = [0, 0, 0, 0];
  const sending: number[] = [];
  for (let round = 0; round < rounds; round++) {
    sending.length = 0;
    const slot = agenda.peekAt();
    while (agenda.peekAt() === slot) sending.push(agenda.pop());
    idle += slot - from;
    from = slot + 1;
    const isAlone = sending.length === 1;
    if (isAlone) won++;
    else lost++;
    for (const station of sending) {
      if (isAlone) memories[station] = freshMemory();
      const counted = isAlone ? successes : collisions;
      counted[station] = counted[station]! + 1;
      agenda.push(from + slotsOf(station), order++, station);
    }
  }
  return { successes, collisions, idle, won, lost };
}

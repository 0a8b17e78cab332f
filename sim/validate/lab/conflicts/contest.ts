/**
 * Clients that write to one row under optimistic concurrency, as in `backoff_simulator.py` of
 * aws-samples/aws-arch-backoff-simulator@66cb169: each reads the version of the row and writes with it; a write succeeds if
 * nobody wrote in between, and who fails waits as its policy says, and reads again. What is scarce is the version, not
 * admissions. Every message takes |N(10 ms, 2 ms)|, so a loop has four of these delays, and the row answers at once.
 *
 * It runs on the lab's own dice, on the agenda and on `nextDelay`, because these are what it validates.
 */
import { type BackoffMemory, freshMemory, nextDelay } from '../../../../src/backoff/delay.ts';
import type { Policy } from '../../../../src/backoff/policy.ts';
import { ZERO } from '../../../../src/time.ts';
import { Agenda } from '../../../core/agenda.ts';
import { normalQuantile } from '../../../lab/statistics/distributions.ts';
import { PURPOSE } from '../../../lab/storm/luck.ts';
import type { Dice } from '../part.ts';

export interface Contest {
  /** Writes; reads are not counted. */
  readonly calls: number;
  /** Writes that found another version. */
  readonly failures: number;
  /** Until the last client heard that its write succeeded, in microseconds. */
  readonly time: number;
}

/** Messages of a loop: the read and its answer, the write and its answer. */
const LEGS = 4;

/** One replication. A policy may be one that never waits, and must not be one that gives up. */
export function contest(clients: number, policy: Policy, luck: Dice): Contest {
  const agenda = new Agenda();
  const memories: BackoffMemory[] = Array.from({ length: clients }, freshMemory);
  const legs = new Float64Array(LEGS * clients);
  const loops = new Uint32Array(clients);
  /** The version that a client's write carries; -1 while it is going to read. */
  const carried = new Int32Array(clients).fill(-1);
  let order = 0;
  const readAfter = (client: number, at: number): void => {
    for (let leg = 0; leg < LEGS; leg++) {
      const draw = luck.draw(client, PURPOSE.roundTrip, 0, LEGS * loops[client]! + leg);
      legs[LEGS * client + leg] = latency(draw);
    }
    carried[client] = -1;
    agenda.push(at + legs[LEGS * client]!, order++, client);
  };
  for (let client = 0; client < clients; client++) readAfter(client, 0);
  let [version, calls, failures, time] = [0, 0, 0, 0];
  for (let client = agenda.pop(); client >= 0; client = agenda.pop()) {
    if (carried[client] === -1) {
      carried[client] = version;
      agenda.push(agenda.at + legs[LEGS * client + 1]! + legs[LEGS * client + 2]!, order++, client);
      continue;
    }
    calls++;
    const heard = agenda.at + legs[LEGS * client + 3]!;
    if (carried[client] === version) {
      version++;
      time = Math.max(time, heard);
      continue;
    }
    failures++;
    const draw = luck.draw(client, PURPOSE.delay, 0, loops[client]!);
    const next = nextDelay(policy, memories[client]!, draw, { retryAfter: null, elapsed: ZERO });
    if ('stop' in next) throw new Error('hangup bug: the policies of this experiment never give up');
    memories[client] = next.memory;
    loops[client] = loops[client]! + 1;
    readAfter(client, heard + next.delay);
  }
  return { calls, failures, time };
}

/** |N(10 ms, 2 ms)| in whole microseconds. */
const latency = (draw: number): number =>
  Math.abs(Math.round(10_000 + 2_000 * normalQuantile((draw + 0.5) / 4294967296)));

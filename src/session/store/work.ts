/**
 * The work of a session: what its agents remember, which tools they called, how many steps are done. A note takes effect
 * with the chunk that it comes with, so an agent that goes on from the log never repeats or forgets one.
 */
import type { Note } from '../services.ts';
import { extendContext, memoryDigest, type WorkSummary } from '../wire/frames.ts';
import type { SessionRecord, StreamLog, Work } from './state.ts';
import type { StoreEffect } from './store.ts';

/** A note takes effect; a tool call that an earlier epoch of the answer has made stands, with its result. */
export function take(
  record: SessionRecord,
  log: StreamLog,
  session: number,
  { about, key, nth, value }: Note,
  effects: StoreEffect[],
): void {
  if (about === 'tool' && nth !== log.calls + 1) return;
  record.work ??= { notes: 0, step: 0, calls: 0, callsDigest: 0, memory: {} };
  const { work } = record;
  work.notes++;
  switch (about) {
    case 'tool':
      log.calls++;
      work.calls++;
      work.callsDigest = extendContext(work.callsDigest, value, key);
      break;
    case 'memory':
      work.memory[key] = value;
      break;
    case 'step':
      work.step++;
      break;
  }
  effects.push({ type: 'record', session, client: record.client, about, key, value });
}

/** The work as a client is shown it. */
export const summaryOf = ({ notes, step, calls, callsDigest, memory }: Work): WorkSummary => ({
  notes,
  step,
  calls,
  callsDigest,
  memory: memoryDigest(memory),
});

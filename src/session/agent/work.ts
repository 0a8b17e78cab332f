/** What an answer leaves in its session besides text: a function of the chunk alone, so that whoever goes on from the log agrees. */
import type { Chunk } from '../../content.ts';
import type { Note } from '../services.ts';
import type { WorkPace } from './config.ts';

/** The note that goes with chunk `seq` of a stream, or null. The last chunk completes the step, whatever else it would do. */
export function noteOf(pace: WorkPace | null, stream: number, seq: number, { fin, sum }: Chunk): Note | null {
  if (pace === null) return null;
  if (fin) return { about: 'step', key: `s${stream}`, nth: 1, value: sum };
  const { toolEvery, memoryEvery, memoryKeys } = pace;
  if (seq % toolEvery === 0) {
    const nth = seq / toolEvery;
    return { about: 'tool', key: `s${stream}/${nth}`, nth, value: sum };
  }
  if (seq % memoryEvery !== 0) return null;
  const nth = seq / memoryEvery;
  return { about: 'memory', key: `m${(stream + nth) % memoryKeys}`, nth, value: sum };
}

/** Whether chunk `seq` of so many waits for a tool; the last one completes the step instead. */
export const callsTool = (pace: WorkPace | null, seq: number, length: number): boolean =>
  pace !== null && seq < length && seq % pace.toolEvery === 0;

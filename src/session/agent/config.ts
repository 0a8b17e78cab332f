/** What an agent is told at birth. */
import type { Chunk } from '../../content.ts';
import type { NodeId } from '../../machine.ts';
import type { Duration } from '../../time.ts';

/** How often an answer calls a tool, or remembers something; with its last chunk it completes a step of the workflow. */
export interface WorkPace {
  /** A tool is called every so many chunks, 1 or more. */
  readonly toolEvery: number;
  /** A call takes this long: the chunk that uses its result comes so much later. */
  readonly toolTime: Duration;
  /** Something is remembered every so many chunks, 1 or more (a tool call at the same chunk goes before). */
  readonly memoryEvery: number;
  /** Keys of the agent memory, 1 or more: it does not grow beyond them. */
  readonly memoryKeys: number;
}

export interface AgentConfig {
  readonly node: NodeId;
  readonly store: NodeId;
  /** Chunks of each content, by number. */
  readonly contents: readonly (readonly Chunk[])[];
  /** Time to the first chunk of a response. */
  readonly firstChunk: Duration;
  /** Mean time between chunks; each gap is uniform in half to one and a half of it. */
  readonly chunkInterval: Duration;
  /** Appends that may be under way to the store unanswered; the agent pauses beyond it. */
  readonly appendsMax: number;
  /** What answers leave in their session besides text; null: nothing. */
  readonly work: WorkPace | null;
  /** An append without an answer for this long is sent again. */
  readonly appendTimeout: Duration;
}

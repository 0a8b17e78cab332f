/** What an agent is told at birth. */
import type { Chunk } from '../content.ts';
import type { NodeId } from '../machine.ts';
import type { Duration } from '../time.ts';

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
  /** An append without an answer for this long is sent again. */
  readonly appendTimeout: Duration;
}

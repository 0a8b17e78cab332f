/** What the durable store is told at birth. */
import type { NodeId } from '../../machine.ts';
import type { Duration } from '../../time.ts';

export interface StoreConfig {
  readonly node: NodeId;
  /** From a write reaching the store until it survives a crash; writes that come meanwhile share the next fsync. */
  readonly fsyncDelay: Duration;
  /** A session without an owner's connection lives this long. */
  readonly sessionTtl: Duration;
  /** The replay window: chunks, bytes and age of a stream's log that can be replayed; older ones come as a snapshot. */
  readonly windowCount: number;
  readonly windowBytes: number;
  readonly windowAge: Duration;
  /** True: whoever takes over an unfinished response starts it anew in a new epoch (an answer of a model cannot be continued). */
  readonly regenerate: boolean;
  /** How many contents there are; epoch e of a stream that asked for content c answers with (c + e - 1) modulo this. */
  readonly contents: number;
}

/** What the folds of the session protocol measure in one run: the vocabulary from which its figures are taken. */

/** What a run measured, all from history; durations in microseconds. */
export type Figures = {
  /**
   * Response streams that were asked for and owed (not excused by a permitted terminal error), and those that were
   * complete in the time that the law *completion* grants.
   */
  readonly streamsOwed: number;
  /** Streams that ended with their session: the application was told `session_expired`. */
  readonly streamsLost: number;
  readonly streamsCompleted: number;
  /** Completed streams whose assembled bytes equal the content (and parse, for JSON), of `streamsCompleted`. */
  readonly streamsIntact: number;
  /** One sample a client: from the start of its application to its first WELCOME. */
  readonly connect: readonly number[];
  /**
   * One sample a resume: from the opening of the connection to the application having its context. Then those after an
   * outage below 30 s, those after one of 30 s to 5 min, and those in which another server process took over.
   */
  readonly contextRestored: readonly number[];
  readonly contextBrief: readonly number[];
  readonly contextMedium: readonly number[];
  readonly stateRestored: readonly number[];
  /** One sample per lost connection: from the loss (as the client saw it) to the next WELCOME. */
  readonly reconnect: readonly number[];
  /** From that WELCOME to the last REPLAY_END. */
  readonly resume: readonly number[];
  /** From that WELCOME to the first new byte (or the last REPLAY_END), when streams were unfinished. */
  readonly streamResumed: readonly number[];
  /** From the loss to the first new byte for the application (or, with nothing to come, to the last REPLAY_END). */
  readonly recovery: readonly number[];
  /** From a GOAWAY to the end of replay on the next connection. */
  readonly graceful: readonly number[];
  /** From the death of the server that owned the session to the recovery of its client. */
  readonly emergency: readonly number[];
  /** One sample a client in a run in which two servers or more were replaced: its time without service, all in all. */
  readonly rolling: readonly number[];
  /** Most bytes that one connection held (sent, and neither delivered nor lost), and that all held together. */
  readonly peakBufferBytes: number;
  readonly peakTogetherBytes: number;
  /** Most bytes that all connections held, by step of time (`sim/figures/series.ts`). */
  readonly buffers: readonly number[];
  /** DATA and SNAPSHOT bytes that servers sent, and those of them that had been sent before. */
  readonly bytesSent: number;
  readonly bytesResent: number;
  /** Most bytes of one stream that were sent again on one connection, in thousandths of the client's credit. */
  readonly resentPermille: number;
  readonly disconnects: number;
  readonly dials: number;
  /**
   * Handshakes that reached servers (a dial may reach several), those that they refused with 503 or 1013, and connections
   * that they welcomed.
   */
  readonly arrivals: number;
  readonly refusals: number;
  readonly admitted: number;
  /** Most dials of clients, arrivals and refusals within a second; and such arrivals in thousandths of what is admitted. */
  readonly peakDials1s: number;
  readonly peakArrivals1s: number;
  readonly peakRefusals1s: number;
  readonly peakArrivalsPermille: number;
  /** Outages that could be recovered from (nobody left, no error that the scenario allows), and those that were. */
  readonly recoverable: number;
  readonly recovered: number;
  /** The longest wait before a retry. */
  readonly longestWait: number;
  /** Deadlines that passed, and those of them that were acted on at their time. */
  readonly deadlinesPassed: number;
  readonly deadlinesKept: number;
  /**
   * Mean time in which a resume restored context from another address, and from the same one; 0 unless there were both,
   * which is what `moves` says with 1.
   */
  readonly moves: number;
  readonly movedMean: number;
  readonly stillMean: number;
  /**
   * Clients with ten cycles or more; how many cycles lie between their first five and their last five; and sums of the
   * mean time from opening to end of replay, and of the peak of bytes held, in the first five and in the last five.
   */
  readonly cycled: number;
  readonly cyclesBetween: number;
  readonly cycleEarly: number;
  readonly cycleLate: number;
  readonly memoryEarly: number;
  readonly memoryLate: number;
  /** How often applications were told each error. */
  readonly errors: Readonly<Record<string, number>>;
  /** How connections ended for clients: by close code, `http 503` for refused handshakes. */
  readonly closes: Readonly<Record<string, number>>;
};

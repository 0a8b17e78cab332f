/**
 * Where the command's words go: standard output and standard error, or what stands in for them when the command runs
 * inside another program. What it writes, and how wide, follows from these two and from nothing else.
 */

/** As much of a stream as the command uses. */
export interface Sink {
  write(text: string): unknown;
  /** Whether it is a terminal, and how wide; none is when left out. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

let current: Streams = process;

/** The streams of the command that runs now. */
export const streams = (): Streams => current;

/** Lets what `run` says go to other streams. One command at a time: they are the process's, as the real ones are. */
export async function speakingTo<T>(to: Streams, run: () => Promise<T>): Promise<T> {
  const before = current;
  current = to;
  try {
    return await run();
  } finally {
    current = before;
  }
}

/** What can go wrong outside of the simulated world, each with its exit code. */

/** Exit codes of every command. */
export const EXIT = {
  holds: 0,
  broken: 1,
  usage: 2,
  budget: 3,
  /** A run threw, crashed or was nondeterministic: it has no verdict. */
  ended: 4,
  bug: 70,
  io: 74,
  interrupted: 130,
} as const;

/** An error that is told in one line, without a stack; in several where several files are wrong. */
export class TellableError extends Error {
  readonly exitCode: number;
  readonly lines: readonly string[];
  constructor(exitCode: number, lines: readonly string[]) {
    const told = lines.map(ofSaneLength);
    super(told.join('\n'));
    this.exitCode = exitCode;
    this.lines = told;
  }
}

/** A line is cut in its middle, where a path or name of 100 KB may stand: it begins with the place and ends with the form. */
const LINE_MOST = 1000;
const ofSaneLength = (line: string): string =>
  line.length <= LINE_MOST ? line : `${line.slice(0, 600)} … ${line.slice(-300)}`;

/** Bad usage: a name, a flag, a value. */
export class UsageError extends TellableError {
  constructor(...lines: readonly string[]) {
    super(EXIT.usage, lines);
  }
}

/** Bad input: a file that is not what it must be. */
export class InputError extends TellableError {
  constructor(...lines: readonly string[]) {
    super(EXIT.usage, lines);
  }
}

/** Output that cannot be written. */
export class OutputError extends TellableError {
  constructor(...lines: readonly string[]) {
    super(EXIT.io, lines);
  }
}

/** The operating system's word for what went wrong, e.g. `ENOENT`. */
export const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

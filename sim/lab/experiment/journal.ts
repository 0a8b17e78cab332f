/**
 * The journal of an experiment: what it is, then rows as they were made, in whichever order. Rows depend on nothing but the
 * experiment, so one that goes on from a journal comes to what an undisturbed one comes to.
 */
import { InputError } from '../../cli/errors.ts';
import { LineJournal, readLines } from '../../input/line-journal.ts';
import type { Done } from './rows.ts';

/** What an experiment is: two of them with equal headers have equal rows. */
export interface LabHeader {
  readonly format: 'hangup/lab-journal/1';
  readonly version: string;
  /** What was asked, without what only says where results go. */
  readonly asks: string;
  /** Everything that rows depend on, in any form: storms, policies, metrics. */
  readonly config: string;
}

export interface LabRecorded {
  readonly done: readonly Done[];
  readonly bytes: number;
}

/** A line of rows: doubles in base64, because JSON has no NaN and takes three times the room. */
interface RowsLine {
  readonly storm: string;
  readonly contender: string;
  readonly from: number;
  readonly count: number;
  readonly values: string;
}

/** Throws `InputError` when there is no journal of this experiment. */
export function readLabJournal(path: string, header: LabHeader): LabRecorded {
  const { lines, bytes } = readLines(path, 'an experiment', (found) => mustBe(path, header, found as LabHeader));
  return { done: lines.slice(1).map((line) => doneOf(line as RowsLine)), bytes };
}

function mustBe(path: string, header: LabHeader, found: Partial<LabHeader>): void {
  for (const [field, what] of [
    ['format', 'format'],
    ['version', 'version'],
    ['asks', 'arguments'],
  ] as const)
    if (found[field] !== header[field])
      throw new InputError(
        `--resume: ${path} is of another experiment: ${what} ${found[field] ?? 'none'}, this one ${header[field]}`,
      );
  if (found.config !== header.config)
    throw new InputError(
      `--resume: a policy or a storm of a file has changed since ${path} was written: an experiment with it begins anew`,
    );
}

function doneOf({ storm, contender, from, count, values }: RowsLine): Done {
  const bytes = Buffer.from(values, 'base64');
  // A copy of its own begins where a double may begin.
  const all = new Float64Array(new Uint8Array(bytes).buffer);
  const width = all.length / count;
  return {
    ...{ storm, contender, from },
    values: Array.from({ length: count }, (_, nth) => all.slice(nth * width, (nth + 1) * width)),
  };
}

export class LabJournal {
  readonly #lines: LineJournal;

  private constructor(lines: LineJournal) {
    this.#lines = lines;
  }

  /** Begins a journal in place of any other, or goes on with one that was read. Throws what the system says. */
  static open(path: string, header: LabHeader, recorded: LabRecorded | null): LabJournal {
    return new LabJournal(LineJournal.open(path, header, recorded?.bytes ?? null));
  }

  /** Why it is not written any more (a full disk), or null. */
  get broken(): string | null {
    return this.#lines.broken;
  }

  add({ storm, contender, from, values }: Done): void {
    const bytes = Buffer.concat(values.map((row) => new Uint8Array(row.buffer, row.byteOffset, row.byteLength)));
    const line: RowsLine = { storm, contender, from, count: values.length, values: bytes.toString('base64') };
    this.#lines.append(line);
  }

  close(): void {
    this.#lines.close();
  }

  remove(): void {
    this.#lines.remove();
  }
}

/**
 * A journal as a file: a line for what it is about, then one for each thing that was done, each with its checksum.
 *
 *     <checksum> {…}
 *
 * Lines are only ever appended. A last line that is cut off, or damaged, is what a killed process leaves behind, and is
 * dropped; a damaged line before it is nothing that we do, and the journal is refused.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { InputError, reasonOf } from '../cli/errors.ts';
import { makeFolder } from '../explore/folder.ts';

/** What a journal holds, and how many of its bytes are whole lines. */
export interface Lines {
  /** The first of them is the header. */
  readonly lines: readonly object[];
  readonly bytes: number;
}

const LINE_END = 10;
/** Wall time between two requests to a disk, each of which costs as much as a line. */
const SYNC_MS = 1000;
/** Hex digits of a checksum: enough for accidents, which is all that it is for. */
const CHECKSUM = 16;

export const checksum = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, CHECKSUM);

const lineOf = (value: object): string => {
  const body = JSON.stringify(value);
  return `${checksum(body)} ${body}\n`;
};

/**
 * Reads the journal of something (`a sweep`) that did not come to its end. Throws `InputError` with one line: when there
 * is none, or when it is damaged (and where). `isOurs` judges the header before anything else is read, and throws.
 */
export function readLines(path: string, about: string, isOurs: (header: object) => void): Lines {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (reasonOf(error) !== 'ENOENT') throw new InputError(`${path}: cannot be read (${reasonOf(error)})`);
    throw new InputError(`--resume: nothing to go on with: ${path} does not exist (${about} that ends takes it away)`);
  }
  const lines: object[] = [];
  let good = 0;
  while (good < bytes.length) {
    const end = bytes.indexOf(LINE_END, good);
    const value = end < 0 ? null : recordIn(bytes.toString('utf8', good, end));
    if (value === null) {
      if (end >= 0 && end + 1 < bytes.length)
        throw new InputError(
          `${path}: line ${lines.length + 1} is damaged: the journal cannot be resumed; without --resume, ${about} begins anew`,
        );
      break;
    }
    if (lines.length === 0) isOurs(value);
    lines.push(value);
    good = end + 1;
  }
  if (lines.length === 0) throw new InputError(`--resume: nothing to go on with: ${path} has no whole line`);
  return { lines, bytes: good };
}

/** Null for a line that is not what was written. */
function recordIn(line: string): object | null {
  const body = line.slice(CHECKSUM + 1);
  if (line[CHECKSUM] !== ' ' || checksum(body) !== line.slice(0, CHECKSUM)) return null;
  return JSON.parse(body) as object;
}

export class LineJournal {
  readonly #path: string;
  readonly #file: number;
  /** Why nothing is written any more, or null. */
  #broken: string | null = null;
  /** When the disk was last asked to keep what it was given; Infinity while it is asked. */
  #synced = 0;

  private constructor(path: string, file: number) {
    this.#path = path;
    this.#file = file;
  }

  /** Begins a journal in place of any other, or goes on behind so many bytes of one. Throws what the system says. */
  static open(path: string, header: object, bytes: number | null): LineJournal {
    makeFolder(dirname(path));
    if (bytes === null) {
      // Who still writes to the journal before this one keeps its file, which has no name any more.
      rmSync(path, { force: true });
      const journal = new LineJournal(path, openSync(path, 'ax'));
      journal.append(header);
      if (journal.#broken !== null) throw Object.assign(new Error(), { code: journal.#broken });
      return journal;
    }
    const file = openSync(path, 'a');
    ftruncateSync(file, bytes);
    return new LineJournal(path, file);
  }

  /** Why it is not written any more (a full disk), or null. */
  get broken(): string | null {
    return this.#broken;
  }

  append(value: object): void {
    if (this.#broken !== null) return;
    const bytes = Buffer.from(lineOf(value));
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      this.#broken = reasonOf(error);
      return;
    }
    // A power cut may take the last second, and nobody waits for a disk.
    if (performance.now() - this.#synced < SYNC_MS) return;
    this.#synced = Number.POSITIVE_INFINITY;
    fdatasync(this.#file, () => {
      this.#synced = performance.now();
    });
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Takes the journal away, unless somebody else has begun another in that place. */
  remove(): void {
    const { dev, ino } = fstatSync(this.#file);
    closeSync(this.#file);
    const there = statSync(this.#path, { throwIfNoEntry: false });
    if (there !== undefined && there.dev === dev && there.ino === ino) rmSync(this.#path, { force: true });
  }
}

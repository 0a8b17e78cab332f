/**
 * The journal of a sweep: a line for what it is, then one for each portion that was run, with its tally. It is there so
 * that a sweep that was killed goes on where it was; portions add up to the same result in whichever process they ran.
 *
 *     <checksum> {"format":"hangup/journal/2","version":…,"scenarios":[…],"seeds":…,"from":…,"arguments":{…},"files":[…]}
 *     <checksum> {"scenario":"midstream/text","from":"1","seeds":200,"wall_ms":512,"tally":"<deflated JSON, base64>"}
 *
 * Lines are only ever appended. A last line that is cut off, or damaged, is what a killed process leaves behind, and is
 * dropped; a damaged line before it is nothing that a sweep does, and the journal is refused.
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
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { InputError, reasonOf } from '../cli/errors.ts';
import type { Origin } from '../core/overrides.ts';
import { seedNumber, seedText } from '../core/seeds.ts';
import type { UsedFile } from '../input/used-files.ts';
import { argumentsText } from './command-line.ts';
import { makeFolder } from './folder.ts';
import type { Finished } from './sweep.ts';
import type { Tally } from './tally.ts';

/** What a sweep is: two of them with equal headers have equal results. */
export interface Header {
  readonly format: 'hangup/journal/2';
  readonly version: string;
  readonly scenarios: readonly string[];
  readonly seeds: number;
  readonly from: string;
  /** How plans were chosen, where seeds do not draw them: `exhaustive 1`. */
  readonly search?: string;
  readonly arguments: Origin;
  /** The files that the arguments name, with their checksums. */
  readonly files: readonly UsedFile[];
}

/** What a journal holds, and how many of its bytes are whole lines. */
export interface Recorded {
  readonly finished: readonly Finished[];
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
 * Reads the journal of a sweep that did not come to its end. Throws `InputError` with one line: when there is none, when
 * it is of another sweep (and in what), or damaged (and where).
 */
export function readJournal(path: string, header: Header): Recorded {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (reasonOf(error) !== 'ENOENT') throw new InputError(`${path}: cannot be read (${reasonOf(error)})`);
    throw new InputError(`--resume: nothing to go on with: ${path} does not exist (a sweep that ends takes it away)`);
  }
  const finished: Finished[] = [];
  let number = 0;
  let good = 0;
  while (good < bytes.length) {
    number++;
    const end = bytes.indexOf(LINE_END, good);
    const value = end < 0 ? null : recordIn(bytes.toString('utf8', good, end));
    if (value === null) {
      if (end >= 0 && end + 1 < bytes.length)
        throw new InputError(
          `${path}: line ${number} is damaged: the journal cannot be resumed; without --resume, a sweep begins anew`,
        );
      break;
    }
    if (number === 1) mustBe(path, header, value as Partial<Header>);
    else finished.push(finishedOf(value));
    good = end + 1;
  }
  if (number < 2 && good === 0) throw new InputError(`--resume: nothing to go on with: ${path} has no whole line`);
  return { finished, bytes: good };
}

/** Null for a line that is not what was written. */
function recordIn(line: string): object | null {
  const body = line.slice(CHECKSUM + 1);
  if (line[CHECKSUM] !== ' ' || checksum(body) !== line.slice(0, CHECKSUM)) return null;
  return JSON.parse(body) as object;
}

/** A portion as it stands in its line. */
interface PortionLine {
  readonly scenario: string;
  readonly from: string;
  readonly seeds: number;
  readonly wall_ms: number;
  /** Deflated JSON in base64. */
  readonly tally: string;
}

function finishedOf(value: object): Finished {
  const { scenario, from, seeds, wall_ms, tally } = value as PortionLine;
  return {
    scenario,
    from: seedNumber(from) as number,
    seeds,
    wallMs: wall_ms,
    tally: JSON.parse(inflateRawSync(Buffer.from(tally, 'base64')).toString()) as Tally,
  };
}

/** The first thing in which the journal's sweep differs from this one. */
function mustBe(path: string, header: Header, found: Partial<Header>): void {
  const differs = (what: string, theirs: unknown, ours: unknown): InputError =>
    new InputError(`--resume: ${path} is of another sweep: ${what} ${theirs}, this one ${ours}`);
  if (found.format !== header.format) throw differs('format', found.format, header.format);
  if (found.version !== header.version) throw differs('version', found.version, header.version);
  if (String(found.scenarios) !== String(header.scenarios))
    throw differs('scenarios', listed(found.scenarios ?? []), listed(header.scenarios));
  if (found.seeds !== header.seeds) throw differs('--seeds', found.seeds, header.seeds);
  if (found.from !== header.from) throw differs('--from', found.from, header.from);
  if (found.search !== header.search) throw differs('search', found.search ?? 'none', header.search ?? 'none');
  const [theirs, ours] = [argumentsText(found.arguments), argumentsText(header.arguments)];
  if (theirs !== ours) throw differs('arguments', theirs || 'none', ours || 'none');
  for (const { flag, path: file, sha256 } of header.files)
    if (!found.files?.some((each) => each.flag === flag && each.path === file && each.sha256 === sha256))
      throw new InputError(`--resume: ${file} has changed since ${path} was written: a sweep with it begins anew`);
}

const listed = (names: readonly string[]): string => (names.length > 3 ? `${names.length} scenarios` : names.join(' '));

export class Journal {
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

  /** Begins a journal in place of any other, or goes on with one that was read. Throws what the system says. */
  static open(path: string, header: Header, recorded: Recorded | null): Journal {
    makeFolder(dirname(path));
    if (recorded === null) {
      // A sweep that still writes to the journal before this one keeps its file, which has no name any more.
      rmSync(path, { force: true });
      const journal = new Journal(path, openSync(path, 'ax'));
      journal.#append(lineOf(header));
      if (journal.#broken !== null) throw Object.assign(new Error(), { code: journal.#broken });
      return journal;
    }
    const file = openSync(path, 'a');
    ftruncateSync(file, recorded.bytes);
    return new Journal(path, file);
  }

  /** Why it is not written any more (a full disk), or null. */
  get broken(): string | null {
    return this.#broken;
  }

  add({ scenario, from, seeds, wallMs, tally }: Finished): void {
    const packed = deflateRawSync(JSON.stringify(tally), { level: 1 }).toString('base64');
    const line: PortionLine = { scenario, from: seedText(from), seeds, wall_ms: Math.round(wallMs), tally: packed };
    this.#append(lineOf(line));
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Takes the journal away, unless another sweep has begun its own in that place. */
  remove(): void {
    const { dev, ino } = fstatSync(this.#file);
    closeSync(this.#file);
    const there = statSync(this.#path, { throwIfNoEntry: false });
    if (there !== undefined && there.dev === dev && there.ino === ino) rmSync(this.#path, { force: true });
  }

  #append(line: string): void {
    if (this.#broken !== null) return;
    const bytes = Buffer.from(line);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      this.#broken = reasonOf(error);
      return;
    }
    // A power cut may take the last second, and a sweep does not wait for a disk.
    if (performance.now() - this.#synced < SYNC_MS) return;
    this.#synced = Number.POSITIVE_INFINITY;
    fdatasync(this.#file, () => {
      this.#synced = performance.now();
    });
  }
}

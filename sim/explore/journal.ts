/**
 * The journal of a sweep: a line for what it is, then one for each portion that was run, with its tally. It is there so
 * that a sweep that was killed goes on where it was; portions add up to the same result in whichever process they ran.
 *
 *     <checksum> {"format":"hangup/journal/2","version":…,"scenarios":[…],"seeds":…,"from":…,"arguments":{…},"files":[…]}
 *     <checksum> {"scenario":"midstream/text","from":"1","seeds":200,"wall_ms":512,"tally":"<deflated JSON, base64>"}
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { InputError } from '../cli/errors.ts';
import type { Origin } from '../core/overrides.ts';
import { seedNumber, seedText } from '../core/seeds.ts';
import { LineJournal, readLines } from '../input/line-journal.ts';
import type { UsedFile } from '../input/used-files.ts';
import { argumentsText } from './command-line.ts';
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

/**
 * Reads the journal of a sweep that did not come to its end. Throws `InputError` with one line: when there is none, when
 * it is of another sweep (and in what), or damaged (and where).
 */
export function readJournal(path: string, header: Header): Recorded {
  const { lines, bytes } = readLines(path, 'a sweep', (found) => mustBe(path, header, found as Partial<Header>));
  return { finished: lines.slice(1).map(finishedOf), bytes };
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
  readonly #lines: LineJournal;

  private constructor(lines: LineJournal) {
    this.#lines = lines;
  }

  /** Begins a journal in place of any other, or goes on with one that was read. Throws what the system says. */
  static open(path: string, header: Header, recorded: Recorded | null): Journal {
    return new Journal(LineJournal.open(path, header, recorded?.bytes ?? null));
  }

  /** Why it is not written any more (a full disk), or null. */
  get broken(): string | null {
    return this.#lines.broken;
  }

  add({ scenario, from, seeds, wallMs, tally }: Finished): void {
    const packed = deflateRawSync(JSON.stringify(tally), { level: 1 }).toString('base64');
    const line: PortionLine = { scenario, from: seedText(from), seeds, wall_ms: Math.round(wallMs), tally: packed };
    this.#lines.append(line);
  }

  close(): void {
    this.#lines.close();
  }

  /** Takes the journal away, unless another sweep has begun its own in that place. */
  remove(): void {
    this.#lines.remove();
  }
}

/**
 * Streams whose cuts mean nothing: text or bytes that were written, and how far each application is in them.
 *
 * What was written on a stream is one text, whoever wrote it, in the order in which it was written. A server that begins it
 * anew (`replaced` by who is no client) begins another *version*; what is under way of the version before may still be read,
 * up to the reader's own `replaced`. Where an application stands is sometimes open: a page that was loaded again has some
 * part of what it had read, a second tab some part of what the first one has, a late joiner begins anywhere, and text may
 * repeat itself. Then all *places* are kept that fit what it was given since, and it has gone wrong only when none is left.
 */
import { counted } from '../../../src/count.ts';
import type { Facts } from '../../../src/facts.ts';
import { clientOf, type EntryOf, type Piece, type StreamId } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Instant } from '../../../src/time.ts';
import { Bytes, bytesOf, type Half } from './bytes.ts';
import { shownPiece, streamNamed } from './say.ts';

/** One writing of a stream, from its beginning on. */
export interface Version {
  readonly content: Bytes;
  /** Each piece as it was written: where it begins, when and by whom. */
  readonly pieces: { readonly from: number; readonly at: Instant; readonly by: NodeId }[];
}

/** Somewhere in a version: behind so many bytes, from `least` to `most`. */
interface Place {
  readonly version: number;
  readonly least: number;
  readonly most: number;
}

export interface Reader {
  places: readonly Place[];
  half: Half;
  /** It is given more of the stream, as far as anybody can know. */
  reads: boolean;
  /** It has gone wrong; nothing is known of it any more. */
  lost: boolean;
}

export class Texts {
  readonly #joinsLate: boolean;
  readonly #clients: ReadonlySet<NodeId>;
  readonly streams = new Map<StreamId, Version[]>();
  readonly readers = new Map<NodeId, Map<StreamId, Reader>>();

  constructor({ joinsLate = false, clients }: Facts) {
    this.#joinsLate = joinsLate;
    this.#clients = new Set(clients.map(({ node }) => node));
  }

  wrote({ node, stream, value, at }: Pick<EntryOf<'wrote'>, 'node' | 'stream' | 'value' | 'at'>): void {
    const versions = this.streams.get(stream);
    const version = versions?.at(-1) ?? newVersion();
    if (versions === undefined) this.streams.set(stream, [version]);
    version.pieces.push({ from: version.content.length, at, by: node });
    version.content.add(value);
  }

  /** What is wrong with that, in a sentence; null for nothing. */
  read({ node, stream, value }: EntryOf<'read'>): string | null {
    const versions = this.streams.get(stream) ?? [];
    const reader = this.readerOf(node, stream);
    reader.reads = true;
    if (reader.lost) return null;
    const given = bytesOf(value, reader.half);
    reader.half = given.half;
    const places = reader.places.flatMap((place) => follow(versions, place, given));
    if (places.length > 0) {
      reader.places = places;
      return null;
    }
    reader.lost = true;
    return `${node} was given ${shownPiece(value)} of ${streamNamed(stream)}${wrong(versions, reader, given)}`;
  }

  /** The same of what took the place of all that somebody had of a stream; a server's is another version of it. */
  replaced({ node, stream, value, at }: EntryOf<'replaced'>): string | null {
    if (!this.#isReader(node)) {
      const version = newVersion();
      this.streams.get(stream)?.push(version) ?? this.streams.set(stream, [version]);
      if (value !== undefined && value.length > 0) this.wrote({ node, stream, value, at });
      return null;
    }
    const reader = this.readerOf(node, stream);
    reader.reads = value !== undefined;
    reader.lost = false;
    const given = bytesOf(value ?? '');
    reader.half = given.half;
    const versions = this.streams.get(stream) ?? [];
    const anywhere = this.#joinsLate && given.length > 0;
    const places = versions.flatMap(({ content }, version) =>
      follow(versions, { version, least: 0, most: anywhere ? content.length : 0 }, given),
    );
    reader.places = places.length > 0 || given.length > 0 ? places : START;
    if (reader.places.length > 0) return null;
    reader.lost = true;
    return `${node} was given ${shownPiece(value as Piece)} in place of all that it had of ${streamNamed(stream)}${unlike(versions, given)}`;
  }

  /** It knows that something is missing of a stream: what comes next may be anything behind. */
  told({ node, stream }: EntryOf<'told'>): void {
    if (stream === undefined || !this.#isReader(node)) return;
    const reader = this.readerOf(node, stream);
    reader.places = (reader.lost ? START : reader.places).map((place) => ({ ...place, most: ANYWHERE }));
    reader.lost = false;
    reader.reads = false;
  }

  /** Its page was loaded again, or its process began anew: it may still have some part of what it had, if that was kept. */
  reloaded(node: NodeId, kept: boolean): void {
    if (!kept) this.readers.delete(node);
    else
      for (const reader of this.readers.get(node)?.values() ?? []) {
        reader.places = [{ version: 0, least: 0, most: reader.lost ? ANYWHERE : furthest(reader.places) }];
        reader.reads = false;
        reader.lost = false;
        reader.half = 0;
      }
  }

  readerOf(node: NodeId, stream: StreamId): Reader {
    let streams = this.readers.get(node);
    if (streams === undefined) {
      streams = new Map();
      this.readers.set(node, streams);
    }
    let reader = streams.get(stream);
    if (reader === undefined) {
      const most = this.#joinsLate ? ANYWHERE : this.#readBeside(node, stream);
      reader = { places: [{ version: 0, least: 0, most }], half: 0, reads: false, lost: false };
      streams.set(stream, reader);
    }
    return reader;
  }

  /** How far a reader is in the newest version of its stream; -1 when it is still in one before, or lost. */
  progressOf(stream: StreamId, reader: Reader): number {
    const newest = (this.streams.get(stream)?.length ?? 1) - 1;
    let far = -1;
    if (!reader.lost) for (const { version, most } of reader.places) if (version === newest && most > far) far = most;
    return far;
  }

  /**
   * How much others have read of whom a new reader may be the heir: a second tab begins with a copy of the first one's
   * state, and a server goes on with what another one has handed over, or kept in a store.
   */
  #readBeside(node: NodeId, stream: StreamId): number {
    const client = clientOf(node);
    if (client === node && this.#isReader(node)) return 0;
    let most = 0;
    for (const [other, streams] of this.readers)
      if (client === node ? !this.#isReader(other) : clientOf(other) === client)
        most = Math.max(most, furthest(streams.get(stream)?.places ?? []));
    return most;
  }

  #isReader(node: NodeId): boolean {
    return this.#clients.has(clientOf(node));
  }
}

const ANYWHERE = Number.POSITIVE_INFINITY;
const START: readonly Place[] = [{ version: 0, least: 0, most: 0 }];

const newVersion = (): Version => ({ content: new Bytes(), pieces: [] });

const furthest = (places: readonly Place[]): number => places.reduce((far, { most }) => Math.max(far, most), 0);

/** Where a reader is who was there and was given that: nowhere, in one place, or in several. */
function follow(versions: readonly Version[], place: Place, given: Bytes): readonly Place[] {
  if (given.length === 0) return [place];
  const { version, least, most } = place;
  const found: Place[] = [];
  // Whoever had read nothing, or may have read anything, may be in any version from there on.
  const last = least === 0 ? versions.length - 1 : version;
  for (let each = version; each <= last; each++) {
    const { content } = versions[each] ?? NONE;
    for (let at = content.find(given, least, most); at >= 0; at = content.find(given, at + 1, most))
      found.push({ version: each, least: at + given.length, most: at + given.length });
  }
  return found;
}

const NONE = newVersion();

/** Why what was given fits nowhere. */
function wrong(versions: readonly Version[], { places }: Reader, given: Bytes): string {
  const place = places.at(-1) ?? (START[0] as Place);
  const version = versions[place.version];
  if (version === undefined) return ', on which nobody has written anything.';
  const { content } = version;
  if (versions.length > place.version + 1 && versions.at(-1)?.content.matches(given, 0))
    return ', which was begun anew, behind what it had of it before: nothing had taken the place of that.';
  const at = Math.min(place.least, content.length);
  if (at >= given.length && content.matches(given, at - given.length)) return ' again: that is what it was given last.';
  const later = content.find(given, at + 1);
  if (later >= 0) {
    const missing = content.slice(at, later);
    return ` too early: ${counted(missing.length, 'byte is', 'bytes are')} missing before it, ${shownPiece(missing)}.`;
  }
  const before = content.find(given, 0, at - 1);
  if (before >= 0) return ' again: it had read that already, and more behind it.';
  const common = content.common(given, at);
  const fits =
    common === 0
      ? ''
      : `; its first ${counted(common, 'byte is', 'bytes are')} right, ${shownPiece(given.slice(0, common))}, and then`;
  const rest = content.slice(at + common);
  return rest.length > 0
    ? `, which nobody wrote there${fits === '' ? ':' : fits} ${shownPiece(rest)} was to come.`
    : `, which nobody had written yet${fits === '' ? ':' : fits} nothing was to come.`;
}

function unlike(versions: readonly Version[], given: Bytes): string {
  const content = versions.at(-1)?.content;
  if (content === undefined || content.length === 0) return ', on which nobody has written anything.';
  const common = content.common(given, 0);
  if (common === content.length)
    return `, which is more than was written: ${shownPiece(given.slice(common))} is too much.`;
  return `, which is not what was written: from byte ${common + 1} on it has ${shownPiece(given.slice(common))} and not ${shownPiece(content.slice(common))}.`;
}

/**
 * The fields that frames are made of. Each is defined once, for both directions: the same limit is checked, with the same
 * words, when a frame is written and when it is read.
 *
 * There is one way to write each value, so bytes that can be read are the bytes that would be written: a flag is 0 or 1,
 * text is the shortest UTF-8, and nothing is padded.
 */
import { CLOSE } from '../../close-codes.ts';
import { type Chunk, checksum } from '../../content.ts';
import { counted as inWords } from '../../count.ts';
import { at, type Duration, type Instant, us } from '../../time.ts';
import { type Reader, WireProblem, type Writer } from './bytes.ts';
import { LIMITS } from './limits.ts';

/** One value on the wire. */
export interface Field<T> {
  /** The fewest bytes that it can take: what a list must find for each of its entries before it believes a count. */
  readonly least: number;
  write(to: Writer, value: T): void;
  read(from: Reader): T;
}

/** A field that is not yet told its place, such as `HELLO.token.serial`, which its problems name. */
export type Shape<T> = (path: string) => Field<T>;

type Width = 'u8' | 'u32' | 'u64';
const WIDTH: Readonly<Record<Width, number>> = { u8: 1, u32: 4, u64: 8 };
const UINT32_MAX = 4_294_967_295;

const integer =
  (width: Width, { least, most }: { readonly least: number; readonly most: number }): Shape<number> =>
  (path) => {
    const check = (value: number): number => {
      if (!Number.isInteger(value)) throw new WireProblem(`${path}: ${value} is not an integer`);
      if (value < least) throw new WireProblem(`${path}: ${value}, at least ${least}`);
      // Beyond 2^53 a number no longer tells its neighbours apart, so it is not repeated.
      if (value > most) {
        const shown = most === LIMITS.integer ? 'more than 2^53 - 1' : `${value}, at most ${most}`;
        throw new WireProblem(`${path}: ${shown}`);
      }
      return value;
    };
    return {
      least: WIDTH[width],
      write: (to, value) => to[width](check(value)),
      read: (from) => check(from[width](path)),
    };
  };

/** A protocol version, 1 to 255. */
export const version = integer('u8', { least: 1, most: LIMITS.version });
/** A small number: stream, epoch, count, hash; 0 to 2^32 - 1. */
export const small = integer('u32', { least: 0, most: UINT32_MAX });
/** An id, generation, sequence number or offset; 0 to 2^53 - 1. */
export const large = integer('u64', { least: 0, most: LIMITS.integer });
/** A sequence number of something that exists: they are dense from 1, and 0 means none. */
export const counted = integer('u64', { least: 1, most: LIMITS.integer });

/** The same field for a branded number. */
const branded =
  <T extends number>(shape: Shape<number>, brand: (n: number) => T): Shape<T> =>
  (path) => {
    const field = shape(path);
    return { least: field.least, write: field.write, read: (from) => brand(field.read(from)) };
  };
export const instant: Shape<Instant> = branded(large, at);
export const duration: Shape<Duration> = branded(large, us);

/** What a SEND asks for: a content number, or -1 (four bytes of ones) for no answer. */
export const ask: Shape<number> = (path) => {
  const content = integer('u32', { least: -1, most: UINT32_MAX - 1 })(path);
  return {
    least: content.least,
    write: (to, value) => content.write(to, value),
    read: (from) => {
      const value = from.u32(path);
      return value === UINT32_MAX ? -1 : value;
    },
  };
};

/** A yes or a no; any byte but 0 and 1 is refused, or two frames could mean the same. */
export const flag: Shape<boolean> = (path) => ({
  least: 1,
  write: (to, value) => to.u8(value ? 1 : 0),
  read: (from) => {
    const value = from.u8(path);
    if (value > 1) throw new WireProblem(`${path}: flags ${value}, only 0 and 1 are known`);
    return value === 1;
  },
});

/** One of a fixed set of words; the codes are part of the protocol and never change their meaning. */
export const word =
  <W extends string | null>(codes: readonly (readonly [code: number, word: W])[]): Shape<W> =>
  (path) => ({
    least: 1,
    write: (to, value) => {
      const known = codes.find((entry) => entry[1] === value);
      if (known === undefined) throw new WireProblem(`${path}: unknown word ${JSON.stringify(value)}`);
      to.u8(known[0]);
    },
    read: (from) => {
      const code = from.u8(path);
      const known = codes.find((entry) => entry[0] === code);
      if (known === undefined) throw new WireProblem(`${path}: unknown code ${code}`);
      return known[1];
    },
  });

function checkBytes(path: string, bytes: number, most: number, close: WireProblem['close']): void {
  if (bytes > most) throw new WireProblem(`${path}: ${inWords(bytes, 'byte')}, at most ${most}`, close);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Text of at most 256 bytes in UTF-8. Half a surrogate pair has no UTF-8, so it is refused rather than replaced. */
export const text: Shape<string> = (path) => ({
  least: 2,
  write: (to, value) => {
    if (/\p{Surrogate}/u.test(value)) throw new WireProblem(`${path}: half a surrogate pair`);
    const bytes = encoder.encode(value);
    checkBytes(path, bytes.length, LIMITS.textBytes, CLOSE.protocolError);
    to.u16(bytes.length);
    to.bytes(bytes);
  },
  read: (from) => {
    const length = from.u16(path);
    checkBytes(path, length, LIMITS.textBytes, CLOSE.protocolError);
    const bytes = from.bytes(length, path);
    try {
      return decoder.decode(bytes);
    } catch {
      throw new WireProblem(`${path}: not UTF-8`);
    }
  },
});

/** A count and that many entries. A count is believed only as far as the bytes behind it can hold it. */
export const list =
  <T>(entry: Shape<T>, most: number): Shape<readonly T[]> =>
  (path) => {
    const field = entry(path);
    const check = (count: number): void => {
      if (count > most) throw new WireProblem(`${path}: ${count} entries, at most ${most}`);
    };
    return {
      least: 4,
      write: (to, values) => {
        check(values.length);
        to.u32(values.length);
        for (const value of values) field.write(to, value);
      },
      read: (from) => {
        const count = from.u32(path);
        check(count);
        if (count * field.least > from.left) {
          throw new WireProblem(
            `${path}: ${inWords(count, 'entry', 'entries')} of ${inWords(field.least, 'byte')} or more, ${inWords(from.left, 'byte')} left`,
          );
        }
        const values: T[] = [];
        for (let i = 0; i < count; i++) values.push(field.read(from));
        return values;
      },
    };
  };

/** A value that may be missing: a flag, then the value if there is one. */
export const optional =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (path) => {
    const present = flag(path);
    const field = shape(path);
    return {
      least: present.least,
      write: (to, value) => {
        present.write(to, value !== null);
        if (value !== null) field.write(to, value);
      },
      read: (from) => (present.read(from) ? field.read(from) : null),
    };
  };

/** A value that an object may lack altogether: on the wire it is `optional`, in the object its key is missing. */
export const sometimes =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (path) => {
    const field = optional(shape)(path);
    return {
      least: field.least,
      write: (to, value) => field.write(to, value ?? null),
      read: (from) => field.read(from) ?? undefined,
    };
  };

/** Fields one after the other. The order of the keys is the order on the wire, and in the object that is read. */
export const record =
  <T extends object>(shapes: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> =>
  (path) => {
    const fields = Object.entries<Shape<unknown>>(shapes).map(
      ([name, shape]) => [name, shape(`${path}.${name}`)] as const,
    );
    return {
      least: fields.reduce((sum, [, field]) => sum + field.least, 0),
      write: (to, value) => {
        for (const [name, field] of fields) field.write(to, value[name as keyof T]);
      },
      read: (from) => {
        const value: Record<string, unknown> = {};
        for (const [name, field] of fields) {
          const read = field.read(from);
          if (read !== undefined) value[name] = read;
        }
        return value as T;
      },
    };
  };

const coordinates = record<Chunk>({ content: small, start: large, end: large, sum: small, part: small, fin: flag });

/** A chunk's coordinates and checksum, followed by its bytes, which must match both. */
export const chunk: Shape<Chunk> = (path) => {
  const head = coordinates(path);
  const size = ({ start, end }: Chunk): number => {
    if (end < start) throw new WireProblem(`${path}: ends at ${end}, before its start ${start}`);
    checkBytes(path, end - start, LIMITS.chunkBytes, CLOSE.messageTooBig);
    return end - start;
  };
  const verify = (bytes: Uint8Array, { sum }: Chunk): Uint8Array => {
    const found = checksum(bytes, 0, bytes.length);
    if (found !== sum) throw new WireProblem(`${path}: checksum ${found}, expected ${sum}`);
    return bytes;
  };
  return {
    least: head.least,
    write: (to, value) => {
      const count = size(value);
      head.write(to, value);
      const bytes = to.contentOf(value);
      if (bytes.length !== count)
        throw new WireProblem(`${path}: names ${inWords(count, 'byte')}, but has ${bytes.length}`);
      to.bytes(verify(bytes, value));
    },
    read: (from) => {
      const value = head.read(from);
      from.payloads.push(verify(from.bytes(size(value), path), value));
      return value;
    },
  };
};

/** The size of a request's body, followed by the body. */
export const body: Shape<number> = (path) => {
  const size = small(path);
  return {
    least: size.least,
    write: (to, count) => {
      checkBytes(path, count, LIMITS.sendBytes, CLOSE.messageTooBig);
      size.write(to, count);
      const bytes = to.body ?? new Uint8Array(0);
      if (bytes.length !== count)
        throw new WireProblem(`${path}: names ${inWords(count, 'byte')}, but has ${bytes.length}`);
      to.bytes(bytes);
    },
    read: (from) => {
      const count = size.read(from);
      checkBytes(path, count, LIMITS.sendBytes, CLOSE.messageTooBig);
      from.payloads.push(from.bytes(count, path));
      return count;
    },
  };
};

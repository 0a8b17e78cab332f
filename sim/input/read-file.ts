/**
 * Reading a file that somebody else named: always an end, whatever stands at that path.
 *
 * A path may be a device that never ends, a FIFO that nobody writes to, a folder, a file of terabytes, a file of `/proc`
 * that blocks. A regular file is read up to a limit of bytes. A pipe is read too, because `<(command)` and `/dev/stdin`
 * are pipes, but it must end within `PIPE_MOST`: what delivers slowly can be written to a file first. Everything else
 * is refused by what it is, before it is opened, since opening a device may already do something.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { formatDuration } from '../../src/time.ts';
import { InputError, reasonOf } from '../cli/errors.ts';

/** The most bytes of any file that a user hands over, unless its reader says less: 64 MB. */
export const FILE_MOST = 64 * 1024 * 1024;
/** How long a pipe may take from its opening to its end, in milliseconds of wall time. */
export const PIPE_MOST = 1000;

/** How long to wait before a pipe that has nothing yet is asked again, in milliseconds. */
const PAUSE = 2;
const PIECE = 256 * 1024;

/**
 * The bytes of the regular file or pipe at `path`, at most `most` of them. Ends within `PIPE_MOST` and the time that so
 * many bytes take. Throws `InputError` in one line that begins with the path as it was given.
 */
export function readFile(path: string, most: number = FILE_MOST): Buffer {
  try {
    mustBeReadable(path, statSync(path), most);
    // Without O_NONBLOCK, opening a FIFO waits for somebody who writes.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
    try {
      // Looked at again: between the two calls the path may have become something else.
      const stats = fstatSync(file);
      mustBeReadable(path, stats, most);
      return readAll(path, file, stats, most);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: cannot be read (${reasonOf(error)})`);
  }
}

function mustBeReadable(path: string, stats: Stats, most: number): void {
  if (stats.isDirectory()) throw new InputError(`${path}: is a folder: expected a file`);
  if (stats.isCharacterDevice() || stats.isBlockDevice()) throw new InputError(`${path}: is a device: expected a file`);
  if (stats.isSocket()) throw new InputError(`${path}: is a socket: expected a file`);
  if (stats.size > most) throw tooLarge(path, most);
}

function readAll(path: string, file: number, stats: Stats, most: number): Buffer {
  const pieces: Buffer[] = [];
  const latest = performance.now() + PIPE_MOST;
  let length = 0;
  for (;;) {
    // One byte more than was announced, so that a file of that size ends with the second read.
    const piece = Buffer.allocUnsafe(length === 0 && stats.size > PIECE ? stats.size + 1 : PIECE);
    const read = readSome(file, piece);
    if (read === 0 && (length > 0 || stats.isFile())) return Buffer.concat(pieces, length);
    if (read !== null && read > 0) {
      pieces.push(piece.subarray(0, read));
      length += read;
      if (length > most) throw tooLarge(path, most);
    }
    // A disk may be slow, but the end of a regular file is known; those of /proc have no size, and some wait.
    const ends = stats.isFile() && stats.size > 0 && read !== null;
    if (!ends && performance.now() > latest)
      throw new InputError(
        `${path}: did not end within ${formatDuration(PIPE_MOST * 1000)}: expected a file, or a pipe that ends`,
      );
    // A FIFO whose writer has not opened it yet reads as if it had ended.
    if (read === null || read === 0) sleep(PAUSE);
  }
}

/** Bytes read, 0 at the end, null when there is nothing yet. */
function readSome(file: number, into: Buffer): number | null {
  try {
    return readSync(file, into, 0, into.length, null);
  } catch (error) {
    if (reasonOf(error) === 'EAGAIN') return null;
    // Windows says so of a pipe whose writer is gone.
    if (reasonOf(error) === 'EOF') return 0;
    throw error;
  }
}

const tooLarge = (path: string, most: number): InputError =>
  new InputError(`${path}: is too large: expected at most ${sizeText(most)}`);

const sizeText = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${Math.floor(bytes / 1024)} KB`;

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

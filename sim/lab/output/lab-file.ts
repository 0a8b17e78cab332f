/** Files of an experiment: written whole or not at all, each with a checksum of what was written. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { OutputError, reasonOf } from '../../cli/errors.ts';
import { replaceFile } from '../../explore/replace-file.ts';

/** A file as the manifest lists it. */
export interface LabFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly holds: string;
  readonly bytes: number;
  /** SHA-256, 64 hex digits. */
  readonly sha256: string;
}

/** Writes it, and makes the folder that it needs. Throws `OutputError`, one line with the path and the reason. */
export function writeLabFile(
  folder: string,
  path: string,
  holds: string,
  content: Uint8Array | string | Iterable<string>,
): LabFile {
  const parts = content instanceof Uint8Array ? [content] : encoded(content);
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const target = join(folder, path);
  try {
    replaceFile(target, parts);
  } catch (error) {
    throw new OutputError(`${target}: cannot be written (${reasonOf(error)})`);
  }
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  return { path, holds, bytes, sha256: hash.digest('hex') };
}

/** Characters that become one piece of bytes: a table may be longer than a string can be. */
const PIECE = 1 << 20;

function encoded(content: string | Iterable<string>): readonly Uint8Array[] {
  if (typeof content === 'string') return [Buffer.from(content)];
  const pieces: Uint8Array[] = [];
  let text = '';
  for (const line of content) {
    text += line;
    if (text.length >= PIECE) {
      pieces.push(Buffer.from(text));
      text = '';
    }
  }
  pieces.push(Buffer.from(text));
  return pieces;
}

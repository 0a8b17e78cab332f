/**
 * Checksums of hangup's own code, by what a run is made of: a failure that does not fail any more is told which of them is
 * not what it was. Built and unbuilt code cannot be compared, so each says which it is.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface OwnCode {
  /** `ts` as it is written, `js` as it is built. */
  readonly as: 'ts' | 'js';
  /** SHA-256 of each room. */
  readonly rooms: Readonly<Record<string, string>>;
}

/** Rooms that a run is made of, in words, and where they are. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  machines: ['src'],
  laws: ['properties/laws'],
  faults: ['sim/faults', 'sim/session/faults', 'sim/system/faults'],
  scenarios: ['sim/session', 'sim/content', 'sim/networks'],
  core: ['sim/core', 'sim/realm', 'sim/system'],
};

/** Whether this is code as it is written, or as it is built. */
export const AS = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let known: OwnCode | null = null;

/** The code that runs here; read once, some hundred files. Null where it cannot be read (somebody bundled it). */
export function ownCode(): OwnCode | null {
  try {
    known ??= { as: AS, rooms: Object.fromEntries(Object.entries(ROOMS).map(([room, paths]) => [room, sumOf(paths)])) };
  } catch {
    return null;
  }
  return known;
}

/** What of the code is not what it was, in words; empty where all is, or nobody can tell. */
export function changedCode(then: OwnCode | null): readonly string[] {
  const now = then === null ? null : ownCode();
  if (then === null || now === null || then.as !== now.as) return [];
  return Object.keys(now.rooms).filter(
    (room) => Object.hasOwn(then.rooms, room) && then.rooms[room] !== now.rooms[room],
  );
}

export function sumOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths)
    for (const entry of readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!entry.endsWith(`.${AS}`) || entry.endsWith('.d.ts') || entry.endsWith(`.test.${AS}`)) continue;
      hash.update(`${entry.replaceAll('\\', '/')}\n`).update(readFileSync(join(ROOT, path, entry)));
    }
  return hash.digest('hex');
}

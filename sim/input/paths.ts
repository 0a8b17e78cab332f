/**
 * Several files in one argument: `A,B`, or the flag given again. A comma belongs to a path where the path with it exists;
 * `\,` always does.
 */
import { existsSync } from 'node:fs';

/** More pieces than anybody names; the ways to join more than these are not tried. */
const PIECES_MOST = 64;

/**
 * The paths in a text, none of them empty. A text that is a path is that path. Among the ways to read the commas, the one counts in which every path exists,
 * and of several that with the fewest paths, at least `least`; if there is none, every comma separates.
 */
export function pathsOf(text: string, least = 1, exists: (path: string) => boolean = existsSync): readonly string[] {
  if (least === 1 && exists(text)) return [text];
  const pieces = text
    .split(/(?<!\\),/)
    .filter((piece) => piece !== '')
    .map((piece) => piece.replaceAll('\\,', ','));
  return pieces.length > PIECES_MOST ? pieces : (joined(pieces, least, exists) ?? pieces);
}

/** Neighbours joined so that every path exists; null when that cannot be. */
function joined(pieces: readonly string[], least: number, exists: (path: string) => boolean): readonly string[] | null {
  // By the number of pieces behind which the rest is read, and the number of paths that it must still have.
  const known = new Map<string, readonly string[] | null>();
  const rest = (from: number, needed: number): readonly string[] | null => {
    if (from === pieces.length) return needed > 0 ? null : [];
    const key = `${from} ${needed}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    let best: readonly string[] | null = null;
    for (let to = from + 1; to <= pieces.length; to++) {
      const path = pieces.slice(from, to).join(',');
      if (!exists(path)) continue;
      const others = rest(to, Math.max(0, needed - 1));
      if (others !== null && (best === null || others.length + 1 < best.length)) best = [path, ...others];
    }
    known.set(key, best);
    return best;
  };
  return rest(0, least);
}

/** One more value of a flag that may be given several times, as one text: a path with a comma stays one path. */
export function withPath(value: string, before: string | undefined): string {
  const whole = (text: string): string =>
    text.includes(',') && existsSync(text) ? text.replace(/(?<!\\),/g, '\\,') : text;
  return before === undefined ? value : `${whole(before)},${whole(value)}`;
}

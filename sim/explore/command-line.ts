/** Arguments of a sweep as text for a shell: what is printed can be pasted, whatever a path is called. */
import { hasControls } from '../report/visible.ts';

/** Arguments of a sweep that a replay needs too, as they were given; null for none. */
export interface Origin {
  readonly input: string | null;
  readonly schema: string | null;
  readonly network: string | null;
  /** Backoff policy, as in `--policy`. */
  readonly policy: string | null;
  /** Kinds of faults, as in `--faults`. */
  readonly faults: string | null;
  /** `condition=outage,moment=late`. */
  readonly cell: string | null;
  /** The config that scenarios, network or policy come from, as in `--config`; null where it is found by itself. */
  readonly config?: string | null;
}

/**
 * Arguments as on the command line; empty when none was given. Two sweeps whose texts are equal ran the same, even when
 * one was written before an argument existed. A document may be anybody's, so a value may be anything.
 */
export const argumentsText = (given: object | undefined): string =>
  Object.entries(given ?? {})
    .flatMap(([name, value]) => (value === null ? [] : [`--${name} ${shellWord(String(value))}`]))
    .sort()
    .join(' ');

/** The line that replays a run. */
export const pasteLine = (scenario: string, seed: string, origin: Origin): string =>
  ['npx hangup replay', `${scenario}@${seed}`, argumentsText(origin)].filter((part) => part !== '').join(' ');

/**
 * One word of a shell: as it is where nothing in it means anything to a shell, in single quotes where something does, and
 * as `$'…'` (bash, zsh, POSIX since 2024) where it holds what a terminal or a CI's log would obey.
 */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return hasControls(text) ? `$'${[...text].map(quoted).join('')}'` : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A character within `$'…'`; by its bytes in UTF-8, because older shells know no `\u`. */
function quoted(char: string): string {
  if (char === "'" || char === '\\') return `\\${char}`;
  if (!hasControls(char)) return char;
  return [...new TextEncoder().encode(char)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Arguments of a sweep as text for a shell: what is printed can be pasted, whatever a path is called. */
import { isDeepStrictEqual } from 'node:util';
import { PRESETS } from '../../src/backoff/presets.ts';
import { hasControls } from '../../src/visible.ts';
import { cellName } from '../core/cells.ts';
import { faultsText, isChosen, type Origin, type Overrides, originIn } from '../core/overrides.ts';
import { sizesText } from '../core/sizes.ts';
import { NETWORKS } from '../networks/presets.ts';

/** Overrides that were made in code as arguments, and those that the command has no word for. */
export function writtenAs({ input, network, policy, faults, cell, sizes }: Overrides): {
  readonly origin: Origin;
  readonly nameless: readonly string[];
} {
  const named = {
    input: null,
    network: NETWORKS.find((each) => isDeepStrictEqual(each, network))?.name ?? null,
    policy: Object.entries(PRESETS).find(([, each]) => isDeepStrictEqual(each.policy, policy))?.[0] ?? null,
  };
  return {
    origin: originIn({
      ...named,
      faults: faultsText(faults),
      cell: isChosen(cell) ? cellName(cell) || null : null,
      sizes: sizesText(sizes),
    }),
    nameless: Object.entries({ input, network, policy }).flatMap(([name, given]) =>
      isChosen(given) && named[name as keyof typeof named] === null ? [name] : [],
    ),
  };
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

/** The line that replays a run; what its module has as its default export is named by the path of that. */
export function pasteLine(scenario: string, seed: string, origin: Origin): string {
  const path = paths.get(scenario);
  const byPath = path !== undefined && path === origin.config;
  return [
    'npx hangup replay',
    shellWord(`${byPath ? path : scenario}@${seed}`),
    argumentsText(byPath ? { ...origin, config: null } : origin),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** The line that replays the run of a failure file, which holds its arguments itself. */
export const pasteFile = (path: string): string => `npx hangup replay ${shellWord(path)}`;

/** From here on commands name a scenario by the path of its module, which has it as its default export. */
export const nameByPath = (scenario: string, path: string): void => void paths.set(scenario, path);

const paths = new Map<string, string>();

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

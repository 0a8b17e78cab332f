/** Modules of somebody's as nodes of a world, and what can be said of them before they run. */
import type { Part } from './definition.ts';
import { type End, mustBeThere } from './ends.ts';
import type { Line } from './story.ts';

export function partAt(end: End, _options: { readonly env?: Readonly<Record<string, string>> }): Part {
  if ('part' in end) return end.part;
  throw new Error('not yet');
}

export const isOurs = (_part: Part): boolean => false;

/** Looks at the modules as they are on disk; throws in one line for what cannot run. */
export function mustBeSound(client: End, server: End, lines: readonly Line[]): void {
  for (const [field, end] of [
    ['client', client],
    ['server', server],
  ] as const)
    if ('module' in end) mustBeThere(end.module, field);
  void lines;
}

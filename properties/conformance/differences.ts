/**
 * Where a realm is known to differ from what it stands for, and why. A difference says which lines stand in place of
 * which; one that is not there any more is as wrong as one that is not listed.
 */
import type { Logs } from './program.ts';

export interface Difference {
  readonly program: string;
  readonly who: 'client' | 'tab' | 'server';
  /** Lines of the real log, one after the other; none: `realm` is behind all of it. */
  readonly real: readonly string[];
  readonly realm: readonly string[];
  readonly why: string;
}

export const DIFFERENCES: readonly Difference[] = [];

/** Programs that say nothing of a realm, and why. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'timer-long-task': 'time stands still within a step: a loop that waits for the clock never ends',
};

export const differencesOf = (name: string): readonly Difference[] =>
  DIFFERENCES.filter(({ program }) => program === name);

/** The real log with the known differences in it; null where one does not fit any more. */
export function asInRealm(logs: Logs, differences: readonly Difference[]): Logs | null {
  const changed: Record<string, readonly string[]> = { ...logs };
  for (const { who, real, realm } of differences) {
    const lines = changed[who] ?? [];
    const at =
      real.length === 0 ? lines.length : lines.findIndex((_, i) => real.every((line, k) => lines[i + k] === line));
    if (at < 0) return null;
    changed[who] = [...lines.slice(0, at), ...realm, ...lines.slice(at + real.length)];
  }
  return changed;
}

/**
 * What real browsers and processes said, kept with their versions, so that a realm can be compared with them where there
 * are none. A log that luck decides has several forms; each was seen.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Logs, type Program, profileOf } from './program.ts';

export type Real = 'chromium' | 'node';

export interface Recorded {
  /** Who said it: `Chromium 147.0.7727.0`, `Node v20.20.2`, `ws 8.23.0`. */
  readonly versions: readonly string[];
  /** The day on which something was last recorded: `2026-11-30`. */
  readonly day: string;
  readonly programs: Readonly<Record<string, readonly Logs[]>>;
}

export const realOf = ({ client }: Program): Real => (profileOf(client) === 'browser' ? 'chromium' : 'node');

const pathOf = (real: Real): string => fileURLToPath(new URL(`./expected/${real}.json`, import.meta.url));

export function recorded(real: Real): Recorded {
  const path = pathOf(real);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { versions: [], day: '', programs: {} };
}

/** Keeps what was said, by name, in the place of what was known or `besides` it; what was not run stays as it is, unless it is no program any more. */
export function keep(
  real: Real,
  versions: readonly string[],
  said: ReadonlyMap<string, readonly Logs[]>,
  all: ReadonlySet<string>,
  { besides }: { readonly besides: boolean },
): void {
  const programs: Record<string, readonly Logs[]> = { ...recorded(real).programs };
  for (const [name, logs] of said) programs[name] = distinct([...(besides ? (programs[name] ?? []) : []), ...logs]);
  const kept = Object.fromEntries(
    Object.entries(programs)
      .filter(([name]) => all.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const day = new Date().toISOString().slice(0, 10);
  mkdirSync(fileURLToPath(new URL('./expected/', import.meta.url)), { recursive: true });
  writeFileSync(pathOf(real), `${JSON.stringify({ versions, day, programs: kept }, null, 1)}\n`);
}

export function distinct(logs: readonly Logs[]): readonly Logs[] {
  const seen = new Map(logs.map((each) => [textOf(each), each]));
  return [...seen.values()];
}

/** Who comes first in a log is of no account: processes say things side by side. */
export function textOf(logs: Logs): string {
  return JSON.stringify(
    Object.entries(logs)
      .filter(([, lines]) => lines.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

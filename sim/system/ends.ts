/** The two ends of a system: each is a module of somebody's, found beside the file that names it, or a machine. */
import { statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shown } from '../core/shown.ts';
import type { Profile } from '../realm/host.ts';
import { type Part, partOf, type Side } from './definition.ts';

/** A module, as it was named and where it is. */
export interface Module {
  readonly given: string;
  readonly path: string;
  readonly profile: Profile;
  /** Its environment; that of a page is put in where it says `process.env.NAME`. */
  readonly env: Readonly<Record<string, string>>;
}

export type End = { readonly module: Module } | { readonly part: Part };

/** `home`: the file that paths are relative to, as a URL; null: nobody knows, and they are relative to the present folder. */
export const endOf = (given: Side, home: string | null, profile: Profile, env: Module['env'] = {}): End =>
  typeof given === 'string'
    ? { module: { given, path: resolve(home === null ? '.' : dirname(fileURLToPath(home)), given), profile, env } }
    : { part: partOf(given) };

/** Throws in one line where there is no such file. */
export function mustBeThere({ given, path }: Module, field: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return;
  const place = isAbsolute(given)
    ? ''
    : `: there is no ${relative('.', path)}, where it leads from the file that names it`;
  throw new Error(`\`${field}\`: expected the path of a module, got ${shown(given)}${place}`);
}

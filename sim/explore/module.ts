/** Loading a module whose scenarios are explored. */
import { realpathSync, writeSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { formatDuration } from '../../src/time.ts';
import { sourceOf } from './exports.ts';
import { type Address, placeOf, type Source, Sources } from './source.ts';
import { isTypeScript, readTypeScript } from './typescript.ts';

/** A module that waits for ever would keep whoever loads it waiting. */
const LOADING_MS = 10_000;

/** As for every input that cannot be used. */
const EXITED = 2;

/** A module that waits for what never happens. */
export class Unfinished extends Error {}

/**
 * Everything that a module exports. Rejects with what the module throws, and in one line when it does not come to its end.
 */
export async function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  if (isTypeScript(new URL(url).pathname)) await readTypeScript();
  let timer: NodeJS.Timeout | undefined;
  // Nothing has been explored by then, and nobody is to believe that it held.
  const exits = (): void => {
    process.exitCode = EXITED;
    writeSync(2, `hangup: ${placeOf(url)}: ends the process while it is loaded\n`);
  };
  process.on('exit', exits);
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Unfinished(`does not finish loading within ${formatDuration(LOADING_MS * 1000)}`)),
      LOADING_MS,
    );
  });
  try {
    return (await Promise.race([import(url), late])) as Readonly<Record<string, unknown>>;
  } finally {
    clearTimeout(timer);
    process.off('exit', exits);
  }
}

/** The modules of another process, found again in this one. */
export async function sourcesAt(addresses: readonly Address[]): Promise<Sources> {
  const sources: Source[] = [];
  for (const address of addresses) sources.push(sourceOf(address, await importModule(address.url)));
  return new Sources(sources);
}

/**
 * The address of a module that a caller names: a URL, as `import.meta.url` is one, or a path from the present folder.
 * Throws in one line for the program that is running: to load it again would be to run it again.
 */
export function addressOf(given: string | URL): string {
  const text = String(given);
  const isUrl = /^[a-z][a-z\d+.-]+:/i.test(text) && !isAbsolute(text);
  const url = isUrl ? text : pathToFileURL(resolve(text)).href;
  if (isProgram(url))
    throw new Error(
      `\`module\`: ${placeOf(url)} is the program that sweeps, and would sweep again in every worker; expected a module of its own with the scenarios`,
    );
  return url;
}

/** Whether it is the program that is running. */
export function isProgram(url: string): boolean {
  const [, program] = process.argv;
  return program !== undefined && url.startsWith('file:') && real(fileURLToPath(url)) === real(program);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** The file that called: paths in it are relative to it, and nobody has to write `import.meta.url` for that. */
import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Frames that are looked at: a loader stands between two files of a user at the most. */
const DEPTH = 30;

/**
 * The URL of the file in which `called` was called; null where an engine does not say. What stands above it in the stack
 * may be anything: a loader, a test runner, a config that imports it.
 */
export function fileThatCalled(called: (...args: never[]) => unknown): string | null {
  const { stackTraceLimit } = Error;
  const { prepareStackTrace } = Error;
  Error.stackTraceLimit = DEPTH;
  // The sites themselves, and not a text of them: how that looks depends on who maps sources.
  Error.prepareStackTrace = (_, sites) => sites;
  const here: { stack?: readonly NodeJS.CallSite[] } = {};
  Error.captureStackTrace(here, called);
  const [site] = here.stack ?? [];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  const file = site?.getFileName() ?? site?.getScriptNameOrSourceURL() ?? null;
  return typeof file === 'string' ? urlOf(file) : null;
}

/** A file as its URL, without what a loader added to tell versions of it apart; null for what is none. */
function urlOf(file: string): string | null {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  if (!file.startsWith('file:')) return null;
  return pathToFileURL(fileURLToPath(new URL(file.replace(/[?#].*$/, '')))).href;
}

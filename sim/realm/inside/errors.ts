/**
 * Errors that leave the user's code, as text: what they say, and the stack as the engine writes it.
 *
 * A stack is cut to the user's own lines: what a realm is made of, and who called it, differs between versions and
 * machines, and no line of a program may depend on it.
 */
import { type Any, scope } from './inside.ts';

/** Scripts of a realm's own are called so; whoever reads a stack leaves their lines out. */
const OURS = 'hangup:';
/** What the bundles of users are called; everything else on a stack is the host. */
const THEIRS = 'bundle:';

/** What anything that was thrown says, in a line: `TypeError: x is not a function`. Never throws. */
export function textOf(thrown: unknown): string {
  try {
    if (isError(thrown)) {
      const { name, message } = thrown;
      return message ? `${name}: ${message}` : String(name);
    }
    return typeof thrown === 'string' ? thrown : String(thrown);
  } catch {
    return 'something that cannot be made text';
  }
}

/** The stack of what was thrown, empty for what has none. */
export function stackOf(thrown: unknown): string {
  try {
    return isError(thrown) && typeof thrown.stack === 'string' ? thrown.stack : '';
  } catch {
    return '';
  }
}

function isError(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && thrown instanceof Error;
}

interface Site {
  getFileName(): string | undefined;
  getEvalOrigin?(): string | undefined;
  toString(): string;
}

export function installErrors(): void {
  scope.Error.stackTraceLimit = 10;
  Object.defineProperty(scope.Error, 'prepareStackTrace', {
    value: function prepareStackTrace(error: unknown, sites: readonly Site[]): string {
      let text = textOf(error);
      for (const site of sites) if (isTheirs(site)) text += `\n    at ${site}`;
      return text;
    },
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

function isTheirs(site: Site): boolean {
  const file: Any = site.getFileName() ?? site.getEvalOrigin?.();
  return typeof file === 'string' && file.includes(THEIRS) && !file.startsWith(OURS);
}

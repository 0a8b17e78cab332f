/**
 * TypeScript without a build: from the first module of that language on, this process compiles whatever is imported.
 *
 * One way for every Node: the native one of newer versions strips types only, and knows no path of a `tsconfig.json`.
 */
import * as nodeModule from 'node:module';

export const isTypeScript = (path: string): boolean => /\.m?ts$/.test(path);

let isRegistered = false;

export async function readTypeScript(): Promise<void> {
  if (isRegistered) return;
  isRegistered = true;
  // Before the compiler, which asks this hook first what a file is; behind it, it would have decided.
  const { registerHooks } = nodeModule as { registerHooks?: (hooks: object) => void };
  if (registerHooks === undefined) nodeModule.register(`data:text/javascript,${encodeURIComponent(AS_ESM_APART)}`);
  else registerHooks({ resolve: asEsm });
  // From source (tests, `npm run dev`) it is at work already.
  if (!import.meta.url.endsWith('.ts')) {
    const { register } = await import('tsx/esm/api');
    register();
  }
}

type Resolved = { readonly url: string; readonly format?: string | null };

/**
 * A `.ts` is an ES module whatever the next `package.json` says: in a package that is not `"type": "module"` it would be
 * CommonJS, and would load a second hangup of its own.
 */
const asEsm = (specifier: string, context: object, next: (specifier: string, context: object) => Resolved): Resolved =>
  madeEsm(next(specifier, context));

function madeEsm(resolved: Resolved): Resolved {
  const isOurs = /^file:.*\.ts(\?|$)/.test(resolved.url) && !resolved.url.includes('/node_modules/');
  return isOurs && resolved.format !== 'module' ? { ...resolved, format: 'module' } : resolved;
}

/** The same as a text, for a Node whose hooks live in a thread of their own. */
const AS_ESM_APART = `${madeEsm}
export const resolve = async (specifier, context, next) => madeEsm(await next(specifier, context));`;

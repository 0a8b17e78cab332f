/**
 * Values as text, as Node shows them: a package that was cut out of Node, made when somebody first wants more shown than
 * text and numbers.
 */
import { type Any, scope } from './inside.ts';

export type Inspector = typeof import('node-inspect-extracted');

/** esbuild puts the package into the boot script, and runs it where this is called first. */
declare const require: (name: 'node-inspect-extracted') => Inspector;

/** What it looks for while it is made, though it needs none of them, and what no realm has. */
const LOOKED_FOR: Readonly<Record<string, () => Any>> = {
  Atomics: () => ({}),
  WeakRef: () => class {},
  FinalizationRegistry: () => class {},
};

let made: Inspector | null = null;

export function inspector(): Inspector {
  if (made !== null) return made;
  const absent = Object.keys(LOOKED_FOR).filter((name) => !Object.hasOwn(scope, name));
  for (const name of absent) scope[name] = LOOKED_FOR[name]?.();
  try {
    made = require('node-inspect-extracted');
  } finally {
    for (const name of absent) delete scope[name];
  }
  return made;
}

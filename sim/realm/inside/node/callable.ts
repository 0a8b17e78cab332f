/** Classes that are called like functions. */
import type { Any } from './loose.ts';

/** Old code calls Node's constructors without `new`, or from a constructor of its own. */
export function callable<T extends new (...args: Any[]) => Any>(kind: T): T {
  return new Proxy(kind, { apply: (target, _self, args) => new target(...args) });
}

/** What Web IDL makes of an interface that has pairs: its iterators look at the pairs as they are at that moment. */

type Pair<V> = readonly [name: string, value: V];

const PROTOTYPE = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object;

/** `pairs` is asked at each step; `name` is the interface's. */
export function pairsOf<V, T>(
  name: string,
  pairs: () => readonly Pair<V>[],
  pick: (pair: Pair<V>) => T,
): IterableIterator<T> {
  let at = 0;
  const iterator = Object.create(prototypeOf(name)) as { next(): IteratorResult<T> };
  steps.set(iterator, () => {
    const pair = pairs()[at];
    at++;
    return pair === undefined ? { value: undefined, done: true } : { value: pick(pair), done: false };
  });
  return iterator as IterableIterator<T>;
}

const steps = new WeakMap<object, () => IteratorResult<unknown>>();
const prototypes = new Map<string, object>();

function prototypeOf(name: string): object {
  let found = prototypes.get(name);
  if (found === undefined) {
    found = Object.create(PROTOTYPE, {
      next: {
        value: function next(this: object) {
          const step = steps.get(this);
          if (step === undefined) throw new TypeError('Illegal invocation');
          return step();
        },
        enumerable: true,
        configurable: true,
        writable: true,
      },
      [Symbol.toStringTag]: { value: `${name} Iterator`, configurable: true },
    }) as object;
    prototypes.set(name, found);
  }
  return found;
}

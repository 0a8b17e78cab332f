/** Deep equality as `assert` and `util.isDeepStrictEqual` have it: strict with prototypes and `Object.is`, loose with `==`. */
import type { Any } from './loose.ts';

type Pairs = Map<object, Set<object>>;

export const isDeepEqual = (left: unknown, right: unknown, strict: boolean): boolean =>
  alike(left, right, strict, new Map());

const tag = (value: unknown): string => Object.prototype.toString.call(value);

function alike(left: Any, right: Any, strict: boolean, seen: Pairs): boolean {
  if (strict ? Object.is(left, right) : left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    // biome-ignore lint/suspicious/noDoubleEquals: that is what loose means.
    return !strict && (left == right || (Number.isNaN(left) && Number.isNaN(right)));
  }
  if (tag(left) !== tag(right)) return false;
  if (strict && Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  // What contains itself is alike as long as nothing shows otherwise.
  const before = seen.get(left);
  if (before?.has(right)) return true;
  if (before === undefined) seen.set(left, new Set([right]));
  else before.add(right);
  return sameInside(left, right, strict, seen) && sameKeys(left, right, strict, seen);
}

function sameInside(left: Any, right: Any, strict: boolean, seen: Pairs): boolean {
  if (left instanceof Date) return left.getTime() === right.getTime();
  if (left instanceof RegExp)
    return left.source === right.source && left.flags === right.flags && left.lastIndex === right.lastIndex;
  if (left instanceof Error) return left.message === right.message && left.name === right.name;
  if (ArrayBuffer.isView(left)) return sameBytes(bytesOf(left), bytesOf(right));
  if (left instanceof ArrayBuffer) return sameBytes(new Uint8Array(left), new Uint8Array(right));
  if (left instanceof Set)
    return left.size === right.size && [...left].every((each) => holds(right, each, strict, seen));
  if (left instanceof Map)
    return (
      left.size === right.size &&
      [...left].every(([key, value]) => {
        if (right.has(key)) return alike(value, right.get(key), strict, seen);
        return [...right].some(([other, its]) => alike(key, other, strict, seen) && alike(value, its, strict, seen));
      })
    );
  if (/^\[object (Number|String|Boolean|BigInt|Symbol)\]$/.test(tag(left)))
    return Object.is(left.valueOf(), right.valueOf());
  return true;
}

const holds = (set: Set<unknown>, value: unknown, strict: boolean, seen: Pairs): boolean =>
  set.has(value) || [...set].some((each) => typeof each === 'object' && alike(value, each, strict, seen));

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

function keysOf(value: Any, strict: boolean): PropertyKey[] {
  if (ArrayBuffer.isView(value)) return [];
  const keys: PropertyKey[] = Object.keys(value);
  if (!strict) return keys;
  return [
    ...keys,
    ...Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)),
  ];
}

function sameKeys(left: Any, right: Any, strict: boolean, seen: Pairs): boolean {
  const keys = keysOf(left, strict);
  return (
    keys.length === keysOf(right, strict).length &&
    keys.every((key) => Object.hasOwn(right, key) && alike(left[key], right[key], strict, seen))
  );
}

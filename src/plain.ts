/** Plain data: numbers, texts, flags, null, lists, objects, bytes. Two of them are the same when all that is in them is. */

export function samePlain(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b))
    return a.constructor === b.constructor && sameList(a as unknown as List, b as unknown as List);
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameList(a, b);
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && samePlain((a as Fields)[name], (b as Fields)[name]))
  );
}

type List = ArrayLike<unknown>;
type Fields = Readonly<Record<string, unknown>>;

function sameList(a: List, b: List): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!samePlain(a[i], b[i])) return false;
  return true;
}

/** Whether an object is one of fields and nothing else: no list, no bytes, no instance of a class, no Map. */
export function isFields(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  // An object of another realm has another `Object.prototype`.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

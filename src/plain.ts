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

/** What a value is that cannot be plain data, whatever stands in it: `a function`, `a Map`; null for what can. */
function oddity(value: unknown): string | null {
  if (typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return null;
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? 'a DataView' : null;
  return Array.isArray(value) || isFields(value) ? null : `a ${value.constructor?.name ?? 'class'}`;
}

/** Whether something may stand in a value. */
const isNested = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);

/** Whether a value is plain data, all the way down. What is nested too deeply to tell counts as none: it may hold itself. */
export function isPlain(value: unknown, depth = 0): boolean {
  if (oddity(value) !== null) return false;
  if (!isNested(value)) return true;
  return depth <= DEEPEST && Object.values(value).every((each) => isPlain(each, depth + 1));
}

const DEEPEST = 1000;

/** Where in a value stands what is no plain data, in words that begin with `place`; null for plain data. */
export function oddIn(value: unknown, place: string, above: Set<unknown> = new Set(), skipped = ''): string | null {
  if (above.has(value)) return `\`${place}\` refers to what it stands in`;
  const odd = oddity(value);
  if (odd !== null) return `\`${place}\` is ${odd}`;
  if (!isNested(value)) return null;
  if (above.size > DEEPEST) return `\`${place.slice(0, 40)}…\` is nested more than ${DEEPEST} deep`;
  above.add(value);
  for (const [name, inner] of Object.entries(value)) {
    const path = `${place}.${name}`;
    const found = path === skipped ? null : oddIn(inner, path, above, skipped);
    if (found !== null) return found;
  }
  above.delete(value);
  return null;
}

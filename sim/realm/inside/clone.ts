/**
 * `structuredClone` (https://html.spec.whatwg.org/#safe-passing-of-structured-data), in two halves, as it is specified:
 * a value becomes a record of plain parts, and a record becomes a value again. A record can also be text, which is what
 * crosses the wall to other tabs.
 *
 * Our own, because what there is as a package tells objects apart by what they say of themselves, loses the offsets of
 * views, and throws other errors.
 */
import { base64, bytesOfBase64 } from './base64.ts';
import { Blob, blobOf, bytesOfBlob, File } from './blob.ts';
import { DOMException } from './dom-exception.ts';
import { dictionary, isBuffer, isPlatformObject, needs } from './idl.ts';
import { type Any, define, scope } from './inside.ts';

/** One object or primitive; numbers in the places of values are other parts. The first part is the value itself. */
type Part =
  | readonly ['plain', string | number | boolean | null]
  | readonly ['number', 'NaN' | 'Infinity' | '-Infinity' | '-0']
  | readonly ['undefined']
  | readonly ['bigint', string]
  | readonly ['boxed', number]
  | readonly ['date', number | null]
  | readonly ['regexp', source: string, flags: string]
  | readonly ['buffer', Uint8Array<ArrayBuffer>]
  | readonly ['view', kind: string, buffer: number, offset: number, length: number]
  | readonly ['map', readonly number[]]
  | readonly ['set', readonly number[]]
  | readonly ['error', name: string, message: string | null, stack: string, cause: number]
  | readonly ['exception', name: string, message: string]
  | readonly ['blob', Uint8Array<ArrayBuffer>, type: string]
  | readonly ['file', Uint8Array<ArrayBuffer>, type: string, name: string, modified: number]
  | readonly ['array', length: number, readonly (string | number)[]]
  | readonly ['object', readonly (string | number)[]];

export type Cloned = readonly Part[];

const ERRORS = ['EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'];

/** What an engine's own object is, whatever it says of itself: a method that only such objects have. */
const isA =
  (probe: (value: Any) => unknown) =>
  (value: object): boolean => {
    try {
      probe(value);
      return true;
    } catch {
      return false;
    }
  };
const sizeOf = (of: object): ((value: Any) => unknown) => {
  const { get } = Object.getOwnPropertyDescriptor(of, 'size') as { get(): number };
  return (value) => get.call(value);
};
const isDate = isA((value) => Date.prototype.getTime.call(value));
const isMap = isA(sizeOf(Map.prototype));
const isSet = isA(sizeOf(Set.prototype));
const isRegExp = isA((value) => {
  if (value === RegExp.prototype) throw value;
  const { get } = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source') as { get(): string };
  get.call(value);
});
const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);
const BOXES: readonly ((value: Any) => unknown)[] = [
  (value) => Boolean.prototype.valueOf.call(value),
  (value) => Number.prototype.valueOf.call(value),
  (value) => String.prototype.valueOf.call(value),
  (value) => BigInt.prototype.valueOf.call(value),
];
/** Of the language, and nothing that could be copied. */
const CLOSED = [Promise, WeakMap, WeakSet];

/** The first half; `what` begins the sentence of an error. */
export function cloned(value: unknown, what: string): Cloned {
  const parts: Part[] = [];
  const seen = new Map<unknown, number>();
  const fail = (it: unknown): never => {
    throw new DOMException(`${what}: ${nameOf(it)} could not be cloned.`, 'DataCloneError');
  };
  const visit = (it: unknown): number => {
    const found = seen.get(it);
    if (found !== undefined) return found;
    const at = parts.length;
    parts.push(['undefined']);
    if (typeof it !== 'object' || it === null) parts[at] = primitive(it) ?? fail(it);
    else {
      seen.set(it, at);
      parts[at] = partOf(it, visit, fail);
    }
    return at;
  };
  visit(value);
  return parts;
}

function primitive(value: unknown): Part | null {
  switch (typeof value) {
    case 'undefined':
      return ['undefined'];
    case 'bigint':
      return ['bigint', value.toString()];
    case 'number':
      if (Object.is(value, -0)) return ['number', '-0'];
      return Number.isFinite(value) ? ['plain', value] : ['number', `${value}` as 'NaN'];
    case 'string':
    case 'boolean':
    case 'object':
      return ['plain', value as string | boolean | null];
    default:
      return null;
  }
}

function partOf(it: Any, visit: (value: unknown) => number, fail: (it: unknown) => never): Part {
  if (Array.isArray(it)) return ['array', it.length, properties(it, visit)];
  for (const box of BOXES) if (isA(box)(it)) return ['boxed', visit(box(it))];
  if (isDate(it)) {
    const time = Date.prototype.getTime.call(it);
    return ['date', Number.isNaN(time) ? null : time];
  }
  if (isRegExp(it)) return ['regexp', it.source, it.flags];
  if (isBuffer(it)) return ['buffer', new Uint8Array(it).slice()];
  if (ArrayBuffer.isView(it)) {
    const length = it instanceof DataView ? it.byteLength : (it as Uint8Array).length;
    return ['view', viewOf(it), visit(it.buffer), it.byteOffset, length];
  }
  if (isMap(it)) return ['map', [...(it as Map<unknown, unknown>)].flat(1).map(visit)];
  if (isSet(it)) return ['set', [...(it as Set<unknown>)].map(visit)];
  if (it instanceof DOMException) return ['exception', it.name, it.message];
  if (it instanceof Error) return errorPart(it, visit);
  if (it instanceof File) return ['file', bytesOfBlob(it), it.type, it.name, it.lastModified];
  if (it instanceof Blob) return ['blob', bytesOfBlob(it), it.type];
  if (isPlatformObject(it) || CLOSED.some((each) => it instanceof each)) return fail(it);
  return ['object', properties(it, visit)];
}

const viewOf = (view: ArrayBufferView): string =>
  view instanceof DataView ? 'DataView' : (VIEW_NAME.call(view) as string);
const { get: VIEW_NAME } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
) as { get(): string };

/** Keys and parts of them, in turns. */
function properties(it: Any, visit: (value: unknown) => number): (string | number)[] {
  const list: (string | number)[] = [];
  for (const key of Object.keys(it)) if (Object.hasOwn(it, key)) list.push(key, visit(it[key]));
  return list;
}

function errorPart(it: Error, visit: (value: unknown) => number): Part {
  const name = `${it.name}`;
  const message = Object.getOwnPropertyDescriptor(it, 'message');
  const text = message !== undefined && 'value' in message ? `${message.value}` : null;
  const stack = typeof it.stack === 'string' ? it.stack : '';
  const cause = Object.hasOwn(it, 'cause') ? visit(it.cause) : -1;
  return ['error', ERRORS.includes(name) ? name : 'Error', text, stack, cause];
}

/** As an engine calls a value that it cannot copy. */
function nameOf(it: unknown): string {
  if (typeof it === 'symbol' || typeof it === 'function') return String(it);
  return `#<${tagOf(it as object)}>`;
}

/** The second half. */
export function revived(parts: Cloned): unknown {
  const made: unknown[] = [];
  const value = (at: number): Any => {
    if (at in made) return made[at];
    const part = parts[at] as Part;
    const keep = <T>(it: T): T => {
      made[at] = it;
      return it;
    };
    switch (part[0]) {
      case 'plain':
        return part[1];
      case 'number':
        return part[1] === '-0' ? -0 : Number(part[1]);
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(part[1]);
      case 'boxed':
        return keep(Object(value(part[1])));
      case 'date':
        return keep(new Date(part[1] ?? Number.NaN));
      case 'regexp':
        return keep(new RegExp(part[1], part[2]));
      case 'buffer':
        return keep(part[1].slice().buffer);
      case 'view':
        return keep(new scope[part[1]](value(part[2]), part[3], part[4]));
      case 'map': {
        const map = keep(new Map());
        for (let i = 0; i < part[1].length; i += 2)
          map.set(value(part[1][i] as number), value(part[1][i + 1] as number));
        return map;
      }
      case 'set': {
        const set = keep(new Set());
        for (const each of part[1]) set.add(value(each));
        return set;
      }
      case 'error':
        return errorOf(part, keep, value);
      case 'exception':
        return keep(new DOMException(part[2], part[1]));
      case 'blob':
        return keep(blobOf(part[1], part[2]));
      case 'file':
        return keep(new File([part[1]], part[3], { type: part[2], lastModified: part[4] }));
      case 'array': {
        const list = keep(new Array(part[1]));
        return filled(list, part[2], value);
      }
      default:
        return filled(keep({}), part[1], value);
    }
  };
  return value(0);
}

function errorOf(
  [, name, message, stack, cause]: Part & readonly ['error', ...unknown[]],
  keep: <T>(it: T) => T,
  value: (at: number) => unknown,
): Error {
  const error = keep(message === null ? new scope[name]() : new scope[name](message));
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true });
  if (cause >= 0) Object.defineProperty(error, 'cause', { value: value(cause), writable: true, configurable: true });
  return error;
}

function filled<T extends object>(it: T, list: readonly (string | number)[], value: (at: number) => unknown): T {
  for (let i = 0; i < list.length; i += 2)
    // Defined and not set: `__proto__` is a key like any other.
    Object.defineProperty(it, list[i] as string, {
      value: value(list[i + 1] as number),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  return it;
}

/** A record as text, and back. */
export const textOfClone = (parts: Cloned): string =>
  JSON.stringify(parts.map((part) => (hasBytes(part) ? [part[0], base64(part[1]), ...part.slice(2)] : part)));

export const cloneOfText = (text: string): Cloned =>
  (JSON.parse(text) as (readonly [string, ...unknown[]])[]).map((part) =>
    BYTES.has(part[0]) ? [part[0], bytesOfBase64(part[1] as string), ...part.slice(2)] : part,
  ) as unknown as Cloned;

const BYTES = new Set(['buffer', 'blob', 'file']);
const hasBytes = (part: Part): part is Part & readonly ['buffer' | 'blob' | 'file', ...unknown[]] => BYTES.has(part[0]);

export function installClone(): void {
  define('structuredClone', function structuredClone(value: unknown, options?: unknown) {
    const what = "Failed to execute 'structuredClone' on 'Window'";
    needs(1, arguments.length, "execute 'structuredClone' on 'Window'");
    const { transfer } = dictionary<{ transfer: Iterable<unknown> }>(options, "execute 'structuredClone' on 'Window'");
    for (const each of transfer ?? [])
      if (!isBuffer(each))
        throw new DOMException(`${what}: Value at index 0 does not have a transferable type.`, 'DataCloneError');
    return revived(cloned(value, what));
  });
}

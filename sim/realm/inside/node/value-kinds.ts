/** `util.types`: which kind of built-in object a value is. */
import type { Any } from './loose.ts';

const tag = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);
const isTag =
  (...names: string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' && value !== null && names.includes(tag(value));
const isTyped =
  (name: string) =>
  (value: unknown): boolean =>
    ArrayBuffer.isView(value) && (value as Any)[Symbol.toStringTag] === name;

const generator = Object.getPrototypeOf(function* () {});
const asyncs = [Object.getPrototypeOf(async () => {}), Object.getPrototypeOf(async function* () {})];
const boxes = ['Number', 'String', 'Boolean', 'BigInt', 'Symbol'];

export const types: Any = {
  isAnyArrayBuffer: isTag('ArrayBuffer', 'SharedArrayBuffer'),
  isArrayBuffer: isTag('ArrayBuffer'),
  isArrayBufferView: ArrayBuffer.isView,
  isArgumentsObject: isTag('Arguments'),
  isAsyncFunction: (value: unknown) => typeof value === 'function' && asyncs.includes(Object.getPrototypeOf(value)),
  isGeneratorFunction: (value: unknown) =>
    typeof value === 'function' && [generator, asyncs[1]].includes(Object.getPrototypeOf(value)),
  isGeneratorObject: isTag('Generator'),
  isBoxedPrimitive: isTag(...boxes),
  isDataView: isTag('DataView'),
  isDate: isTag('Date'),
  isExternal: () => false,
  isMap: isTag('Map'),
  isMapIterator: isTag('Map Iterator'),
  isModuleNamespaceObject: isTag('Module'),
  isNativeError: (value: unknown) => value instanceof Error,
  isPromise: (value: unknown) => value instanceof Promise,
  isProxy: () => false,
  isRegExp: isTag('RegExp'),
  isSet: isTag('Set'),
  isSetIterator: isTag('Set Iterator'),
  isSharedArrayBuffer: () => false,
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isWeakMap: isTag('WeakMap'),
  isWeakSet: isTag('WeakSet'),
};
for (const name of boxes) types[`is${name}Object`] = isTag(name);
for (const name of [
  'Uint8',
  'Uint8Clamped',
  'Uint16',
  'Uint32',
  'Int8',
  'Int16',
  'Int32',
  'Float32',
  'Float64',
  'BigInt64',
  'BigUint64',
])
  types[`is${name}Array`] = isTyped(`${name}Array`);

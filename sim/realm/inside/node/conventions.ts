/** `util`: Node's own formatting by a package that was cut out of it, and the small tools that everybody imports. */
import { Buffer } from './buffer.ts';
import { isDeepEqual } from './equality.ts';
import { absent, badType, coded } from './errors.ts';
import { life } from './life.ts';
import type { Any, Callback } from './loose.ts';
import { process } from './process.ts';
import { nextTick } from './ticks.ts';

/** Made for the first who wants something shown: most programs only say text. */
const formatting = (): Any => life.inspector();

export const inspect: Any = (value: unknown, ...options: unknown[]) => formatting().inspect(value, ...options);
inspect.custom = Symbol.for('nodejs.util.inspect.custom');
Object.defineProperty(inspect, 'defaultOptions', { get: () => formatting().inspect.defaultOptions, enumerable: true });

export function format(...args: unknown[]): string {
  if (args.length === 1 && typeof args[0] === 'string') return args[0];
  if (args.every((each, i) => typeof each === 'string' && (i > 0 || !each.includes('%')))) return args.join(' ');
  return formatting().format(...args);
}

const custom = Symbol.for('nodejs.util.promisify.custom');

function promisify(original: Any): Any {
  if (typeof original !== 'function') throw badType('original', 'of type function', original);
  if (original[custom]) return original[custom];
  function promised(this: unknown, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [
        ...args,
        (error: unknown, value: unknown) => (error ? reject(error) : resolve(value)),
      ]);
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, custom, { value: promised });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;

function callbackify(original: Callback): Callback {
  return function (this: unknown, ...args: unknown[]): void {
    const callback = args.pop() as Callback;
    if (typeof callback !== 'function') throw badType('last argument', 'of type function', callback);
    Reflect.apply(original, this, args).then(
      (value: unknown) => nextTick(callback, null, value),
      (reason: unknown) =>
        nextTick(
          callback,
          reason || coded(Error, 'ERR_FALSY_VALUE_REJECTION', 'Promise was rejected with falsy value'),
        ),
    );
  };
}

function inherits(to: Any, from: Any): void {
  Object.defineProperty(to, 'super_', { value: from, writable: true, configurable: true });
  Object.setPrototypeOf(to.prototype, from.prototype);
}

function deprecate(callback: Callback, message: string, code?: string): Callback {
  if (process.noDeprecation) return callback;
  let warned = false;
  function deprecated(this: unknown, ...args: unknown[]): unknown {
    if (!warned) {
      warned = true;
      process.emitWarning(message, 'DeprecationWarning', code);
    }
    return new.target ? Reflect.construct(callback, args, new.target) : Reflect.apply(callback, this, args);
  }
  Object.setPrototypeOf(deprecated, callback);
  if ((callback as Any).prototype) deprecated.prototype = (callback as Any).prototype;
  return deprecated;
}

/** On for the sections that `NODE_DEBUG` names. */
function debuglog(section: string): Any {
  const on = (process.env.NODE_DEBUG ?? '').toLowerCase().split(',').includes(section.toLowerCase());
  const log = (...args: unknown[]): void => {
    if (on) life.host.console('error', `${section.toUpperCase()} ${process.pid}: ${format(...args)}`);
  };
  return Object.assign(log, { enabled: on });
}

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

/** Resolves when the signal is aborted; the resource is only kept by Node. */
const aborted = (signal: Any, _resource: unknown): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const stripControl = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it strips.
  text.replace(/[\u001b\u009b][[()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-ORZcf-nqry=><]/g, '');

const is = (name: string) => (value: unknown) => typeof value === name;

export const util: Any = {
  inspect,
  format,
  formatWithOptions: (options: unknown, ...args: unknown[]) => formatting().formatWithOptions(options, ...args),
  promisify,
  callbackify,
  inherits,
  deprecate,
  debuglog,
  debug: debuglog,
  types,
  aborted,
  isDeepStrictEqual: (left: unknown, right: unknown) => isDeepEqual(left, right, true),
  stripVTControlCharacters: stripControl,
  toUSVString: (text: unknown) => (String(text) as Any).toWellFormed(),
  getSystemErrorName: (number: number) => {
    throw absent(`util.getSystemErrorName(${number})`);
  },
  parseArgs: () => {
    throw absent('util.parseArgs');
  },
  styleText: (_format: unknown, text: string) => text,
  isArray: Array.isArray,
  isBoolean: is('boolean'),
  isBuffer: Buffer.isBuffer,
  isDate: types.isDate,
  isError: (value: unknown) => value instanceof Error,
  isFunction: is('function'),
  isNull: (value: unknown) => value === null,
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isNumber: is('number'),
  isObject: (value: unknown) => typeof value === 'object' && value !== null,
  isPrimitive: (value: unknown) => (typeof value !== 'object' && typeof value !== 'function') || value === null,
  isRegExp: types.isRegExp,
  isString: is('string'),
  isSymbol: is('symbol'),
  isUndefined: is('undefined'),
  log: (...args: unknown[]) => life.host.console('log', format(...args)),
  get TextEncoder() {
    return (globalThis as Any).TextEncoder;
  },
  get TextDecoder() {
    return (globalThis as Any).TextDecoder;
  },
};
export default util;

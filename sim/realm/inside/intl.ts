/**
 * Languages inside a realm: who names none gets en-US and UTC, whatever this machine's are. What is named is found in the
 * engine's own tables, which differ a little from version to version.
 */
import { type Any, type Callback, defineMethods, type Part, scope } from './inside.ts';

const LOCALE = 'en-US';

export function installIntl(): Part {
  const languages = scope.Intl;
  for (const name of Object.getOwnPropertyNames(languages)) {
    const Real = languages[name];
    if (typeof Real === 'function' && name !== 'Locale' && typeof Real.supportedLocalesOf === 'function')
      Object.defineProperty(languages, name, {
        value: defaulted(name, Real, name === 'DateTimeFormat' ? inUtc : (options) => options),
        writable: true,
        configurable: true,
        enumerable: false,
      });
  }
  for (const [type, names, options] of WORDS) {
    const { prototype } = scope[type];
    const methods = names
      .filter((name) => prototype[name] !== undefined)
      .map((name) => [name, inLocale(name, prototype[name], options)]);
    defineMethods(prototype, Object.fromEntries(methods));
  }
  const { localeCompare } = scope.String.prototype;
  defineMethods(scope.String.prototype, {
    localeCompare(this: unknown, other: unknown, asked?: unknown, given?: unknown) {
      return Reflect.apply(localeCompare, this, [other, locales(asked), given]);
    },
  });
  return {};
}

type Options = (options: unknown, now?: unknown) => unknown;

const inUtc: Options = (options) => {
  if (options === undefined) return { timeZone: 'UTC' };
  const given: Any = Object(options);
  return given.timeZone === undefined ? Object.create(given, { timeZone: { value: 'UTC' } }) : given;
};

/** Methods whose words depend on the language, and how their options begin. */
const WORDS: readonly (readonly [string, readonly string[], Options])[] = [
  ['Number', ['toLocaleString'], (options) => options],
  ['BigInt', ['toLocaleString'], (options) => options],
  ['Date', ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'], inUtc],
  ['String', ['toLocaleUpperCase', 'toLocaleLowerCase'], (options) => options],
];

/** What is asked for, and what there is where nothing of that is known: the machine's own would be next. */
function locales(asked: Any): unknown {
  return asked === undefined ? LOCALE : [...scope.Intl.getCanonicalLocales(asked), LOCALE];
}

function defaulted(name: string, Real: Any, options: Options): Callback {
  const Wrapped = function (this: unknown, asked?: unknown, given?: unknown): unknown {
    const args = [locales(asked), options(given)];
    // Some may be called without `new`; which, the engine knows.
    return new.target === undefined ? Reflect.apply(Real, undefined, args) : Reflect.construct(Real, args, new.target);
  };
  Object.defineProperty(Wrapped, 'name', { value: name, configurable: true });
  Object.defineProperty(Wrapped, 'length', { value: Real.length, configurable: true });
  Object.defineProperty(Wrapped, 'prototype', { value: Real.prototype, writable: false });
  defineMethods(Wrapped, { supportedLocalesOf: Real.supportedLocalesOf });
  defineMethods(Real.prototype, { constructor: Wrapped });
  return Wrapped;
}

function inLocale(name: string, real: Callback, options: Options): Callback {
  const { [name]: method } = {
    [name](asked?: unknown, given?: unknown) {
      return Reflect.apply(real, this, [locales(asked), options(given)]);
    },
  } as Record<string, Callback>;
  return method as Callback;
}

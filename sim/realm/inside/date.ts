/**
 * `Date` inside a realm: it tells the time of the world, and every host is in UTC, wherever this machine stands.
 *
 * The engine's own `Date` computes; what it takes from the machine, its present and its time zone, is given instead. So all
 * that is local (`getHours`, a text without a zone) is what is said of UTC.
 */
import { type Any, type Callback, define, defineMethods, type Inside, type Part, scope } from './inside.ts';

const FIELDS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function installDate({ host }: Inside): Part {
  const Real = scope.Date;
  const { prototype } = Real;
  const { getTime } = prototype;
  const parse = parseAsUtc(Real.parse);

  const timeOf = (value: unknown): unknown => {
    try {
      return getTime.call(value);
    } catch {
      const primitive = toPrimitive(value);
      return typeof primitive === 'string' ? parse(primitive) : primitive;
    }
  };
  function VirtualDate(this: unknown, ...parts: readonly unknown[]): unknown {
    if (new.target === undefined) return new Real(host.now()).toString();
    const args = parts.length === 0 ? [host.now()] : [parts.length === 1 ? timeOf(parts[0]) : Real.UTC(...parts)];
    return Reflect.construct(Real, args, new.target);
  }
  Object.defineProperty(VirtualDate, 'prototype', { value: prototype, writable: false });
  const now = (): number => Math.floor(host.now());
  defineMethods(VirtualDate, { now, parse, UTC: Real.UTC });
  Object.defineProperty(VirtualDate, 'name', { value: 'Date', configurable: true });
  Object.defineProperty(VirtualDate, 'length', { value: 7, configurable: true });
  defineMethods(prototype, { constructor: VirtualDate, ...localMethods(prototype), ...texts(prototype) });
  define('Date', VirtualDate);
  return {};
}

/** Everything that is local is that of UTC. */
function localMethods(prototype: Any): Record<string, Callback> {
  const methods: Record<string, Callback> = {
    getTimezoneOffset() {
      return prototype.getTime.call(this) * 0;
    },
    getYear() {
      return prototype.getUTCFullYear.call(this) - 1900;
    },
    setYear(this: Any, year: unknown) {
      const given = Math.trunc(Number(year));
      return prototype.setUTCFullYear.call(this, given >= 0 && given <= 99 ? 1900 + given : given);
    },
  };
  const same = (name: string, utc: Callback): void => {
    // A method has the name that it is called by.
    const { [name]: method } = {
      [name](...args: unknown[]) {
        return Reflect.apply(utc, this, args);
      },
    } as Record<string, Callback>;
    Object.defineProperty(method, 'length', { value: utc.length, configurable: true });
    methods[name] = method as Callback;
  };
  for (const field of [...FIELDS, 'Day']) same(`get${field}`, prototype[`getUTC${field}`]);
  for (const field of FIELDS) same(`set${field}`, prototype[`setUTC${field}`]);
  return methods;
}

/** What a date says of itself (ECMA-262, "Date.prototype.toString"); in words of a language it is for `intl.ts`. */
function texts(prototype: Any): Record<string, Callback> {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = (date: Date): string => {
    const year = date.getUTCFullYear();
    const digits = String(Math.abs(year)).padStart(4, '0');
    return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())} ${year < 0 ? '-' : ''}${digits}`;
  };
  const time = (date: Date): string =>
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} GMT+0000 (Coordinated Universal Time)`;
  const said = (date: Date, say: (date: Date) => string): string =>
    Number.isNaN(prototype.getTime.call(date)) ? 'Invalid Date' : say(date);
  return {
    toString(this: Any) {
      return said(this, (date) => `${day(date)} ${time(date)}`);
    },
    toDateString(this: Any) {
      return said(this, day);
    },
    toTimeString(this: Any) {
      return said(this, time);
    },
  };
}

/** A date and a time by ISO 8601 without a zone: local, as ECMA-262 has it; without a time it is UTC. */
const ISO_LOCAL = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/;
const ISO_DAY = /^(?:\d{4}|[+-]\d{6})(?:-\d\d(?:-\d\d)?)?$/;
/** In the other forms that engines read: the name of a zone, or an offset behind a time. */
const NAMED_ZONE = /(?:^|[^a-z])(?:z|ut|utc|gmt|[ecmp][sd]t)(?![a-z])/i;
const OFFSET = /\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[ap]m)?\s*[+-]\s*\d/i;

function parseAsUtc(real: (text: string) => number): (text: unknown) => number {
  return function parse(given: unknown): number {
    const text = String(given).trim();
    if (ISO_LOCAL.test(text)) return real(`${text}Z`);
    const bare = text.replace(/\([^)]*\)/g, ' ');
    const hasZone = ISO_DAY.test(text) || /T\d\d.*(?:Z|[+-]\d\d:?\d\d)$/.test(text);
    return hasZone || NAMED_ZONE.test(bare) || OFFSET.test(bare) ? real(text) : real(`${bare} UTC`);
  };
}

/** As the engine makes a primitive where any will do. */
function toPrimitive(value: Any): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  const exotic = value[Symbol.toPrimitive];
  if (exotic !== undefined && exotic !== null) return mustBePrimitive(Reflect.apply(exotic, value, ['default']));
  for (const name of ['valueOf', 'toString']) {
    const method = value[name];
    if (typeof method !== 'function') continue;
    const primitive = Reflect.apply(method, value, []);
    if ((typeof primitive !== 'object' && typeof primitive !== 'function') || primitive === null) return primitive;
  }
  throw new TypeError('Cannot convert object to primitive value');
}

function mustBePrimitive(value: unknown): unknown {
  if ((typeof value === 'object' && value !== null) || typeof value === 'function')
    throw new TypeError('Cannot convert object to primitive value');
  return value;
}

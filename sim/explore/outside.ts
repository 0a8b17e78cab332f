/**
 * What code asked of the world outside while it ran: the clock, luck, timers. A run depends on none of it; when two runs of
 * one seed differ, this says who let the difference in.
 *
 * Only calls of code that is not hangup's are noted, each by the place that made it first. Inside of realms there is nothing
 * of the kind to be asked: what is noted stands in the file that describes the system, its host models, laws and machines.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Calls something; what its code asked of the outside meanwhile, each with its place: `Math.random (chat.hangup.ts:12:30)`. */
export function outsideOf(call: () => void): readonly string[] {
  const noted = new Map<string, string>();
  const note = (name: string): void => {
    if (noted.has(name)) return;
    const place = placeOf(new Error('noted'));
    if (place !== null) noted.set(name, place);
  };
  const restored = APIS.map(([holder, name, shown]) => replaced(holder, name, shown, note));
  restored.push(withDate(note));
  try {
    call();
  } finally {
    for (const restore of restored.reverse()) restore();
  }
  return [...noted].map(([name, place]) => `${name} (${place})`);
}

type Holder = Record<string, unknown>;

const here = globalThis as unknown as Holder;

/** Whatever has an answer of its own each time. */
const APIS: readonly (readonly [holder: Holder, name: string, shown: string])[] = [
  [Math as unknown as Holder, 'random', 'Math.random'],
  [here.performance as Holder, 'now', 'performance.now'],
  [here.crypto as Holder, 'randomUUID', 'crypto.randomUUID'],
  [here.crypto as Holder, 'getRandomValues', 'crypto.getRandomValues'],
  [process as unknown as Holder, 'hrtime', 'process.hrtime'],
  [process as unknown as Holder, 'uptime', 'process.uptime'],
  [process as unknown as Holder, 'memoryUsage', 'process.memoryUsage'],
  [here, 'setTimeout', 'setTimeout'],
  [here, 'setInterval', 'setInterval'],
  [here, 'setImmediate', 'setImmediate'],
  [here, 'fetch', 'fetch'],
];

/** Puts a function before another one; what is returned takes it away again. */
function replaced(holder: Holder, name: string, shown: string, note: (name: string) => void): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const original = holder[name] as (...args: unknown[]) => unknown;
  const put = (value: unknown): boolean =>
    Reflect.defineProperty(holder, name, { value, writable: true, configurable: true, enumerable: true });
  const spy = function (this: unknown, ...args: unknown[]): unknown {
    note(shown);
    return Reflect.apply(original, this, args);
  };
  // Its own properties are in use, too: `process.hrtime.bigint`.
  Object.setPrototypeOf(spy, original);
  if (typeof original !== 'function' || !put(spy)) return () => {};
  return () => {
    if (own === undefined) Reflect.deleteProperty(holder, name);
    else Object.defineProperty(holder, name, own);
  };
}

/** `Date.now()`, `Date()` and `new Date()`; a date of given numbers depends on nothing. */
function withDate(note: (name: string) => void): () => void {
  const { Date: original } = globalThis;
  const now = (): number => {
    note('Date.now');
    return original.now();
  };
  globalThis.Date = new Proxy(original, {
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    apply: (target) => {
      note('Date');
      return Reflect.apply(target, undefined, []);
    },
    construct(target, args, newTarget) {
      if (args.length === 0) note('new Date');
      return Reflect.construct(target, args, newTarget);
    },
  });
  return () => {
    globalThis.Date = original;
  };
}

/** Rooms of hangup, from source or built: what they ask for is asked by hangup. */
const OURS = ['src/', 'sim/', 'properties/laws/'].map((room) => new URL(`../../${room}`, import.meta.url).href);

/** The innermost place on a stack that is in a file of somebody's; null when hangup itself called. */
function placeOf({ stack = '' }: Error): string | null {
  for (const line of stack.split('\n').slice(1)) {
    const [, url, position] = /\(?((?:file:|\/|[A-Z]:\\)[^()]*?)(:\d+:\d+)\)?$/.exec(line) ?? [];
    if (url === undefined) continue;
    const file = url.startsWith('file:') ? url : `file://${url}`;
    if (file === import.meta.url || file.split('?')[0] === import.meta.url) continue;
    if (OURS.some((room) => file.startsWith(room))) return null;
    return `${relative(process.cwd(), fileURLToPath(file.split('?')[0] as string))}${position}`;
  }
  return null;
}

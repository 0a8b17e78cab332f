/** `performance`: a clock that never goes back, and marks on it (https://w3c.github.io/user-timing). */
import type { Millis } from '../host.ts';
import { type Any, define, type Inside, type Part, scope } from './inside.ts';

export function installPerformance(inside: Inside): Part {
  const { host } = inside;
  let origin: Millis = 0;
  let entries: PerformanceEntry[] = [];

  class PerformanceEntry {
    readonly name: string;
    readonly entryType: string;
    readonly startTime: Millis;
    readonly duration: Millis;
    readonly detail: unknown;

    constructor(name: string, entryType: string, startTime: Millis, duration: Millis, detail: unknown) {
      this.name = name;
      this.entryType = entryType;
      this.startTime = startTime;
      this.duration = duration;
      this.detail = detail;
    }

    toJSON(): object {
      return { ...this };
    }
  }

  const noted = (entry: PerformanceEntry): PerformanceEntry => {
    entries.push(entry);
    return entry;
  };
  const forget = (type: string, name: unknown): void => {
    entries = entries.filter(
      (entry) => entry.entryType !== type || (name !== undefined && entry.name !== String(name)),
    );
  };
  /** A time, or the name of the last mark of that name. */
  const timeOf = (given: unknown, missing: Millis): Millis => {
    if (given === undefined) return missing;
    if (typeof given === 'number') return given;
    const mark = entries.findLast(({ entryType, name }) => entryType === 'mark' && name === String(given));
    if (mark !== undefined) return mark.startTime;
    const text = `The mark '${String(given)}' does not exist.`;
    throw scope.DOMException === undefined ? new SyntaxError(text) : new scope.DOMException(text, 'SyntaxError');
  };

  class Performance {
    get timeOrigin(): Millis {
      return origin;
    }

    now(): Millis {
      return host.uptime();
    }

    mark(name: unknown, options: Any = {}): PerformanceEntry {
      const { startTime = host.uptime(), detail = null } = options ?? {};
      return noted(new PerformanceEntry(String(name), 'mark', Number(startTime), 0, detail));
    }

    measure(name: unknown, from?: Any, to?: unknown): PerformanceEntry {
      const isBag = typeof from === 'object' && from !== null;
      const { start, end, duration, detail = null } = isBag ? from : { start: from, end: to };
      const until =
        end === undefined && duration !== undefined ? timeOf(start, 0) + duration : timeOf(end, host.uptime());
      const since = start === undefined && duration !== undefined ? until - duration : timeOf(start, 0);
      return noted(new PerformanceEntry(String(name), 'measure', since, until - since, detail));
    }

    clearMarks(name?: unknown): void {
      forget('mark', name);
    }

    clearMeasures(name?: unknown): void {
      forget('measure', name);
    }

    getEntries(): PerformanceEntry[] {
      return entries.toSorted((one, other) => one.startTime - other.startTime);
    }

    getEntriesByType(type: unknown): PerformanceEntry[] {
      return this.getEntries().filter(({ entryType }) => entryType === String(type));
    }

    getEntriesByName(name: unknown, type?: unknown): PerformanceEntry[] {
      return this.getEntries().filter(
        (entry) => entry.name === String(name) && (type === undefined || entry.entryType === String(type)),
      );
    }

    toJSON(): object {
      return { timeOrigin: origin };
    }
  }

  const performance = new Performance();
  for (const Type of [Performance, PerformanceEntry]) {
    Object.defineProperty(Type.prototype, Symbol.toStringTag, { value: Type.name, configurable: true });
    define(Type.name, Type);
  }
  define('performance', performance);
  return {
    begin() {
      origin = host.now() - host.uptime();
    },
    reset() {
      entries = [];
    },
  };
}

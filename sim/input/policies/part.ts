/**
 * One object of somebody's configuration, read setting by setting: what is wrong has its place, what is missing has the
 * library's default, and what nobody asked for is told in the end.
 *
 * Texts that are numbers count as numbers, since properties and INI have no others; `${NAME:500ms}` is its default.
 */

import { durationText } from '../../../src/backoff/forms.ts';
import type { Duration } from '../../../src/time.ts';
import { us } from '../../../src/time.ts';
import { meant } from '../../cli/names.ts';
import { shown } from '../../core/shown.ts';
import { isRecord, joined, type Place } from './document.ts';
import type { DurationForm } from './durations.ts';
import type { Log } from './format.ts';
import { numberOf } from './numbers.ts';

/** How keys are compared: as they are, or the way that a library is lenient about them. */
export type Fold = (key: string) => string;

/** `waitDuration`, `wait-duration` and `wait_duration` are one setting: Spring's relaxed binding, protobuf's JSON. */
export const relaxed: Fold = (key) => key.toLowerCase().replace(/[-_]/g, '');
/** .NET reads settings in any case. */
export const caseless: Fold = (key) => key.toLowerCase();
const exact: Fold = (key) => key;

/** What is not asked for in an object, by the sentence that says what it is instead. */
export type Others = Readonly<Record<string, string>>;

export class Part {
  readonly path: string;
  readonly log: Log;
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #fold: Fold;
  /** The keys as they are written, by what they are compared by. */
  readonly #keys = new Map<string, string>();
  readonly #known: string[] = [];
  readonly #read = new Set<string>();

  constructor({ path, value }: Place, log: Log, fold: Fold = exact) {
    this.path = path;
    this.log = log;
    this.#value = value;
    this.#fold = fold;
    for (const key of Object.keys(value)) this.#keys.set(fold(key), key);
  }

  /** The value of a setting by any of its names; undefined where it is not set (or null, which libraries take alike). */
  get(...names: readonly string[]): unknown {
    this.#known.push(...names);
    for (const name of names) {
      const key = this.#keys.get(this.#fold(name));
      if (key === undefined) continue;
      this.#read.add(key);
      return this.#resolved(key, this.#value[key] ?? undefined);
    }
    return undefined;
  }

  has(...names: readonly string[]): boolean {
    return names.some((name) => {
      const key = this.#keys.get(this.#fold(name));
      return key !== undefined && this.#value[key] !== undefined && this.#value[key] !== null;
    });
  }

  /** The place of a setting, by the name that it has here. */
  at(...names: readonly string[]): string {
    const key = names.map((name) => this.#keys.get(this.#fold(name))).find((each) => each !== undefined);
    return joined(this.path, key ?? (names[0] as string));
  }

  problem(names: readonly string[], expected: string, value: unknown): void {
    this.log.problems.push(`\`${this.at(...names)}\`: expected ${expected}, got ${shown(value)}`);
  }

  note(text: string): void {
    if (!this.log.notes.includes(text)) this.log.notes.push(text);
  }

  /** A duration, or the default; null stands for none. */
  duration<T extends Duration | null>(names: readonly string[], { of, form }: DurationForm, missing: T): Duration | T {
    const value = this.get(...names);
    if (value === undefined) return this.#missing(names, missing, missing === null ? 'none' : durationText(missing));
    const read = of(value);
    if (read === undefined) {
      this.problem(names, form, value);
      return missing;
    }
    return us(Math.min(read, Number.MAX_SAFE_INTEGER));
  }

  number<T extends number | null>(
    names: readonly string[],
    missing: T,
    { least = 0, most = Number.POSITIVE_INFINITY, whole = false } = {},
  ): number | T {
    const value = this.get(...names);
    if (value === undefined) return this.#missing(names, missing, missing === null ? 'none' : String(missing));
    const read = numberOf(value);
    if (
      read === undefined ||
      read < least ||
      read > most ||
      (whole && read !== Number.POSITIVE_INFINITY && !Number.isInteger(read))
    ) {
      const kind = whole ? 'a whole number' : 'a number';
      const range =
        most < Number.POSITIVE_INFINITY ? ` from ${least} to ${most}` : least === -1 ? '' : ` of ${least} or more`;
      this.problem(names, `${kind}${range}`, value);
      return missing;
    }
    return read;
  }

  truth(names: readonly string[], missing: boolean): boolean {
    const value = this.get(...names);
    if (value === undefined) return this.#missing(names, missing, String(missing));
    const read = typeof value === 'boolean' ? value : truths[String(value).toLowerCase()];
    if (read === undefined) this.problem(names, 'true or false', value);
    return read ?? missing;
  }

  word<const T extends string>(names: readonly string[], words: readonly T[], missing: T): T {
    const value = this.get(...names);
    if (value === undefined) return this.#missing(names, missing, missing);
    const read = words.find((word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase());
    if (read === undefined) this.problem(names, `one of ${words.join(', ')}`, value);
    return read ?? missing;
  }

  /** An object within; null where there is none. */
  part(...names: readonly string[]): Part | null {
    const value = this.get(...names);
    if (value === undefined) return null;
    if (!isRecord(value)) {
      this.problem(names, 'an object', value);
      return null;
    }
    return new Part({ path: this.at(...names), value }, this.log, this.#fold);
  }

  /** Tells of every setting that nobody asked for. `others` says what those are that the library has beside. */
  rest(others: Others, library: string): void {
    const sayings = new Map<string, string[]>();
    const told = Object.entries(others).map(([key, saying]) => [this.#fold(key), saying] as const);
    const known = [...this.#known, ...Object.keys(others)];
    for (const key of this.#keys.values()) {
      if (this.#read.has(key)) continue;
      const saying =
        told.find(([name]) => name === this.#fold(key))?.[1] ??
        (known.length === 0 ? '' : meant(key, known)).replace(
          /^: /,
          `unknown to ${library}, which does without it: `,
        ) ??
        '';
      const group = saying === '' ? 'not about when to dial' : saying;
      sayings.set(group, [...(sayings.get(group) ?? []), key]);
    }
    for (const [saying, keys] of sayings) {
      const shownKeys =
        keys.length > KEYS_MOST ? [...keys.slice(0, KEYS_MOST), `${keys.length - KEYS_MOST} more`] : keys;
      this.note(`${shownKeys.join(', ')}: ${saying}`);
    }
  }

  #missing<T>(names: readonly string[], value: T, text: string): T {
    const entry = `${names[0]} ${text}`;
    if (!this.log.missing.includes(entry)) this.log.missing.push(entry);
    return value;
  }

  #resolved(key: string, value: unknown): unknown {
    // A wrapper of protobuf, as a dump of Go has it: `{ "value": 2 }`.
    if (this.#fold === relaxed && isRecord(value) && Object.keys(value).join() === 'value') return value.value;
    const placeholder = typeof value === 'string' ? /^\$\{([^}:]+)(?::-?([^}]*))?\}$/.exec(value.trim()) : null;
    if (placeholder === null) return value;
    const [, name, byDefault] = placeholder;
    if (byDefault === undefined || byDefault === '') {
      this.log.problems.push(
        `\`${this.at(key)}\`: expected a value, got the placeholder ${shown(value)}: write what ${name} is`,
      );
      return undefined;
    }
    this.note(`${key}: ${name} is taken as its default, ${byDefault}`);
    return byDefault;
  }
}

/** So many keys stand in one line. */
const KEYS_MOST = 8;

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  yes: true,
  no: false,
  on: true,
  off: false,
};

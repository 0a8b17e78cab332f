/**
 * A story: who calls which exported function, and when, in virtual time.
 *
 * It is written in lines (`every('3s', client.send, (n) => `m${n}`)`), and a seed makes calls of them, all of them before
 * the run begins: what the network does changes no call. A call is what a person would do at that moment, so it waits
 * where there is no page to do it in.
 */
import { oddIn } from '../../src/plain.ts';
import { type Duration, type Instant, parseDuration } from '../../src/time.ts';
import type { Dice } from '../core/dice.ts';
import { shown } from '../core/shown.ts';

/** A length of time as text (`'3s'`, `'250ms'`), or the shortest and the longest of which the seed draws one each time. */
export type Time = string | readonly [least: string, most: string];

/** What travels to the function: text, numbers, true, false, null, lists and objects of them. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Who calls, and dice for what they say. */
export interface Caller {
  /** `c1`, `c2`, … or `s1`, … */
  readonly node: string;
  /** Uniform in `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  /** True in `num` of `of` calls. */
  chance(num: number, of: number): boolean;
}

/**
 * An argument: a value, or what makes one. `n` counts the calls of this line from 1, over all who make them, so that
 * `(n) => `m${n}`` is another text each time.
 */
export type Argument = Json | ((n: number, who: Caller) => Json);

/** A function that a module exports, as a story names it. */
export interface Exported {
  readonly side: Side;
  /** Whose: the index of one client or server; null: each client, or one server that the seed picks at each call. */
  readonly which: number | null;
  readonly name: string;
}

export type Side = 'client' | 'server';

/** The functions of a module by name. */
export type Functions = Readonly<Record<string, Exported>>;

/** One line of a story. */
export interface Line {
  readonly calls: Exported;
  readonly args: readonly Argument[];
  /** Between two calls; null for a line that calls once. */
  readonly period: readonly [Duration, Duration] | null;
  /** From the caller's start to the first call. */
  readonly first: readonly [Duration, Duration];
  readonly times: number;
}

/** What a story is written with. */
export interface Tools {
  /** Each client (or a server) calls it again and again: every three seconds is anything from half of that to one and a half times. */
  every(period: Time, calls: Exported | undefined, ...args: readonly Argument[]): Line;
  /** Each client calls it once, so long after its page has begun to load. */
  once(at: Time, calls: Exported | undefined, ...args: readonly Argument[]): Line;
  /** As `every`, but only so often. */
  times(count: number, period: Time, calls: Exported | undefined, ...args: readonly Argument[]): Line;
  /** What the client's module exports: `client.send`. */
  readonly client: Functions;
  /** One client's: `clients[0].send`. */
  readonly clients: readonly Functions[];
  /** What the server's module exports, called at one of the servers. */
  readonly server: Functions;
  readonly servers: readonly Functions[];
}

export type Story = (tools: Tools) => readonly Line[];

/** One call. */
export interface Call {
  readonly at: Instant;
  readonly name: string;
  /** JSON of the list of arguments: it is text by the time it reaches the module. */
  readonly args: string;
}

const MOST_CALLS = 100_000;
const MOST_TIMES = 10_000;

const EXPECTED = "a length of time such as '3s' or '250ms', or two of them, the shortest first";

/** Throws in one line that names the field. */
export function timeOf(given: unknown, field: string, least = 0): Duration {
  const time = typeof given === 'string' ? parseDuration(given) : undefined;
  if (time === undefined || time < least)
    throw new Error(
      `\`${field}\`: expected a length of time such as '3s' or '250ms'${least > 0 ? ", and more than '0s'" : ''}, got ${shown(given)}`,
    );
  return time;
}

export function rangeOf(given: unknown, field: string, around: (time: Duration) => readonly [number, number]) {
  if (typeof given === 'string') return around(timeOf(given, field)) as readonly [Duration, Duration];
  if (!Array.isArray(given) || given.length !== 2)
    throw new Error(`\`${field}\`: expected ${EXPECTED}, got ${shown(given)}`);
  const [least, most] = [timeOf(given[0], field), timeOf(given[1], field)];
  if (least > most) throw new Error(`\`${field}\`: expected ${EXPECTED}, got ${shown(given)}`);
  return [least, most] as const;
}

const half = (time: Duration): readonly [number, number] => [
  Math.max(1, Math.floor(time / 2)),
  Math.floor((time * 3) / 2),
];

const functionsOf = (side: Side, which: number | null): Functions =>
  new Proxy({} as Functions, {
    get: (_, name): Exported | undefined =>
      typeof name === 'string' && name !== 'then' ? { side, which, name } : undefined,
  });

const isExported = (value: unknown): value is Exported =>
  value !== null && typeof value === 'object' && 'side' in value && 'which' in value && 'name' in value;

/** The lines of a story for so many clients and servers. Throws in one line for what is none. */
export function linesOf(story: Story, clients: number, servers: number): readonly Line[] {
  const each = (side: Side, count: number): readonly Functions[] =>
    Array.from({ length: count }, (_, index) => functionsOf(side, index));
  const line = (word: string, calls: unknown, args: readonly Argument[], rest: Omit<Line, 'calls' | 'args'>): Line => {
    if (!isExported(calls))
      throw new Error(
        `\`story\`: ${word}: expected a function of a module, such as client.send, got ${shown(calls)}; arguments of it stand behind it`,
      );
    return { calls, args, ...rest };
  };
  const lines: unknown = story({
    every: (period, calls, ...args) => {
      const range = rangeOf(period, 'story: every', half);
      if (range[0] < 1000) throw new Error(`\`story: every\`: expected a millisecond or more, got ${shown(period)}`);
      return line('every', calls, args, { period: range, first: [0 as Duration, range[1]], times: Infinity });
    },
    once: (at, calls, ...args) =>
      line('once', calls, args, { period: null, first: rangeOf(at, 'story: once', (time) => [time, time]), times: 1 }),
    times: (count, period, calls, ...args) => {
      if (!Number.isSafeInteger(count) || count < 1 || count > MOST_TIMES)
        throw new Error(`\`story: times\`: expected a whole number from 1 to ${MOST_TIMES}, got ${shown(count)}`);
      const range = rangeOf(period, 'story: times', half);
      return line('times', calls, args, { period: range, first: [0 as Duration, range[1]], times: count });
    },
    client: functionsOf('client', null),
    clients: each('client', clients),
    server: functionsOf('server', null),
    servers: each('server', servers),
  });
  if (!Array.isArray(lines))
    throw new Error(`\`story\`: expected a function that returns a list of lines, got ${shown(lines)}`);
  for (const [index, given] of lines.flat().entries())
    if (given === null || typeof given !== 'object' || !isExported((given as Line).calls))
      throw new Error(`\`story[${index}]\`: expected a line that every, once or times made, got ${shown(given)}`);
  return lines.flat() as readonly Line[];
}

/** Somebody who makes calls: a client from when its page loads, a server from the start of the run. */
export interface Place {
  readonly node: string;
  readonly start: Instant;
}

interface Due {
  readonly at: number;
  readonly line: number;
  readonly place: Place;
  readonly callee: string;
}

/** The calls of a seed, by the node that is called. Calls come before `until`. Throws in one line for arguments that are no JSON. */
export function callsOf(
  lines: readonly Line[],
  places: Readonly<Record<Side, readonly Place[]>>,
  until: Instant,
  dice: Dice,
): ReadonlyMap<string, readonly Call[]> {
  const due: Due[] = [];
  for (const [index, { calls, period, first, times }] of lines.entries()) {
    const { side, which } = calls;
    // A server's line is one line, however many servers there are; each client has its own.
    const all = places[side];
    const callers = which !== null ? all.slice(which, which + 1) : side === 'server' ? all.slice(0, 1) : all;
    for (const place of callers) {
      const stream = `story/${index}/${place.node}`;
      let at = place.start + dice.between(stream, first[0], first[1]);
      for (let nth = 0; nth < times && at < until && due.length < MOST_CALLS; nth++) {
        const callee = which === null && side === 'server' ? dice.pick(`${stream}/who`, all).node : place.node;
        due.push({ at, line: index, place, callee });
        if (period !== null) at += dice.between(stream, period[0], period[1]);
      }
    }
  }
  due.sort((a, b) => a.at - b.at || a.line - b.line);
  const counts = lines.map(() => 0);
  const made = new Map<string, Call[]>();
  for (const { at, line, callee } of due) {
    const { calls, args } = lines[line] as Line;
    const n = (counts[line] ?? 0) + 1;
    counts[line] = n;
    const who = callerOf(callee, dice, `story/${line}/${callee}/args`);
    const values = args.map((each) => (typeof each === 'function' ? each(n, who) : each));
    const list = made.get(callee) ?? [];
    list.push({ at: at as Instant, name: calls.name, args: jsonOf(values, calls) });
    made.set(callee, list);
  }
  return made;
}

function jsonOf(values: readonly unknown[], { side, name }: Exported): string {
  const odd = oddIn(values, 'args');
  if (odd !== null || values.some((value) => value === undefined || ArrayBuffer.isView(value)))
    throw new Error(
      `\`story\`: ${side}.${name}: expected arguments that JSON can hold, ${odd === null ? `got ${shown(values)}` : `but ${odd}`}`,
    );
  return JSON.stringify(values);
}

const callerOf = (node: string, dice: Dice, stream: string): Caller => ({
  node,
  between: (least, most) => dice.between(stream, least, most),
  pick: (items) => dice.pick(stream, items),
  chance: (num, of) => dice.chance(stream, num, of),
});

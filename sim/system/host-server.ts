/**
 * `hostServer({…})`: a server in a dozen lines, for whoever ships a client only. It speaks HTTP and WebSocket as any does,
 * over the same links, and dies, drains and restarts under the same faults; what it says is yours.
 *
 * Its functions are called when something happens and return at once. Each process has a `state` of its own: a restart
 * forgets it. Whatever is random comes from the seed.
 */
import type { Machine } from '../../src/machine.ts';
import { type Duration, parseDuration } from '../../src/time.ts';
import { meant } from '../cli/names.ts';
import { shown } from '../core/shown.ts';
import { vouched } from '../core/spoken.ts';
import type { Part } from './definition.ts';
import { HostProcess, type Period } from './host-process.ts';
import type { Piece } from './probe.ts';

/** A message, as a program has it: text, or bytes. */
export type Message = string | Uint8Array;

/** How a handshake, or a request, is answered: an HTTP status, with fields and a body where there are some. */
export type Answer =
  | number
  | {
      readonly status: number;
      /** Of a 503 or 429: a length of time such as `'5s'`. */
      readonly retryAfter?: string;
      readonly fields?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    };

/** What somebody asks for: a WebSocket, or an answer. */
export interface Asked {
  readonly method: string;
  /** Path and query, as they were sent: `/chat?room=1`. */
  readonly url: string;
  /** A field of the request by its name in lower case; null where there is none. */
  field(name: string): string | null;
  /** Subprotocols that were offered. */
  readonly protocols: readonly string[];
  readonly body: Uint8Array;
}

/** A client that is connected. */
export interface Guest {
  /** Counts the connections of this process from 1. */
  readonly id: number;
  readonly asked: Asked;
  /** The subprotocol that was chosen, or empty. */
  readonly protocol: string;
  /** Whatever you want to remember of it. */
  readonly data: Record<string, unknown>;
  readonly isOpen: boolean;
  send(message: Message): void;
  /** The closing handshake; `code` 1000 by default. */
  close(code?: number, reason?: string): void;
  /** Gone at once, without a close frame. */
  drop(): void;
  ping(): void;
}

/** The process that a function is called in. */
export interface Hosting<State> {
  /** `s1`, `s2`, … */
  readonly node: string;
  readonly state: State;
  /** Milliseconds since this process began. */
  readonly now: number;
  /** Who is connected, in the order in which they came. */
  readonly guests: readonly Guest[];
  /** Sends to everybody who is connected. */
  broadcast(message: Message): void;
  /** Calls `then` once, so much later (`'2s'`). */
  later(delay: string, then: (server: Hosting<State>) => void): void;
  /** Drops every connection, forgets everything and begins anew, as a process that is replaced at once. */
  restart(): void;
  /** Uniform in `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  /** True in `num` of `of` calls. */
  chance(num: number, of: number): boolean;
  /** What was submitted under `key` is done. */
  performed(key: string): void;
  /** The next piece of a stream is made. */
  produced(stream: string, piece: Piece): void;
  /** A line of the timeline. */
  note(text: string, data?: unknown): void;
}

export interface HostServer<State = unknown> {
  /** What a process knows when it begins. Default: an empty object. */
  readonly state?: () => State;
  /** Whether a handshake is refused, and how: `401`, `{ status: 503, retryAfter: '5s' }`; null takes it. Default: all are taken. */
  readonly refuse?: (asked: Asked, server: Hosting<State>) => Answer | null;
  /** The subprotocol of a connection, one of those that were offered; null for none. Default: the first that was offered. */
  readonly protocol?: (offered: readonly string[], server: Hosting<State>) => string | null;
  /** Somebody is connected. */
  readonly open?: (guest: Guest, server: Hosting<State>) => void;
  readonly message?: (guest: Guest, message: Message, server: Hosting<State>) => void;
  /** A connection is over: with 1006 where no close frame came. */
  readonly close?: (guest: Guest, code: number, reason: string, server: Hosting<State>) => void;
  /** A request that asks for no WebSocket. Default: 404. */
  readonly request?: (asked: Asked, server: Hosting<State>) => Answer;
  /** Again and again, by their periods: `{ '10s': (server) => server.broadcast('still here') }`. */
  readonly every?: Readonly<Record<string, (server: Hosting<State>) => void>>;
  /** It is to end: what it still says. Connections are closed with 1001 behind that. */
  readonly drain?: (server: Hosting<State>) => void;
}

const FUNCTIONS = ['state', 'refuse', 'protocol', 'open', 'message', 'close', 'request', 'drain'] as const;
const FIELDS: readonly string[] = [...FUNCTIONS, 'every'];

/** A server for `system({ server: … })`. Throws in one line that names the field for what is none. */
export function hostServer<State = Record<string, unknown>>(definition: HostServer<State>): Part {
  mustBeHostServer(definition);
  const periods = Object.entries(definition.every ?? {}).map(
    ([period, then]) => [parseDuration(period) as Duration, then] as Period,
  );
  const machine: Machine<{ readonly node: string }, HostProcess, { readonly type: string }, unknown> = {
    kind: 'server',
    opaque: true,
    init: ({ node }) => new HostProcess(definition as HostServer, periods, node),
    step: (process, event, context) => process.step(event, context),
  };
  return vouched({ machine: vouched(machine), quiesces: true, drains: true });
}

function mustBeHostServer(given: unknown): asserts given is HostServer {
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    throw new Error(`hostServer: expected an object of functions, got ${shown(given)}`);
  const said = given as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(said).find((name) => !FIELDS.includes(name));
  if (stranger !== undefined)
    throw new Error(
      `hostServer: \`${stranger}\`: expected no field besides ${FIELDS.join(', ')}${meant(stranger, FIELDS)}`,
    );
  const odd = FUNCTIONS.find((name) => said[name] !== undefined && typeof said[name] !== 'function');
  if (odd !== undefined) throw new Error(`hostServer: \`${odd}\`: expected a function, got ${shown(said[odd])}`);
  const { every = {} } = said;
  if (every === null || typeof every !== 'object')
    throw new Error(`hostServer: \`every\`: expected functions by their periods, got ${shown(every)}`);
  for (const [period, then] of Object.entries(every)) {
    if (!((parseDuration(period) ?? 0) >= 1000))
      throw new Error(
        `hostServer: \`every\`: expected periods such as '10s', a millisecond or more, got ${shown(period)}`,
      );
    if (typeof then !== 'function')
      throw new Error(`hostServer: \`every['${period}']\`: expected a function, got ${shown(then)}`);
  }
}

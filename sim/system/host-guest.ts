/** Who is connected to a host model, and what somebody asked for, as its functions are given them. */
import type { Request, Response, ServerConnection, ServerSaid } from '../../src/http/endpoint.ts';
import { type Field, fieldOf } from '../../src/http/fields.ts';
import { utf8 } from '../../src/http/utf8.ts';
import { parseDuration } from '../../src/time.ts';
import { shown } from '../core/shown.ts';
import type { Answer, Asked, Guest, Message } from './host-server.ts';

export class Visitor implements Guest {
  readonly id: number;
  readonly asked: Asked;
  readonly protocol: string;
  readonly data: Record<string, unknown> = {};
  isOpen = true;
  readonly #endpoint: ServerConnection;
  readonly #carry: (said: readonly ServerSaid[]) => void;

  /** `carry` does what its connection says. */
  constructor(
    id: number,
    asked: Asked,
    protocol: string,
    endpoint: ServerConnection,
    carry: (said: readonly ServerSaid[]) => void,
  ) {
    this.id = id;
    this.asked = asked;
    this.protocol = protocol;
    this.#endpoint = endpoint;
    this.#carry = carry;
  }

  send(message: Message): void {
    if (typeof message !== 'string' && !(message instanceof Uint8Array))
      throw new Error(`send: expected text or bytes, got ${shown(message)}`);
    if (this.isOpen) this.#carry(this.#endpoint.send(message));
  }

  close(code = 1000, reason = ''): void {
    if (
      !Number.isInteger(code) ||
      !((code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999))
    )
      throw new Error(
        `close: expected a code from 1000 to 1014 but 1004 to 1006, or from 3000 to 4999, got ${shown(code)}`,
      );
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#carry(this.#endpoint.close(code, reason));
  }

  drop(): void {
    this.#carry(this.#endpoint.terminate('rst'));
  }

  ping(): void {
    if (this.isOpen) this.#carry(this.#endpoint.ping());
  }
}

export const askedFor = ({ method, target, fields, body }: Request, protocols: readonly string[]): Asked => ({
  method,
  url: target,
  field: (name) => fieldOf(fields, name.toLowerCase()),
  protocols,
  body,
});

/** Throws in one line for what is no answer. */
export function responseOf(answer: Answer, to: string): Response {
  const { status, retryAfter, fields = {}, body } = typeof answer === 'number' ? { status: answer } : (answer ?? {});
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599)
    throw new Error(
      `${to}: expected an HTTP status from 200 to 599, or { status, retryAfter, fields, body }, got ${shown(answer)}`,
    );
  const wait = retryAfter === undefined ? null : parseDuration(retryAfter);
  if (wait === undefined)
    throw new Error(`${to}: \`retryAfter\`: expected a length of time such as '5s', got ${shown(retryAfter)}`);
  const all: Field[] = Object.entries(fields);
  // HTTP counts it in whole seconds (RFC 9110 section 10.2.3).
  if (wait !== null) all.push(['Retry-After', String(Math.ceil(wait / 1_000_000))]);
  return {
    status: status as number,
    fields: all,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? utf8(body) : body }),
  };
}

/**
 * What of an event goes into the digest: its time, its node, its kind, and the numbers that identify its payload.
 * Content is identified by sequence number and checksum, so a corrupted byte changes the digest too.
 */
import type { Message } from '../src/services.ts';
import type { Instant } from '../src/time.ts';
import type { Payload } from '../src/transport.ts';
import { type Digest, nameCode } from './digest.ts';
import type { AnyEvent } from './kernel.ts';

const codes = new Map<string, number>();

/** Interned `nameCode`: types are few, events are many. */
function codeOf(name: string): number {
  let code = codes.get(name);
  if (code === undefined) {
    code = nameCode(name);
    codes.set(name, code);
  }
  return code;
}

/** Mixes one event into the digest; `timerCode` is the code of a timer's name, 0 for other events. */
export function identify(digest: Digest, at: Instant, node: number, event: AnyEvent, timerCode: number): void {
  digest.addWide(at);
  digest.add(node);
  if (timerCode !== 0) {
    digest.add(timerCode);
    digest.add((event as unknown as { key: number }).key);
    return;
  }
  const known = event as unknown as Known;
  switch (known.type) {
    case 'frame':
      digest.add(known.conn);
      identifyPayload(digest, known.payload);
      return;
    case 'message':
      identifyMessage(digest, known.message);
      return;
    case 'closed':
      digest.add(known.conn);
      digest.add((known.code << 12) ^ known.status);
      return;
    default:
      digest.add(codeOf(event.type));
      identifyFields(digest, event);
  }
}

type Known =
  | { readonly type: 'frame'; readonly conn: number; readonly payload: Payload }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'closed'; readonly conn: number; readonly code: number; readonly status: number };

function identifyPayload(digest: Digest, payload: Payload): void {
  switch (payload.type) {
    case 'DATA':
      digest.add(payload.stream);
      digest.add(payload.seq);
      digest.add(payload.chunk.sum);
      return;
    case 'ACK':
      digest.add(~payload.stream);
      digest.add(payload.seq);
      digest.addWide(payload.limit);
      return;
    case 'PING':
    case 'PONG':
      digest.add(payload.nonce);
      digest.add(payload.type.length === 4 && payload.type === 'PING' ? 1 : 2);
      return;
    default:
      digest.add(codeOf(payload.type));
      identifyFields(digest, payload);
  }
}

function identifyMessage(digest: Digest, message: Message): void {
  switch (message.type) {
    case 'append':
    case 'durable':
      digest.add(message.type === 'append' ? 3 : 4);
      digest.add(message.session);
      digest.add(message.stream);
      digest.add(message.seq);
      digest.add(message.chunk.sum);
      return;
    default:
      digest.add(codeOf(message.type));
      identifyFields(digest, message);
  }
}

/** Numbers, texts and lengths of lists, in the order in which the code writes them. For events that are not frequent. */
function identifyFields(digest: Digest, value: object): void {
  for (const name in value) {
    const field = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof field === 'number') digest.addWide(field);
    else if (typeof field === 'string') digest.add(codeOf(field));
    else if (Array.isArray(field)) digest.add(field.length);
    else if (field !== null && typeof field === 'object') identifyFields(digest, field);
    else digest.add(field === true ? 1 : 0);
  }
}

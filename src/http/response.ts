/** Responses as bytes: those of a server, and what a proxy says for a server that cannot. */
import { type Duration, seconds, ZERO } from '../time.ts';
import type { Response } from './endpoint.ts';
import { type Field, fieldOf } from './fields.ts';
import { head, statusText } from './head.ts';
import { bytesOf, joined } from './latin1.ts';

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** A response as bytes. What its fields say about its length is believed: a peer of a test may lie. */
export function responseBytes(
  { status, fields = [], body = NO_BYTES }: Response,
  keeps: boolean,
  isHead: boolean,
): Uint8Array {
  const said: Field[] = [...fields];
  const isBare = status < 200 || status === 204 || status === 304;
  const isTold = fieldOf(fields, 'content-length') !== null || fieldOf(fields, 'transfer-encoding') !== null;
  if (!isBare && !isTold) said.push(['Content-Length', String(body.length)]);
  if (fieldOf(fields, 'connection') === null) said.push(['Connection', keeps ? 'keep-alive' : 'close']);
  return joined(head(statusText(status), said), isHead || isBare ? NO_BYTES : body);
}

const SECOND = seconds(1);

/**
 * How a proxy turns a request away, and ends the connection: with a page for a person, as HAProxy and nginx do, so that a program
 * which takes every body for its own is found out. `retryAfter`: rounded up to whole seconds; 0 for no such field.
 */
export function turnedAway(status: number, why: string, retryAfter: Duration, isHead: boolean): Uint8Array {
  const title = statusText(status).slice('HTTP/1.1 '.length);
  const fields: Field[] = [
    ['Cache-Control', 'no-cache'],
    ['Content-Type', 'text/html'],
  ];
  if (retryAfter > ZERO) fields.push(['Retry-After', String(Math.ceil(retryAfter / SECOND))]);
  const body = bytesOf(`<html><body><h1>${title}</h1>\n${why}\n</body></html>\n`);
  return responseBytes({ status, fields, body }, false, isHead);
}

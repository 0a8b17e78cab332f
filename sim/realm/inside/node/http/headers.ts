/** Header fields as Node's programs see them: what may stand in one, and what several of one name become (`lib/_http_incoming.js`). */
import { coded } from '../errors.ts';
import type { Any } from '../loose.ts';

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const INVALID = /[^\t\x20-\x7e\x80-\xff]/;

export const isToken = (text: string): boolean => TOKEN.test(text);

export function validateHeaderName(name: Any, label = 'Header name'): void {
  if (typeof name !== 'string' || !TOKEN.test(name))
    throw coded(TypeError, 'ERR_INVALID_HTTP_TOKEN', `${label} must be a valid HTTP token ["${name}"]`);
}

export function validateHeaderValue(name: string, value: Any): void {
  if (value === undefined)
    throw coded(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "${value}" for header "${name}"`);
  if (INVALID.test(String(value)))
    throw coded(TypeError, 'ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`);
}

/** Of these the first counts, and others are dropped. */
const SINGLE = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

/** Adds one field to what a program sees as `headers`. */
export function addField(headers: Any, name: string, value: string, joinDuplicates: boolean): void {
  const key = name.toLowerCase();
  const before = headers[key];
  if (key === 'set-cookie') {
    if (before === undefined) headers[key] = [value];
    else before.push(value);
  } else if (before === undefined) headers[key] = value;
  else if (joinDuplicates || !SINGLE.has(key)) headers[key] = before + (key === 'cookie' ? '; ' : ', ') + value;
}

/** Whether a comma-separated list has a member, whatever its case. */
export const lists = (value: unknown, member: string): boolean =>
  typeof value === 'string' &&
  value
    .toLowerCase()
    .split(',')
    .some((each) => each.trim() === member);

/**
 * Extensions that are offered to a WebSocket server, without the compression of messages, which needs a zlib that does not
 * exist here: so it is never agreed upon, as with a proxy that does not know it.
 */
export const withoutDeflate = (offered: string): string =>
  offered
    .split(',')
    .filter((each) => !each.trim().startsWith('permessage-deflate'))
    .join(',')
    .trim();

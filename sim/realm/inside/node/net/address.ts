/** Addresses of TCP as Node's programs give them: hosts, ports, and the ways to hand them over. */
import { badType, coded } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';

/** Where everybody is: a realm has names, no addresses. */
export const NOWHERE = '127.0.0.1';

export function portOf(port: Any, name: string): number {
  const number = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  if (typeof number !== 'number') throw badType(name, 'one of type number or string', port);
  if (!(Number.isInteger(number) && number >= 0 && number < 65_536))
    throw coded(
      RangeError,
      'ERR_SOCKET_BAD_PORT',
      `${name} should be >= 0 and < 65536. Received type ${typeof port} (${port}).`,
    );
  return number;
}

/** What may be handed to `connect` and `listen`: options, or a port (and a host), or a path; then a callback. */
export function normalized(args: Any[]): [Any, Callback | null] {
  const list = Array.isArray(args[0]) ? args[0] : args;
  const [first, second] = list;
  const last = list.at(-1);
  const callback = typeof last === 'function' ? last : null;
  if (typeof first === 'object' && first !== null) return [first, callback];
  if (typeof first === 'string' && !/^\d+$/.test(first)) return [{ path: first }, callback];
  const options: Any = typeof first === 'function' ? {} : { port: first };
  if (typeof second === 'string') options.host = second;
  return [options, callback];
}

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
export const isIPv4 = (text: unknown): boolean => V4.test(String(text));
export const isIPv6 = (text: unknown): boolean => /^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*(?:%\w+)?$/i.test(String(text));

/** Errors as Node makes them: with a code, and what a system call that failed says. */
import type { Any } from './loose.ts';

type Kind = new (message: string) => Error;

/** `ERR_…` with its message: `name` stays that of its class, `toString` says the code, too. */
export function coded(kind: Kind, code: string, message: string): Error & { code: string } {
  const error = new kind(message) as Error & { code: string };
  Object.defineProperty(error, 'code', { value: code, writable: true, configurable: true, enumerable: true });
  Object.defineProperty(error, 'toString', {
    value: () => `${error.name} [${code}]: ${error.message}`,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return error;
}

/** What was handed over instead, as Node's messages end. */
function received(value: unknown): string {
  if (value === null || value === undefined) return ` Received ${value}`;
  if (typeof value === 'function') return ` Received function ${(value as { name: string }).name}`;
  if (typeof value === 'object') {
    const name = (value as Any).constructor?.name;
    return name ? ` Received an instance of ${name}` : ' Received an object';
  }
  const shown =
    typeof value === 'string' ? `'${value.length > 28 ? `${value.slice(0, 25)}...` : value}'` : String(value);
  return ` Received type ${typeof value} (${shown})`;
}

export const badType = (name: string, expected: string, value: unknown): Error => {
  const what = name.includes('.') ? 'property' : 'argument';
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${what} must be ${expected}.${received(value)}`);
};

export const badValue = (name: string, why: string, value: unknown): Error => {
  const what = name.includes('.') ? 'property' : 'argument';
  return coded(TypeError, 'ERR_INVALID_ARG_VALUE', `The ${what} '${name}' ${why}. Received ${String(value)}`);
};

export const outOfRange = (name: string, range: string, value: unknown): Error =>
  coded(
    RangeError,
    'ERR_OUT_OF_RANGE',
    `The value of "${name}" is out of range. It must be ${range}. Received ${String(value)}`,
  );

/** Linux's numbers, as Node negates them. */
const ERRNO: Readonly<Record<string, number>> = {
  EPIPE: -32,
  EADDRINUSE: -98,
  EADDRNOTAVAIL: -99,
  ECONNABORTED: -103,
  ECONNRESET: -104,
  ENOTCONN: -107,
  ETIMEDOUT: -110,
  ECONNREFUSED: -111,
  EHOSTUNREACH: -113,
  ENOTFOUND: -3008,
};

/** What a system call says that failed: `connect ECONNREFUSED 10.0.0.1:80`. */
export function systemError(code: string, syscall: string, address?: string, port?: number): Error {
  const where = address === undefined ? '' : port === undefined ? ` ${address}` : ` ${address}:${port}`;
  const error = new Error(`${syscall} ${code}${where}`) as Any;
  error.errno = ERRNO[code];
  error.code = code;
  error.syscall = syscall;
  if (address !== undefined) error.address = address;
  if (port !== undefined) error.port = port;
  return error;
}

/** A thing that a realm does not have: it says which, and who asked for it. */
export function absent(what: string, asker?: string): Error {
  const who = asker ? ` (asked for by ${asker})` : '';
  return coded(Error, 'ERR_NOT_IN_A_REALM', `${what} does not exist here: this process is simulated${who}`);
}

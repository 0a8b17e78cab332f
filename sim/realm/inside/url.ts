/**
 * URL and URLSearchParams (https://url.spec.whatwg.org): those of the package `whatwg-url`, which are the standard's own
 * reference. They bring tables of all scripts of the world, so they are made when somebody asks for them first; a URL of the
 * usual kind is understood without, because each socket has one.
 */
import { define, scope } from './inside.ts';

type Library = typeof import('whatwg-url');

/** What the platform itself needs of a URL. */
export interface Address {
  readonly href: string;
  /** `ws`, without its colon. */
  readonly scheme: string;
  readonly host: string;
  /** The host without its port. */
  readonly hostname: string;
  /** Empty for the scheme's own. */
  readonly port: string;
  /** Path and query, as a request asks for them. */
  readonly target: string;
  /** With its sign; empty for none. */
  readonly fragment: string;
  /** With user and password of it. */
  readonly credentials: string;
}

let library: Library | null = null;

/** esbuild puts the package into the boot script, and runs it where this is called first. */
declare const require: (name: 'whatwg-url') => Library;

function load(): Library {
  library ??= require('whatwg-url');
  return library;
}

const known = new Map<string, Address | null>();
const MOST_KNOWN = 200;

/** A URL, relative to `base`; null for what is none. */
export function addressOf(url: string, base: string): Address | null {
  const key = `${base} ${url}`;
  let address = known.get(key);
  if (address === undefined) {
    address = usual(url) ?? parsed(url, base);
    if (known.size === MOST_KNOWN) known.clear();
    known.set(key, address);
  }
  return address;
}

/** With a name for a host whose last label is no number, and nothing that would be encoded or resolved. */
const USUAL =
  /^(wss?|https?):\/\/((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?)(?::([1-9]\d{0,4}))?(\/[\w\-~!$&'()*+,;=:@/]*(?:\.[\w\-~!$&'()*+,;=:@]+)*)?(\?[\w\-.~!$&()*+,;=:@/?%]*)?$/;

const OWN_PORT: Readonly<Record<string, string>> = { ws: '80', http: '80', wss: '443', https: '443' };

function usual(url: string): Address | null {
  const found = USUAL.exec(url);
  if (found === null) return null;
  const [, scheme = '', hostname = '', given = '', path = '/', query = ''] = found;
  if (hostname.includes('xn--') || Number(given) > 65_535) return null;
  const port = given === OWN_PORT[scheme] ? '' : given;
  const host = port === '' ? hostname : `${hostname}:${port}`;
  const target = path + query;
  return { href: `${scheme}://${host}${target}`, scheme, host, hostname, port, target, fragment: '', credentials: '' };
}

function parsed(url: string, base: string): Address | null {
  const { parseURL, serializeURL, serializeHost, serializePath } = load();
  const from = parseURL(base);
  const record = parseURL(url, from === null ? {} : { baseURL: from });
  if (record === null) return null;
  const hostname = record.host === null ? '' : serializeHost(record.host);
  const port = record.port === null ? '' : `${record.port}`;
  return {
    href: serializeURL(record),
    scheme: record.scheme,
    host: port === '' ? hostname : `${hostname}:${port}`,
    hostname,
    port,
    target: serializePath(record) + (record.query === null ? '' : `?${record.query}`),
    fragment: record.fragment === null ? '' : `#${record.fragment}`,
    credentials: record.username === '' && record.password === '' ? '' : `${record.username}:${record.password}`,
  };
}

/** The same address under another scheme, which is special, too. */
export function withScheme(address: Address, scheme: string): Address {
  const { target, fragment, credentials, hostname } = address;
  const given = address.port === '' ? OWN_PORT[address.scheme] : address.port;
  const port = given === OWN_PORT[scheme] ? '' : (given as string);
  const host = port === '' ? hostname : `${hostname}:${port}`;
  const user = credentials === '' ? '' : `${credentials.replace(/:$/, '')}@`;
  return { ...address, scheme, port, host, href: `${scheme}://${user}${host}${target}${fragment}` };
}

/** `http://server:8080`. */
export const originOf = ({ scheme, host }: Address): string => `${scheme}://${host}`;

export function installUrl(): void {
  for (const name of ['URL', 'URLSearchParams'] as const)
    Object.defineProperty(scope, name, {
      get: () => {
        define(name, load()[name]);
        return load()[name];
      },
      set: (value: unknown) => define(name, value),
      configurable: true,
      enumerable: false,
    });
}

/** What `URLSearchParams` is, where somebody has ever asked for it. */
export const isSearchParams = (value: unknown): boolean => library !== null && value instanceof library.URLSearchParams;

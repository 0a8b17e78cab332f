/** `url`: the global `URL`, files as URLs, and the old `parse`, `format` and `resolve` (`lib/url.js`). */
import { badType, coded } from './errors.ts';
import type { Any } from './loose.ts';
import { querystring } from './querystring.ts';

const scope = globalThis as Any;

const SLASHED = new Set(['http:', 'https:', 'ftp:', 'gopher:', 'file:', 'ws:', 'wss:']);

/** What `url.parse` makes: the parts as they stand, and null for what is not there. */
export class Url {
  protocol: string | null = null;
  slashes: boolean | null = null;
  auth: string | null = null;
  host: string | null = null;
  port: string | null = null;
  hostname: string | null = null;
  hash: string | null = null;
  search: string | null = null;
  query: Any = null;
  pathname: string | null = null;
  path: string | null = null;
  href = '';

  parse(text: string, parseQuery = false, slashesDenoteHost = false): this {
    if (typeof text !== 'string') throw badType('url', 'of type string', text);
    let rest = text.trim();
    const cut = rest.search(/[?#]/);
    const head = cut < 0 ? rest : rest.slice(0, cut);
    rest = head.replaceAll('\\', '/') + (cut < 0 ? '' : rest.slice(cut));
    const scheme = /^([a-z0-9.+-]+:)/i.exec(rest);
    if (scheme !== null) {
      this.protocol = (scheme[1] as string).toLowerCase();
      rest = rest.slice((scheme[1] as string).length);
    }
    const slashes = rest.startsWith('//') && (slashesDenoteHost || scheme !== null || /^\/\/[^@/]+@[^@/]+/.test(rest));
    if (slashes && this.protocol !== 'javascript:') {
      this.slashes = true;
      rest = rest.slice(2);
      const end = rest.search(/[/?#]/);
      this.#authority(end < 0 ? rest : rest.slice(0, end));
      rest = end < 0 ? '' : rest.slice(end);
    }
    const hash = rest.indexOf('#');
    if (hash >= 0) {
      this.hash = rest.slice(hash);
      rest = rest.slice(0, hash);
    }
    const query = rest.indexOf('?');
    if (query >= 0) {
      this.search = rest.slice(query);
      this.query = parseQuery ? querystring.parse(rest.slice(query + 1)) : rest.slice(query + 1);
      rest = rest.slice(0, query);
    } else if (parseQuery) {
      this.search = null;
      this.query = Object.create(null);
    }
    if (rest !== '') this.pathname = rest.replace(/[\s"<>`{}|\\^]/g, (each) => encodeURIComponent(each));
    if (this.protocol !== null && SLASHED.has(this.protocol) && this.hostname && !this.pathname) this.pathname = '/';
    if (this.pathname !== null || this.search !== null) this.path = (this.pathname ?? '') + (this.search ?? '');
    this.href = this.format();
    return this;
  }

  #authority(text: string): void {
    const at = text.lastIndexOf('@');
    if (at >= 0) this.auth = decodeURIComponent(text.slice(0, at));
    const host = text.slice(at + 1);
    const port = /:(\d*)$/.exec(host);
    if (port?.[1]) this.port = port[1];
    const name = port === null ? host : host.slice(0, -port[0].length);
    this.hostname = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
    this.host =
      (name.startsWith('[') ? `[${this.hostname}]` : this.hostname) + (this.port === null ? '' : `:${this.port}`);
  }

  format(): string {
    const auth = this.auth ? `${encodeURIComponent(this.auth).replace(/%3A/i, ':')}@` : '';
    let protocol = this.protocol ?? '';
    if (protocol !== '' && !protocol.endsWith(':')) protocol += ':';
    let pathname = (this.pathname ?? '').replace(/[?#]/g, (each) => encodeURIComponent(each));
    let host: string | null = null;
    if (this.host) host = auth + this.host;
    else if (this.hostname) {
      const name = this.hostname.includes(':') && !this.hostname.startsWith('[') ? `[${this.hostname}]` : this.hostname;
      host = auth + name + (this.port ? `:${this.port}` : '');
    }
    let search = this.search ?? '';
    if (search === '' && typeof this.query === 'object' && this.query !== null) {
      const query = querystring.stringify(this.query);
      if (query !== '') search = `?${query}`;
    }
    if (search !== '' && !search.startsWith('?')) search = `?${search}`;
    let hash = this.hash ?? '';
    if (hash !== '' && !hash.startsWith('#')) hash = `#${hash}`;
    let slashes = '';
    if (this.slashes || ((protocol === '' || SLASHED.has(protocol)) && host !== null)) {
      slashes = '//';
      if (pathname !== '' && !pathname.startsWith('/')) pathname = `/${pathname}`;
    }
    return protocol + slashes + (host ?? '') + pathname + search.replaceAll('#', '%23') + hash;
  }
}

const parse = (text: Any, parseQuery?: boolean, slashesDenoteHost?: boolean): Url =>
  text instanceof Url ? text : new Url().parse(text, parseQuery, slashesDenoteHost);

function format(what: Any, options: Any = {}): string {
  if (typeof what === 'string') return parse(what).format();
  if (typeof what !== 'object' || what === null) throw badType('urlObject', 'one of type string or Object', what);
  if (!(what instanceof scope.URL)) return Url.prototype.format.call(Object.assign(new Url(), what));
  const { auth = true, fragment = true, search = true } = options;
  const login = auth && what.username ? `${what.username}${what.password ? `:${what.password}` : ''}@` : '';
  const host = what.host ? `//${login}${what.host}` : '';
  return what.protocol + host + what.pathname + (search ? what.search : '') + (fragment ? what.hash : '');
}

/** As RFC 3986 resolves references, by the global URL. */
function resolve(from: string, to: string): string {
  const base = 'resolve://relative';
  const resolved = new scope.URL(to, new scope.URL(from, `${base}/`));
  if (resolved.href.startsWith(base)) {
    const path = resolved.href.slice(base.length);
    return from.startsWith('/') || to.startsWith('/') ? path : path.slice(1);
  }
  return resolved.href;
}

function fileURLToPath(from: Any): string {
  const url = typeof from === 'string' ? new scope.URL(from) : from;
  if (!(url instanceof scope.URL)) throw badType('path', 'of type string or an instance of URL', from);
  if (url.protocol !== 'file:') throw coded(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file');
  if (url.hostname !== '')
    throw coded(TypeError, 'ERR_INVALID_FILE_URL_HOST', 'File URL host must be "localhost" or empty on linux');
  if (/%2f/i.test(url.pathname))
    throw coded(TypeError, 'ERR_INVALID_FILE_URL_PATH', 'File URL path must not include encoded / characters');
  return decodeURIComponent(url.pathname);
}

function pathToFileURL(path: string): Any {
  const absolute = path.startsWith('/') ? path : `/app/${path}`;
  const url = new scope.URL('file:///');
  url.pathname = absolute.replace(/[%\\\n\r\t?#]/g, (each) => encodeURIComponent(each));
  return url;
}

const urlToHttpOptions = (url: Any): Any => ({
  protocol: url.protocol,
  hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
  hash: url.hash,
  search: url.search,
  pathname: url.pathname,
  path: `${url.pathname}${url.search}`,
  href: url.href,
  ...(url.port === '' ? {} : { port: Number(url.port) }),
  ...(url.username || url.password
    ? { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }
    : {}),
});

export const url: Any = {
  Url,
  parse,
  format,
  resolve,
  resolveObject: (from: Any, to: string) => parse(resolve(format(from), to)),
  fileURLToPath,
  pathToFileURL,
  urlToHttpOptions,
  domainToASCII: (domain: string) => {
    try {
      return new scope.URL(`http://${domain}`).hostname;
    } catch {
      return '';
    }
  },
  domainToUnicode: (domain: string) => domain,
  get URL() {
    return scope.URL;
  },
  get URLSearchParams() {
    return scope.URLSearchParams;
  },
};
export { urlToHttpOptions };
export default url;

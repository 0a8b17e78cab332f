/** A request of a page: what `fetch` does behind the wall, each time on a connection of its own, with the redirects that it follows. */
import type { RequestSaid } from '../../src/http/endpoint.ts';
import { type Field, fieldOf } from '../../src/http/fields.ts';
import { httpRequest } from '../../src/http/request.ts';
import type { Handle } from '../realm/host.ts';
import type { ByteStream } from './byte-stream.ts';
import type { Connection, Surroundings } from './page.ts';

export interface Asked {
  readonly handle: Handle;
  readonly method: string;
  readonly url: string;
  /** Lines `name: value`. */
  readonly headers: string;
  readonly body: Uint8Array | null;
  readonly redirect: string;
}

export interface PageRequest extends Connection {
  abort(): void;
}

/** https://fetch.spec.whatwg.org/#concept-http-redirect-fetch */
const MOST_REDIRECTS = 20;
const REDIRECTS = [301, 302, 303, 307, 308];
const SAFE = ['GET', 'HEAD'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant.
const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/g;
const NO_BYTES = new Uint8Array(0);

export function pageRequest(
  around: Omit<Surroundings, 'handshakes'>,
  stream: ByteStream,
  asked: Asked,
  /** Goes on with another request, in the same one's name. */
  follow: (next: Asked, count: number) => void,
  count = 0,
): PageRequest {
  const { life, tell, origin, over } = around;
  const { handle, method, url, headers, body, redirect } = asked;
  const given = fieldsOf(headers);
  const http = httpRequest({ method, url, fields: [...given, ...usual(asked, given, origin)], body });

  const failed = (): void =>
    tell(() => {
      over(handle);
      life.port.fetched(handle, 0, '', url, '', NO_BYTES);
    });
  const answered = (said: RequestSaid & { type: 'answered' }): void => {
    const { status, reason, fields } = said;
    if (REDIRECTS.includes(status) && redirect !== 'manual') {
      const location = fieldOf(fields, 'location');
      if (redirect === 'error') {
        failed();
        return;
      }
      // One that leads nowhere is an answer like others.
      if (location !== null) {
        const next = count === MOST_REDIRECTS ? null : redirected(asked, location, status);
        if (next === null) failed();
        else follow(next, count + 1);
        return;
      }
    }
    tell(() => {
      over(handle);
      const text = fields.map(([name, value]) => `${name}: ${value}`).join('\n');
      life.port.fetched(handle, status, reason, url, text, said.body);
    });
  };
  const carryOut = (said: readonly RequestSaid[]): void => {
    for (const each of said)
      if (each.type === 'answered') answered(each);
      else if (each.type === 'failed') failed();
      else stream.do(each);
  };

  life.emit({ type: 'dial', conn: stream.conn, to: url, over: 'bytes' });
  const leave = (): void => {
    for (const each of http.abort()) if (each.type === 'terminate') stream.do(each);
    stream.over();
  };
  return {
    stream,
    connected: () => carryOut(http.connected()),
    received: (bytes) => carryOut(http.received(bytes)),
    kept() {},
    overdue() {},
    ended: (clean, why) => carryOut(http.ended(clean, why)),
    abort: leave,
    leave,
  };
}

const fieldsOf = (text: string): readonly Field[] =>
  text === ''
    ? []
    : text.split('\n').map((line) => {
        const colon = line.indexOf(':');
        // A browser sends control characters, which servers refuse; a space stands for them, since nobody wants one.
        return [line.slice(0, colon), line.slice(colon + 2).replace(CONTROLS, ' ')];
      });

/** What a browser adds, as far as a server may look at it. */
function usual({ method, url }: Asked, given: readonly Field[], origin: string): readonly Field[] {
  const more: Field[] = [];
  // A process that is no page has no origin, and says what undici does.
  if (origin === '') {
    const said: readonly Field[] = [
      ['accept', '*/*'],
      ['accept-language', '*'],
      ['sec-fetch-mode', 'cors'],
      ['user-agent', 'node'],
    ];
    return said.filter(([name]) => fieldOf(given, name) === null);
  }
  if (fieldOf(given, 'accept') === null) more.push(['Accept', '*/*']);
  if (new URL(url).origin !== origin || !SAFE.includes(method)) more.push(['Origin', origin]);
  more.push(['Referer', `${origin}/`]);
  return more;
}

/** The request that a redirect leads to; null where it leads nowhere. */
function redirected(asked: Asked, location: string, status: number): Asked | null {
  const { method, url, headers } = asked;
  const to = URL.canParse(location, url) ? new URL(location, url) : null;
  if (to === null || !/^https?:$/.test(to.protocol)) return null;
  const becomesGet = status === 303 ? !SAFE.includes(method) : status <= 302 && method === 'POST';
  const isAway = to.origin !== new URL(url).origin;
  const kept = fieldsOf(headers).filter(
    ([name]) => !(becomesGet && /^content-/i.test(name)) && !(isAway && /^authorization$/i.test(name)),
  );
  return {
    ...asked,
    url: to.href,
    method: becomesGet ? 'GET' : method,
    body: becomesGet ? null : asked.body,
    headers: kept.map(([name, value]) => `${name}: ${value}`).join('\n'),
  };
}

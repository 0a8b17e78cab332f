/** The opening handshake of a WebSocket (RFC 6455 section 4): what both sides write, and what each checks of the other. */
import { addressOf } from './address.ts';
import type { Request } from './endpoint.ts';
import { countOf, type Field, fieldOf, isToken, listOf, lists } from './fields.ts';
import { head, type StatusLine, statusText } from './head.ts';
import { bytesOf } from './latin1.ts';
import { base64, put, sha1 } from './sha1.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The last one that was computed: a client checks what its server has just said. */
let last = { key: '', accept: '' };

/** `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`. */
export function acceptOf(key: string): string {
  if (last.key !== key) last = { key, accept: base64(sha1(bytesOf(key + GUID))) };
  return last.accept;
}

/** A key: 16 bytes of four 32-bit draws. */
export function keyOf(draw: () => number): string {
  const bytes = new Uint8Array(16);
  for (let at = 0; at < 16; at += 4) put(bytes, at, draw());
  return base64(bytes);
}

export interface Asked {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly origin: string | null;
  readonly fields: readonly Field[];
  readonly key: string;
}

/** A client's request, with the fields of a browser in the order that Chromium has them in. It offers no extension. */
export function upgradeRequest({ url, protocols, origin, fields, key }: Asked): Uint8Array {
  const { host, target } = addressOf(url);
  const said: Field[] = [
    ['Host', host],
    ['Connection', 'Upgrade'],
    ['Pragma', 'no-cache'],
    ['Cache-Control', 'no-cache'],
    ...fields,
    ['Upgrade', 'websocket'],
  ];
  if (origin !== null) said.push(['Origin', origin]);
  said.push(['Sec-WebSocket-Version', '13'], ['Sec-WebSocket-Key', key]);
  if (protocols.length > 0) said.push(['Sec-WebSocket-Protocol', protocols.join(', ')]);
  return head(`GET ${target} HTTP/1.1`, said);
}

/** A server's answer. */
export function upgradeAnswer(key: string, protocol: string, fields: readonly Field[]): Uint8Array {
  const said: Field[] = [
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Accept', acceptOf(key)],
  ];
  if (protocol !== '') said.push(['Sec-WebSocket-Protocol', protocol]);
  return head(statusText(101), [...said, ...fields]);
}

/** What a client makes of an answer: the subprotocol, or why it fails, as Chromium says it (`websocket_basic_handshake_stream.cc`). */
export function judgeAnswer(
  { status }: StatusLine,
  fields: readonly Field[],
  { key, protocols }: Pick<Asked, 'key' | 'protocols'>,
): { readonly protocol: string } | { readonly why: string } {
  if (status !== 101) return { why: `Unexpected response code: ${status}` };
  const upgrade = single(fields, 'Upgrade');
  if (typeof upgrade !== 'string') return upgrade;
  if (upgrade.toLowerCase() !== 'websocket') return { why: `'Upgrade' header value is not 'WebSocket': ${upgrade}` };
  const accept = single(fields, 'Sec-WebSocket-Accept');
  if (typeof accept !== 'string') return accept;
  if (accept !== acceptOf(key)) return { why: "Incorrect 'Sec-WebSocket-Accept' header value" };
  const connection = fieldOf(fields, 'connection');
  if (connection === null) return { why: "'Connection' header is missing" };
  if (!lists(connection, 'upgrade')) return { why: "'Connection' header value must contain 'Upgrade'" };
  const chosen = countOf(fields, 'sec-websocket-protocol');
  const protocol = fieldOf(fields, 'sec-websocket-protocol') ?? '';
  if (chosen > 1) return { why: SEVERAL('Sec-WebSocket-Protocol') };
  if (chosen === 1 && protocols.length === 0)
    return { why: `Response must not include 'Sec-WebSocket-Protocol' header if not present in request: ${protocol}` };
  if (chosen === 1 && !protocols.includes(protocol))
    return { why: `'Sec-WebSocket-Protocol' header value '${protocol}' in response does not match any of sent values` };
  if (chosen === 0 && protocols.length > 0)
    return { why: "Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received" };
  const extensions = fieldOf(fields, 'sec-websocket-extensions') ?? '';
  if (extensions !== '')
    return {
      why: `Found an unsupported extension '${listOf(extensions)[0] ?? ''}' in 'Sec-WebSocket-Extensions' header`,
    };
  return { protocol };
}

const SEVERAL = (name: string): string => `'${name}' header must not appear more than once in a response`;

function single(fields: readonly Field[], name: string): string | { readonly why: string } {
  const value = fieldOf(fields, name.toLowerCase());
  if (value === null) return { why: `'${name}' header is missing` };
  return countOf(fields, name.toLowerCase()) > 1 ? { why: SEVERAL(name) } : value;
}

/** An upgrade as its server understands it. */
export interface Upgrade {
  readonly key: string;
  readonly protocols: readonly string[];
  readonly origin: string;
}

export interface Refusal {
  readonly status: number;
  readonly fields: readonly Field[];
  readonly why: string;
}

/** Whether a request asks for a WebSocket at all. */
export const asksForWebSocket = ({ fields }: Request): boolean =>
  lists(fieldOf(fields, 'upgrade'), 'websocket') && lists(fieldOf(fields, 'connection'), 'upgrade');

/** What a server makes of a request that asks for one (section 4.2.1): the upgrade, or how it is refused. */
export function judgeUpgrade({ method, fields }: Request, minor: number): Upgrade | Refusal {
  const bad = (why: string): Refusal => ({ status: 400, fields: [], why });
  if (method !== 'GET')
    return { status: 405, fields: [['Allow', 'GET']], why: 'an upgrade by another method than GET' };
  if (minor < 1) return bad('an upgrade over HTTP/1.0');
  if (fieldOf(fields, 'host') === null) return bad('an upgrade without Host');
  const version = fieldOf(fields, 'sec-websocket-version');
  if (version !== '13')
    return {
      status: 426,
      fields: [
        ['Sec-WebSocket-Version', '13'],
        ['Upgrade', 'websocket'],
      ],
      why: 'an upgrade to another version than 13',
    };
  const key = fieldOf(fields, 'sec-websocket-key');
  // 16 bytes, of which the last sixth of base64 has but two bits.
  if (key === null || !/^[+/0-9A-Za-z]{21}[AQgw]==$/.test(key)) return bad('an upgrade without a key of 16 bytes');
  const offered = fieldOf(fields, 'sec-websocket-protocol');
  const protocols = offered === null ? [] : listOf(offered);
  const isSound = protocols.every((each, place) => isToken(each) && protocols.indexOf(each) === place);
  if (!isSound || (offered !== null && protocols.length === 0)) return bad('an upgrade with unsound subprotocols');
  return { key, protocols, origin: fieldOf(fields, 'origin') ?? '' };
}

/**
 * What a machine asks of its sockets, looked at as a browser and a proxy would. Wrong use is an error of the machine: it
 * throws, and says whose it is, what was asked for, and what is expected.
 */
import type { Few } from '../../src/few.ts';
import type { NodeId } from '../../src/machine.ts';
import type { TransportEffect } from '../../src/transport.ts';
import type { Node } from './kernel.ts';

/** Effects of some types. */
export type Of<T extends TransportEffect['type']> = Extract<TransportEffect, { readonly type: T }>;

/** A mistake of `node`. */
const wrong = (node: Node, does: string, expected: string): Error => new Error(`${node.id} ${does}: ${expected}`);

/** What a dial asks for: the node that it leads to, among the links `within` reach, by where they lead, and the URL, if there is one. */
export function resolve(
  node: Node,
  { to, url, over, origin, protocols }: Of<'dial'>,
  within: Few<NodeId, Node>,
): { readonly to: NodeId; readonly url: string | undefined } {
  if (over === 'bytes' && (origin !== undefined || protocols !== undefined))
    throw wrong(node, `dials ${to}`, 'raw bytes have no handshake to carry an origin or protocols');
  if (protocols !== undefined) checkProtocols(node, protocols);
  if (within.has(to)) {
    if (url !== undefined) hostOf(node, url, over);
    return { to, url };
  }
  if (!to.includes(':'))
    throw wrong(
      node,
      `dials ${to}`,
      `no link leads from it to a node of that name, but to ${listed([...within.keys()])}`,
    );
  const host = hostOf(node, to, over);
  const known: string[] = [];
  for (const [id, { ends }] of within) {
    const hosts = hostsOf((ends as readonly [Node, Node])[1]);
    if (hosts.includes(host.host) || hosts.includes(host.hostname)) return { to: id, url: url ?? to };
    known.push(`${id} (${hosts.join(', ')})`);
  }
  throw wrong(
    node,
    `dials ${to}`,
    `no node that it has a link to is called ${host.host}, only ${listed(known)}; \`hosts\` says which names lead where`,
  );
}

/** Host names are compared as a URL has them, in lower case. */
const hostsOf = ({ id, spec }: Node): readonly string[] => (spec.hosts ?? [id]).map((name) => name.toLowerCase());

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

/** A WebSocket's URL, by the rules of its constructor (WHATWG WebSockets, section 3.1); raw bytes may have any scheme. */
function hostOf(node: Node, url: string, over: Of<'dial'>['over']): Pick<URL, 'host' | 'hostname'> {
  if (over === 'bytes' && url === last.url) return last;
  if (!URL.canParse(url)) throw wrong(node, `dials ${url}`, 'expected a URL, such as wss://host/path?query');
  const { protocol, host, hostname, hash } = new URL(url);
  if (over === 'bytes') {
    last = { url, host, hostname };
    return last;
  }
  if (!SCHEMES.includes(protocol))
    throw wrong(node, `dials ${url}`, `a WebSocket has ${SCHEMES.join(', ')}, not ${protocol}`);
  if (hash !== '' || url.endsWith('#')) throw wrong(node, `dials ${url}`, 'the URL of a WebSocket has no fragment');
  return { host, hostname };
}

/** Whoever reconnects dials the same one again. */
let last = { url: '', host: '', hostname: '' };

const SCHEMES: readonly string[] = ['ws:', 'wss:', 'http:', 'https:'];

/** Subprotocols are tokens, none of them twice (RFC 6455 section 4.1, 10). */
function checkProtocols(node: Node, protocols: readonly string[]): void {
  const bad = protocols.find((name) => !TOKEN.test(name));
  if (bad !== undefined) throw wrong(node, `offers the subprotocol ${JSON.stringify(bad)}`, 'expected a token of HTTP');
  const twice = protocols.find((name, i) => protocols.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(node, `offers the subprotocol ${twice} twice`, 'expected each once');
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Text that is sent as binary, or bytes as text. */
export function checkBinary(node: Node, { payload, binary }: Of<'send'>): void {
  if (typeof payload === 'string' && binary === true)
    throw wrong(node, 'sends text as binary', 'expected bytes (a Uint8Array), or no `binary`');
  if (ArrayBuffer.isView(payload) && binary === false)
    throw wrong(node, 'sends bytes as text', 'expected a string, or no `binary: false`');
}

/** A control frame: on a WebSocket, and short. */
export function checkControl(node: Node, { type, data = '' }: Of<'ping' | 'pong'>, over: string | undefined): void {
  if (node.spec.page !== undefined) throw wrong(node, `sends a ${type}`, 'a page cannot, its browser answers pings');
  if (over === 'bytes') throw wrong(node, `sends a ${type}`, 'raw bytes have none, a WebSocket has');
  const bytes = new TextEncoder().encode(data).length;
  if (bytes > CONTROL_MOST)
    throw wrong(node, `sends a ${type} of ${bytes} bytes`, `at most ${CONTROL_MOST} fit into one`);
}

/** RFC 6455 section 5.5. */
const CONTROL_MOST = 125;

export function checkDrain(node: Node, { below = 0 }: Of<'drain'>): void {
  if (!Number.isSafeInteger(below) || below < 0)
    throw wrong(node, `asks when no more than ${below} bytes are buffered`, 'expected a whole number, 0 or more');
}

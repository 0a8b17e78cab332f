/**
 * Our endpoints over real sockets, against what nobody here wrote: the `ws` package at the other end, in both roles, and Node's
 * own HTTP. What either side sees must be what it sees of its own kind.
 */
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { webSocketClient } from '../../src/http/client.ts';
import type { ClientSaid, HttpRequest, RequestSaid, ServerConnection, ServerSaid } from '../../src/http/endpoint.ts';
import { httpRequest } from '../../src/http/request.ts';
import { serverConnection } from '../../src/http/server.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const port = (server: { address(): AddressInfo | string | null }): number => (server.address() as AddressInfo).port;

let drawn = 1;
const draw = (): number => {
  drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) >>> 0;
  return drawn;
};

type Said = ClientSaid | ServerSaid | RequestSaid;

/** Does what an endpoint asks of its connection; the rest it says is noted. */
function carry(socket: Socket, said: readonly Said[], heard: Said[]): void {
  for (const each of said) {
    if (each.type === 'write') socket.write(each.bytes);
    else if (each.type === 'end') socket.end();
    else if (each.type === 'terminate') {
      if (each.how === 'rst') socket.resetAndDestroy();
      else socket.destroySoon();
    } else if (each.type !== 'wait' && each.type !== 'drain') heard.push(each);
  }
}

/** Puts an endpoint on a socket; bytes that come are handed over in pieces of `grain`. */
function put(
  socket: Socket,
  endpoint: Pick<HttpRequest, 'received' | 'ended'> | Pick<ServerConnection, 'received' | 'ended'>,
  heard: Said[],
  grain: number,
  after: () => void,
): void {
  const say = (said: readonly Said[]): void => {
    carry(socket, said, heard);
    after();
  };
  socket.on('data', (data) => {
    for (let at = 0; at < data.length; at += grain)
      say(endpoint.received(new Uint8Array(data.subarray(at, at + grain))));
  });
  socket.on('end', () => say(endpoint.ended(true, '')));
  socket.on('error', () => say(endpoint.ended(false, 'reset')));
}

const LONG = 'ä€😀'.repeat(9_000);
const MESSAGES = ['', 'hello', 'ä€😀', 'x'.repeat(125), 'y'.repeat(126), 'z'.repeat(65_535), 'w'.repeat(65_536), LONG];

describe.each([1, 7, 100_000])('in pieces of %i bytes', (grain) => {
  test('a client of ours talks to a server of `ws`, and both see the same close', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'b' });
    closers.push(() => server.close());
    const theirs: unknown[] = [];
    server.on('connection', (peer) => {
      peer.on('message', (data, isBinary) => peer.send(isBinary ? data : String(data)));
      peer.on('close', (code, reason) => theirs.push([code, String(reason)]));
      peer.ping('are you there?');
      peer.on('pong', (data) => theirs.push(String(data)));
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `ws://127.0.0.1:${port(server)}/chat?a=b`;
    const client = webSocketClient({ url, protocols: ['a', 'b'], origin: 'http://x', draw });
    const heard: Said[] = [];
    const socket = connect(port(server), '127.0.0.1');
    await new Promise<void>((resolve) => {
      socket.on('connect', () => carry(socket, client.connected(), heard));
      let sent = false;
      put(socket, client as never, heard, grain, () => {
        if (!sent && heard.some(({ type }) => type === 'opened')) {
          sent = true;
          for (const text of MESSAGES) carry(socket, client.send(text), heard);
          carry(socket, client.send(Uint8Array.of(1, 2, 255)), heard);
        }
        const got = heard.filter(({ type }) => type === 'message').length;
        if (got === MESSAGES.length + 1) carry(socket, client.close(4321, 'enough ä'), heard);
        if (heard.some(({ type }) => type === 'closed')) resolve();
      });
    });
    expect(heard).toEqual([
      { type: 'opened', protocol: 'b' },
      ...MESSAGES.map((data) => ({ type: 'message', data })),
      { type: 'message', data: Uint8Array.of(1, 2, 255) },
      { type: 'closed', code: 4321, reason: 'enough ä', clean: true, failed: false, status: 101, why: '' },
    ]);
    expect(theirs).toEqual(['are you there?', [4321, 'enough ä']]);
  });
});

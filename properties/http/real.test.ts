/**
 * Our endpoints over real sockets, against what nobody here wrote: the `ws` package at the other end, in both roles, and Node's
 * own HTTP. What either side sees must be what it sees of its own kind.
 */
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
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
    let seen = () => {};
    const closed = new Promise<void>((resolve) => {
      seen = resolve;
    });
    server.on('connection', (peer) => {
      peer.on('message', (data, isBinary) => peer.send(isBinary ? data : String(data)));
      peer.on('close', (code, reason) => {
        theirs.push([code, String(reason)]);
        seen();
      });
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
    await closed;
    expect(theirs).toEqual(['are you there?', [4321, 'enough ä']]);
  });

  test('a server of ours talks to a client of `ws`, and both see the same close', async () => {
    const heard: Said[] = [];
    const url = await serve(heard, grain, (server, said) => {
      if (said.type === 'upgrade') return server.accept({ protocol: 'b' });
      if (said.type === 'message') return server.send(said.data, [3, 0, 50]);
      return [];
    });
    const peer = new WebSocket(`${url.replace('http', 'ws')}/chat?a=b`, ['a', 'b'], { origin: 'http://x' });
    const theirs: unknown[] = [];
    await new Promise<void>((resolve) => {
      peer.on('open', () => {
        theirs.push(peer.protocol);
        peer.ping('you?');
        for (const text of MESSAGES) peer.send(text);
        peer.send(Uint8Array.of(1, 2, 255));
      });
      peer.on('message', (data, isBinary) => {
        theirs.push(isBinary ? new Uint8Array(data as Buffer) : String(data));
        if (theirs.length === MESSAGES.length + 3) peer.close(4321, 'enough ä');
      });
      peer.on('pong', (data) => theirs.push(`pong ${data}`));
      peer.on('close', (code, reason) => {
        theirs.push([code, String(reason)]);
        resolve();
      });
    });
    expect(theirs).toEqual(['b', 'pong you?', ...MESSAGES, Uint8Array.of(1, 2, 255), [4321, 'enough ä']]);
    expect(heard.map(({ type }) => type)).toEqual([
      'upgrade',
      'ping',
      ...Array(MESSAGES.length + 1).fill('message'),
      'closing',
      'closed',
    ]);
    expect(heard.at(-1)).toMatchObject({ code: 4321, reason: 'enough ä', clean: true, failed: false });
  });

  test('a request of ours is answered by a server of Node, with a length, in chunks, or up to the end', async () => {
    const server = createServer((asked, answer) => {
      asked.setEncoding('latin1');
      let body = '';
      asked.on('data', (data) => {
        body += data;
      });
      asked.on('end', () => {
        const text = `${asked.method} ${asked.url} ${asked.headers['x-mine']} ${body}`;
        if (asked.url === '/length') answer.setHeader('Content-Length', text.length);
        if (asked.url === '/end') answer.useChunkedEncodingByDefault = false;
        answer.write(text.slice(0, 9));
        setTimeout(() => answer.end(text.slice(9)), 5);
      });
    }).listen(0, '127.0.0.1');
    closers.push(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    for (const path of ['length', 'chunks', 'end']) {
      const ours = httpRequest({
        method: 'POST',
        url: `http://127.0.0.1:${port(server)}/${path}`,
        fields: [['X-Mine', 'yes']],
        body: Uint8Array.of(65, 66, 67),
      });
      const heard: Said[] = [];
      const socket = connect(port(server), '127.0.0.1');
      await new Promise<void>((resolve) => {
        socket.on('connect', () => carry(socket, ours.connected(), heard));
        put(socket, ours, heard, grain, () => heard.length > 0 && resolve());
      });
      const [said] = heard as [RequestSaid & { type: 'answered' }];
      expect([said.type, said.status, String(Buffer.from(said.body))]).toEqual([
        'answered',
        200,
        `POST /${path} yes ABC`,
      ]);
    }
  });

  test('a server of ours answers two requests of a client of Node on one connection, and then refuses an upgrade', async () => {
    const heard: Said[] = [];
    const url = await serve(heard, grain, (server, said) => {
      if (said.type === 'request')
        return server.respond({ status: 201, fields: [['X-Your', said.target]], body: said.body });
      if (said.type === 'upgrade') return server.respond({ status: 429, fields: [['Retry-After', '7']] });
      return [];
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    closers.push(() => agent.destroy());
    for (const path of ['/one', '/two']) {
      const answer = await new Promise<IncomingMessage>((resolve) => {
        request(`${url}${path}`, { agent, method: 'PUT' }, resolve).end('x'.repeat(3_000));
      });
      let body = '';
      for await (const data of answer) body += data;
      expect([answer.statusCode, answer.headers['x-your'], body.length]).toEqual([201, path, 3_000]);
    }
    expect(heard.map(({ type }) => type)).toEqual(['request', 'request']);
    const peer = new WebSocket(url.replace('http', 'ws'));
    const [, answer] = await new Promise<[unknown, IncomingMessage]>((resolve) =>
      peer.once('unexpected-response', (...said) => resolve(said)),
    );
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '7']);
  });
});

/** A server of ours at a port; what it is told is noted, and answered by `answer`. */
async function serve(
  heard: Said[],
  grain: number,
  answer: (server: ServerConnection, said: ServerSaid) => readonly ServerSaid[],
): Promise<string> {
  const server = createNetServer({ allowHalfOpen: true }, (socket) => {
    const ours = serverConnection();
    let told = 0;
    const mine: Said[] = [];
    put(socket, ours, mine, grain, () => {
      for (; told < mine.length; told++) {
        heard.push(mine[told] as Said);
        carry(socket, answer(ours, mine[told] as ServerSaid), mine);
      }
    });
  }).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${port(server)}`;
}

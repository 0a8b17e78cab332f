/** Programs of `node:http` in a Node process, as client and as server. */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { later, log, nameOf, ready, tried } from './log.js';

function follow(request, name = '') {
  for (const event of ['socket', 'finish', 'abort', 'timeout', 'close']) request.on(event, () => log(name + event));
  request.on('error', (error) =>
    log(`${name}error`, error.code, error.message.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, 'HOST')),
  );
  request.on('response', (response) => {
    log(`${name}response`, response.statusCode, response.statusMessage, response.httpVersion);
    const body = [];
    response.on('data', (chunk) => body.push(chunk));
    response.on('aborted', () => log(`${name}response aborted`));
    response.on('error', (error) => log(`${name}response error`, error.code, error.message));
    response.on('end', () => log(`${name}end`, Buffer.concat(body).toString(), response.complete));
    response.on('close', () => log(`${name}response close`, response.complete));
  });
  return request;
}

// ---- clients

/** One request and what comes of it. */
export function get({ port, host }, { path = '/', options = {}, agent } = {}) {
  follow(http.get({ port, host, path, ...(agent === false ? { agent: false } : {}), ...options }));
}

/** One agent, three requests one after the other: how many connections that takes. */
export async function keepAlive({ port, host }, { keep }) {
  const agent = new http.Agent({ keepAlive: keep, maxSockets: 1 });
  const sockets = new Set();
  for (let i = 0; i < 3; i += 1) {
    const request = http.get({ port, host, path: `/${i}`, agent });
    request.on('socket', (socket) => sockets.add(socket));
    const [response] = await once(request, 'response');
    log('answered', response.statusCode, response.headers.connection, request.reusedSocket);
    await once(response.resume(), 'end');
    await later(10);
  }
  log('sockets', sockets.size);
  agent.destroy();
}

/** A body that is written in pieces, and one that is not ended. */
export async function posting({ port, host }) {
  const request = follow(http.request({ port, host, method: 'POST', path: '/post', headers: { 'X-Case': 'Kept' } }));
  request.write('one ');
  await later(30);
  request.write('two');
  request.end();
  await once(request, 'close');
  const sized = follow(http.request({ port, host, method: 'PUT', headers: { 'Content-Length': 3 } }), 'sized: ');
  sized.end('abc');
  await once(sized, 'close');
  tried('a bad path', () => http.get({ path: '/a b' }));
  tried('a bad method', () => http.request({ method: 'G T' }));
  tried('a bad header', () => http.request({ port, host, headers: { 'a b': 'c' } }));
  tried('another protocol', () => http.get('https://x/'));
}

/** Aborted by its own side: before the answer, within it. */
export async function aborting({ port, host }, { when }) {
  const request = follow(http.get({ port, host }));
  if (when === 'now') request.destroy();
  else if (when === 'waiting') setTimeout(() => request.destroy(), 100);
  else if (when === 'error') setTimeout(() => request.destroy(new Error('mine')), 100);
  else request.on('response', (response) => response.once('data', () => request.destroy()));
}

/** A time-out of a request is an event; who wants it to end does so. */
export function timingOut({ port, host }) {
  const request = follow(http.get({ port, host, timeout: 100 }));
  request.on('timeout', () => request.destroy());
}

/** A request that upgrades: accepted, refused, or answered by a server that knows nothing of it. */
export function upgrading({ port, host }) {
  const request = follow(http.get({ port, host, path: '/up', headers: { Connection: 'Upgrade', Upgrade: 'mine' } }));
  request.on('upgrade', (response, socket, head) => {
    log('upgrade', response.statusCode, head.toString());
    socket.on('data', (data) => log('data', data.toString()));
    socket.on('end', () => log('socket end'));
    socket.on('close', () => log('socket close'));
  });
}

/** Bytes that are no request, over plain TCP. */
export function nonsense({ port, host }, { text }) {
  const socket = net.connect(port, host);
  socket.write(text);
  let got = '';
  socket.on('data', (data) => {
    got += data;
  });
  socket.on('end', () => log('end', got.split('\r\n')[0], got.includes('Connection: close')));
  socket.on('close', () => log('close'));
}

/** The bytes of an answer, as they are on the wire; the date is left out. */
export function bytes({ port, host }, { requests }) {
  const socket = net.connect(port, host);
  for (const text of requests) socket.write(text);
  let got = '';
  socket.on('data', (data) => {
    got += data;
  });
  socket.on('close', () => {
    for (const line of got.split('\r\n')) if (!line.startsWith('Date:')) log('line', line);
  });
}

// ---- servers

/** Says what it is asked, answers in one of a few ways. */
export function answering({ port }, { how = 'whole', wait = 0, status = 200, headers = {} } = {}) {
  const server = http.createServer((request, response) => {
    log('request', request.method, request.url, request.headers['x-case'], request.headers.connection);
    request.on('aborted', () => log('request aborted'));
    request.on('error', (error) => log('request error', error.code));
    request.on('close', () => log('request close', request.complete));
    response.on('finish', () => log('response finish'));
    response.on('close', () => log('response close', response.writableFinished));
    const body = [];
    request.on('data', (chunk) => body.push(chunk));
    request.on('end', () => log('request end', Buffer.concat(body).toString()));
    if (how === 'never') return;
    setTimeout(() => {
      if (how === 'destroy') return request.socket.destroy();
      if (how === 'reset') return request.socket.resetAndDestroy();
      response.writeHead(status, headers);
      if (how === 'whole') response.end('whole');
      else if (how === 'empty') response.end();
      else if (how === 'pieces') {
        response.write('one ');
        setTimeout(() => response.end('two'), 30);
      } else if (how === 'half') {
        response.write('half');
        setTimeout(() => request.socket.destroy(), 50);
      } else if (how === 'endless') response.write('begins');
    }, wait);
  });
  server.on('clientError', (error, socket) => {
    log('clientError', error.code);
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  server.listen(port, ready);
}

/** No listener of `clientError`: what Node answers by itself. */
export function unguarded({ port }) {
  http.createServer((_request, response) => response.end('x')).listen(port, ready);
}

/** Accepts an upgrade in its own way, and says something behind it. */
export function accepting({ port }) {
  const server = http.createServer(() => log('never: it is an upgrade'));
  server.on('upgrade', (request, socket) => {
    log('upgrade', request.url, request.headers.upgrade);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\nhead');
    setTimeout(() => socket.end(' tail'), 50);
    socket.on('close', () => log('socket closed'));
  });
  server.listen(port, ready);
}

/** What a response lets itself be told, and what it refuses. */
export function strict({ port }) {
  const server = http.createServer((_request, response) => {
    tried('a bad name', () => response.setHeader('a b', 'c'));
    tried('a bad value', () => response.setHeader('a', 'b\nc'));
    tried('no value', () => response.setHeader('a', undefined));
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    log('names', response.getHeaderNames().join(' '), response.headersSent);
    tried('a bad status', () => response.writeHead(99));
    response.writeHead(201, 'Made', { 'X-One': '1' });
    tried('a header too late', () => response.setHeader('late', 'x'));
    tried('a head again', () => response.writeHead(200));
    response.on('error', (error) => log('response error', error.code));
    response.end('x', () => log('end told'));
    tried('a write too late', () => response.write('y', (error) => log('callback', error?.code)));
    log('state', response.writableEnded, response.headersSent, response.statusCode);
  });
  server.listen(port, ready);
}

/** A server that drains by SIGTERM: idle connections are closed, busy ones finish. */
export function draining({ port }) {
  const server = http.createServer((request, response) => {
    log('request', request.url);
    setTimeout(() => response.end('finished'), 400);
  });
  server.on('close', () => log('server closed'));
  process.once('SIGTERM', () => {
    log('SIGTERM');
    server.close((error) => log('close told', error));
    log('listening', server.listening);
  });
  process.on('exit', (code) => log('exit', code));
  server.listen(port, ready);
}

/** One request that is under way when the server drains, one connection that is idle. */
export async function drained({ port, host }) {
  const agent = new http.Agent({ keepAlive: true });
  const request = http.get({ port, host, path: '/slow', agent });
  const [response] = await once(request, 'response');
  log('answered', response.statusCode, response.headers.connection);
  await once(response.resume(), 'end');
  await later(100);
  const late = http.get({ port, host, path: '/late', agent });
  late.on('error', (error) => log('late', error.code));
  late.on('response', () => log('late answered'));
  await once(late, 'close').catch((error) => log('late ended', nameOf(error)));
  agent.destroy();
}

/** Programs of plain TCP sockets in a Node process, as client and as server. */
import { once } from 'node:events';
import net from 'node:net';
import { later, log, ready, tried } from './log.js';

const EVENTS = ['connect', 'ready', 'end', 'finish', 'drain', 'timeout'];

export function follow(socket, name = '') {
  // TCP keeps no borders between writes: what has come is said when something else happens.
  let got = '';
  const told = () => {
    if (got !== '') log(`${name}data`, got.length > 64 ? got.length : got);
    got = '';
  };
  socket.on('data', (data) => {
    got += data.toString('latin1');
  });
  socket.on('end', told);
  socket.on('close', told);
  for (const event of EVENTS) socket.on(event, () => log(name + event));
  socket.on('error', (error) => log(`${name}error`, error.code, error.syscall));
  socket.on('close', (hadError) => log(`${name}close`, hadError, socket.destroyed));
  return socket;
}

// ---- clients

/** Connects, says what it is told to, and ends where it is told to. */
export function client({ port, host }, { say, end = false, options = {} } = {}) {
  const socket = follow(net.connect({ port, host, ...options }));
  log('begins', socket.connecting, socket.readyState, socket.pending);
  socket.on('connect', () => {
    log('state', socket.connecting, socket.readyState);
    if (say !== undefined) socket.write(say, () => log('written'));
    if (end) socket.end();
  });
  socket.on('close', () => log('at last', socket.readyState, socket.writable, socket.readable));
}

/** Writes before it is connected: it waits. */
export function early({ port, host }) {
  const socket = follow(net.connect(port, host));
  log('write', socket.write('early'), socket.writableLength);
  socket.end('and the end');
}

/** Writes when it may not any more. */
export async function writeAfter({ port, host }) {
  const socket = follow(net.connect(port, host));
  await once(socket, 'connect');
  socket.end('last');
  log(
    'write after end',
    socket.write('x', (error) => log('callback', error.code)),
  );
  await once(socket, 'close').catch(() => {});
  await later(20);
  log(
    'write after close',
    socket.write('x', (error) => log('callback', error.code)),
  );
}

/** `destroy`, with and without an error. */
export async function destroying({ port, host }, { error }) {
  const socket = follow(net.connect(port, host));
  await once(socket, 'connect');
  socket.destroy(error ? new RangeError('mine') : undefined);
  log('destroyed', socket.destroyed, socket.writable);
  socket.on('error', (thrown) => log('error is', thrown.message));
  socket.write('x', (failed) => log('callback', failed?.code));
}

/** `destroy` while it connects. */
export function destroyedEarly({ port, host }) {
  const socket = follow(net.connect(port, host));
  socket.destroy();
  log('destroyed', socket.destroyed, socket.connecting);
}

/** Keeps writing to a peer that is gone: an error comes, EPIPE or ECONNRESET. */
export async function writesOn({ port, host }) {
  const socket = net.connect(port, host);
  socket.on('error', (error) => log('error', ['EPIPE', 'ECONNRESET'].includes(error.code)));
  socket.on('close', (hadError) => log('close', hadError));
  socket.on('end', () => log('end'));
  socket.allowHalfOpen = true;
  await once(socket, 'connect');
  for (let i = 0; i < 20 && !socket.destroyed; i += 1) {
    socket.write('x');
    await later(20);
  }
  log('destroyed', socket.destroyed);
}

/** A time-out is an event, and nothing more. */
export async function idle({ port, host }) {
  const socket = follow(net.connect(port, host));
  socket.setTimeout(100);
  socket.once('timeout', () => {
    log('still', socket.destroyed, socket.readyState);
    socket.setTimeout(0);
    socket.end();
  });
}

/** Back-pressure: `write` says false, `drain` comes when the peer has read. */
export async function filling({ port, host }) {
  const socket = net.connect(port, host);
  await once(socket, 'connect');
  log('small', socket.write('x'));
  log('mark', socket.writableHighWaterMark > 0, socket.writableNeedDrain);
  const chunk = Buffer.alloc(1_000_000);
  let _wrote = 1;
  while (socket.write(chunk)) _wrote += 1;
  log('held', socket.writableNeedDrain, socket.writableLength > 0);
  for (let i = 0; i < 20; i += 1) socket.write(chunk);
  let drained = false;
  socket.on('drain', () => {
    drained = true;
    log('drain', socket.writableLength);
    socket.end();
  });
  await later(150);
  log('after a while', drained);
  socket.on('close', () => log('close'));
}

/** The reader pauses: nothing is lost. */
export async function pausing({ port, host }) {
  const socket = net.connect(port, host);
  socket.pause();
  let got = '';
  socket.on('data', (data) => {
    got += data;
  });
  socket.on('end', () => log('end', got));
  socket.on('close', () => log('close'));
  await later(200);
  log('paused', got, socket.isPaused());
  socket.resume();
}

/** `read` by hand, and as an async iterator. */
export async function reading({ port, host }) {
  const socket = net.connect(port, host);
  socket.setEncoding('utf8');
  let text = '';
  for await (const chunk of socket) text += chunk;
  log('iterated', text, socket.destroyed);
  const second = net.connect(port, host);
  text = '';
  second.on('readable', () => {
    let chunk = second.read();
    while (chunk !== null) {
      text += chunk;
      chunk = second.read();
    }
  });
  second.on('end', () => log('read', text));
}

/** What is said of a socket, and of arguments that are none. */
export async function described({ port, host }) {
  const socket = net.connect(port, host);
  log('before', socket.remotePort, socket.remoteAddress, socket.bytesWritten);
  await once(socket, 'connect');
  log('connected', socket.remotePort === port, socket.remoteFamily, typeof socket.localPort, socket.address().family);
  socket.setNoDelay(true).setKeepAlive(true, 1000).ref().unref().ref();
  socket.write('12345');
  socket.end();
  await once(socket.resume(), 'close');
  log('counted', socket.bytesWritten, socket.bytesRead);
  tried('a port too high', () => net.connect(70_000));
  tried('no port', () => net.connect({}));
  tried('a write of a number', () => new net.Socket().write(5));
  log('isIP', net.isIP('1.2.3.4'), net.isIP('::1'), net.isIP('host'), net.isIPv4('1.2.3.4'));
}

// ---- servers

/** Greets, and sends back what it is sent. */
export function echo({ port }, { greeting, halfOpen = false, quiet = false } = {}) {
  const server = net.createServer({ allowHalfOpen: halfOpen }, (socket) => {
    if (!quiet) follow(socket);
    if (greeting !== undefined) socket.write(greeting);
    socket.on('data', (data) => socket.write(data));
    if (halfOpen) {
      socket.on('end', () => {
        log('says something behind the end');
        socket.end('last words');
      });
    }
  });
  server.listen(port, ready);
}

/** Does one thing to each connection. */
export function doing({ port }, { call, args = [], wait = 0, pauses = 0 }) {
  const server = net.createServer((socket) => {
    if (pauses === 0) follow(socket);
    else {
      socket.pause();
      socket.on('end', () => log('end'));
      setTimeout(() => socket.resume(), pauses);
    }
    if (call !== undefined) setTimeout(() => socket[call](...args), wait);
  });
  server.listen(port, ready);
}

/** A server by itself: its events, its errors, when `close` is done. */
export async function server({ port, host }) {
  const first = net.createServer((socket) => {
    log('connection');
    socket.on('close', () => log('socket closed'));
    socket.resume();
  });
  first.on('listening', () => log('listening', first.listening, first.address().port === port));
  first.on('close', () => log('server closed', first.listening));
  first.listen(port);
  log('listens at once', first.listening);
  await once(first, 'listening');
  const second = net.createServer();
  second.on('error', (error) => log('error', error.code, error.syscall));
  second.listen(port);
  await once(second, 'error').catch(() => {});
  const socket = net.connect(port, host);
  await once(socket, 'connect');
  await later(20);
  first.getConnections((error, count) => log('connections', error, count));
  first.close((error) => log('close told', error));
  log('closing', first.listening);
  await later(50);
  log('the connection goes on', socket.destroyed);
  socket.end();
  await once(first, 'close');
  first.close((error) => log('closed twice', error.code));
  tried('listens on no port', () => first.listen(-1));
}

/** Programs of a Node process and the published `ws` as its client. */
import WebSocket from 'ws';
import { later, log, nameOf, tried } from './log.js';
import { shut } from './socket.js';

function open({ ws }, { path = '/', protocols, options = {} } = {}) {
  const socket =
    protocols === undefined
      ? new WebSocket(`${ws}${path}`, options)
      : new WebSocket(`${ws}${path}`, protocols, options);
  socket.on('upgrade', (response) => log('upgrade', response.statusCode));
  socket.on('open', () => log('open', socket.readyState, socket.protocol, socket.extensions));
  socket.on('message', (data, binary) => log('message', data.length > 64 ? data.length : data.toString(), binary));
  socket.on('ping', (data) => log('ping', data.toString()));
  socket.on('pong', (data) => log('pong', data.toString()));
  socket.on('error', (error) =>
    log('error', error.code, error.message.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, 'HOST'), socket.readyState),
  );
  socket.on('close', (code, reason) => log('close', code, reason.toString(), socket.readyState));
  return socket;
}

/** Opens, and lets it end in whatever way it does. */
export function plain(at, options) {
  const socket = open(at, options);
  log('made', socket.readyState);
}

/** Who listens to `unexpected-response` has to end the request. */
export function unexpected(at) {
  const socket = open(at);
  socket.on('unexpected-response', (request, response) => {
    log('unexpected', response.statusCode, response.statusMessage, response.headers['retry-after']);
    const body = [];
    response.on('data', (chunk) => body.push(chunk));
    response.on('end', () => {
      log('body', Buffer.concat(body).toString());
      request.destroy();
    });
  });
}

/** Closes, or terminates, when it is open, or at once. */
export function ending(at, { when = 'open', call = 'close', args = [], options }) {
  const socket = open(at, { options });
  const act = () => {
    if (call === 'close') shut(socket, args);
    else {
      socket[call](...args);
      log(call, socket.readyState);
    }
  };
  if (when === 'now') act();
  else socket.on(when, act);
}

/** `send` in each state: what throws, what tells the callback. */
export async function sendInEachState(at) {
  const socket = open(at);
  const told = (name) => (error) => log(`callback of ${name}`, error?.message);
  tried('connecting', () => socket.send('early', told('early')));
  await new Promise((resolve) => socket.once('open', resolve));
  tried('open', () => socket.send('hello', told('hello')));
  log('buffered', socket.bufferedAmount);
  await new Promise((resolve) => socket.once('message', resolve));
  socket.close(1000);
  tried('closing', () => socket.send('late', told('late')));
  tried('closing, no callback', () => socket.send('late'));
  log('buffered', socket.bufferedAmount);
  await new Promise((resolve) => socket.once('close', resolve));
  tried('closed', () => socket.send('later', told('later')));
  tried('ping', () => socket.ping());
  tried('ping when closed', () => socket.ping('p', true, told('ping')));
}

/** Pings and pongs with what they carry. */
export async function pinging(at) {
  const socket = open(at);
  tried('too early', () => socket.ping());
  await new Promise((resolve) => socket.once('open', resolve));
  socket.ping('are you there');
  socket.pong('unasked');
  tried('too long', () => socket.ping('x'.repeat(126)));
  socket.once('pong', () => socket.close());
}

/** Kinds of data and fragments. */
export async function sending(at) {
  const socket = open(at, { options: { perMessageDeflate: false } });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('text');
  socket.send(Buffer.from('buffer'));
  socket.send(new Uint8Array([97, 98]).buffer);
  socket.send('as bytes', { binary: true });
  socket.send(42);
  socket.send('frag', { fin: false });
  socket.send('ment', { fin: true });
  socket.send('');
  socket.send('x'.repeat(100_000));
  let got = 0;
  socket.on('message', () => {
    got += 1;
    if (got === 8) socket.close(1000, 'done');
  });
}

/** Compressed messages, where both sides can. */
export async function deflated(at) {
  const socket = open(at);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('deflate '.repeat(1000));
  socket.once('message', () => socket.close(1000));
}

/** The browser's events on the client of `ws`. */
export function attributes({ ws }) {
  const socket = new WebSocket(ws);
  socket.onopen = (event) => log('open', event.type, event.target === socket);
  socket.onmessage = (event) => {
    log('message', event.data, event.type);
    socket.close(1000, 'bye');
  };
  socket.onerror = (event) => log('error', event.message, event.error.code);
  socket.onclose = (event) => log('close', event.code, event.reason, event.wasClean);
  socket.addEventListener('message', () => log('once'), { once: true });
  log('constants', WebSocket.CONNECTING, socket.OPEN, socket.binaryType);
}

/** The order of callbacks, ticks and microtasks around a message. */
export function turns(at) {
  const socket = open(at);
  socket.on('message', (data) => {
    log('first listener', data.toString());
    Promise.resolve().then(() => log('microtask', data.toString()));
    process.nextTick(() => log('tick', data.toString()));
    setImmediate(() => log('immediate', data.toString()));
  });
  socket.on('message', (data) => {
    log('second listener', data.toString());
    if (data.toString() === 'two') socket.close(1000);
  });
}

/** What it throws when it is made. */
export function constructed({ ws }) {
  for (const [url, protocols] of [
    ['ftp://h/'],
    ['nonsense'],
    [`${ws}/#f`],
    [`${ws}/`, ['a', 'a']],
    [`${ws}/`, 'a b'],
  ]) {
    try {
      const socket = new WebSocket(url, protocols);
      socket.on('error', () => {});
      socket.terminate();
      log('made', url.replace(ws, 'WS'));
    } catch (error) {
      log('throws', nameOf(error), error.message.replace(ws, 'WS'));
    }
  }
}

/** Stops reading for a while: messages wait. */
export async function pausing(at) {
  const socket = open(at);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.pause();
  log('paused', socket.isPaused);
  socket.send('one');
  await later(150);
  log('resumes');
  socket.resume();
  socket.once('message', () => socket.close());
}

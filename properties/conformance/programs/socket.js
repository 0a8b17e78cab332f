/** What any page says of a WebSocket: each event, with what it carries and the state it finds. */
import { done, log, nameOf } from './log.js';

export function open({ ws }, { path = '/', protocols, binaryType, name = '' } = {}) {
  const socket = protocols === undefined ? new WebSocket(`${ws}${path}`) : new WebSocket(`${ws}${path}`, protocols);
  if (binaryType !== undefined) socket.binaryType = binaryType;
  const say = (what, ...facts) => log(name + what, ...facts);
  socket.addEventListener('open', () => say('open', socket.readyState, socket.protocol, socket.extensions));
  socket.addEventListener('message', ({ data }) => say('message', ...told(data)));
  socket.addEventListener('error', () => say('error', socket.readyState));
  socket.addEventListener('close', ({ code, reason, wasClean }) =>
    say('close', code, reason, wasClean ? 'clean' : 'not clean', socket.readyState),
  );
  return socket;
}

function told(data) {
  if (typeof data === 'string') return data.length > 64 ? ['text', data.length] : [data];
  if (data instanceof Blob) return ['Blob', data.size, data.type];
  return ['ArrayBuffer', data instanceof ArrayBuffer, ...few(new Uint8Array(data))];
}

const few = (bytes) => (bytes.length > 16 ? [bytes.length] : [[...bytes].join(',')]);

/** Opens a socket, and ends some time after it has closed. */
export function plain(at, options = {}) {
  const socket = open(at, options);
  log('made', socket.readyState);
  socket.addEventListener('close', () => setTimeout(done, 50));
  return socket;
}

/** `plain`, and says `sends` once it is open, then closes where `close` has arguments. */
export function speak(at, { sends = [], close, ...options } = {}) {
  const socket = plain(at, options);
  socket.addEventListener('open', () => {
    for (const each of sends) socket.send(each);
    if (close !== undefined) shut(socket, close);
  });
  return socket;
}

/** Closes with these arguments when the first message has come. */
export function answer(at, { close = [], ...options } = {}) {
  const socket = plain(at, options);
  socket.addEventListener('message', () => shut(socket, close), { once: true });
}

/** Gives up on its own after some time, whatever was heard until then. */
export function patient(at, { wait, close = [], ...options }) {
  const socket = open(at, options);
  log('made', socket.readyState);
  setTimeout(() => {
    log('after a while', socket.readyState);
    const closed = socket.readyState === 3;
    shut(socket, close);
    if (closed) done();
    else socket.addEventListener('close', () => setTimeout(done, 50));
  }, wait);
}

export function shut(socket, args) {
  try {
    socket.close(...args);
    log('close called', socket.readyState);
  } catch (error) {
    log('close throws', nameOf(error), socket.readyState);
  }
}

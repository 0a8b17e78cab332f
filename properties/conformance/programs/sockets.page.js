/** Programs of a page and its WebSocket: what it is made of, what it may be told, how it ends. */
import { done, later, log, nameOf, timed, tried } from './log.js';
import { open, plain, shut } from './socket.js';

export { answer, patient, plain, speak } from './socket.js';

/** How a constructor takes each kind of URL and list of protocols, given as pairs. */
export function constructed({ ws }, cases) {
  for (const [url, protocols] of cases) {
    const asked = url.replace('WS', ws);
    try {
      const socket = protocols === undefined ? new WebSocket(asked) : new WebSocket(asked, protocols);
      log(`${url} ${JSON.stringify(protocols)}`, socket.url.replace(ws, 'WS'), socket.readyState);
      socket.onerror = () => {};
      socket.close();
    } catch (error) {
      log(`${url} ${JSON.stringify(protocols)}`, 'throws', nameOf(error));
    }
  }
  tried('no arguments', () => new WebSocket());
  tried('without new', () => WebSocket(`${ws}/`));
  setTimeout(done, 100);
}

/** What a WebSocket has before anything came of it. */
export function shape(at) {
  const socket = open(at);
  log('states', WebSocket.CONNECTING, WebSocket.OPEN, WebSocket.CLOSING, WebSocket.CLOSED);
  log('states of it', socket.CONNECTING, socket.OPEN, socket.CLOSING, socket.CLOSED);
  log('begins', socket.readyState, socket.bufferedAmount, socket.protocol, socket.extensions, socket.binaryType);
  log('handlers', socket.onopen, socket.onmessage, socket.onerror, socket.onclose);
  log('is', socket instanceof EventTarget, String(socket), Object.keys(socket).length);
  log('on the prototype', Object.getOwnPropertyNames(WebSocket.prototype).sort().join(' '));
  log('length of', WebSocket.length, WebSocket.prototype.send.length, WebSocket.prototype.close.length);
  socket.binaryType = 'nonsense';
  log('binaryType after nonsense', socket.binaryType);
  socket.onopen = 'no function';
  log('onopen after a string', socket.onopen);
  socket.onopen = { handleEvent() {} };
  log('onopen after an object', typeof socket.onopen);
  tried('a write to readyState', () => {
    socket.readyState = 3;
  });
  socket.onclose = () => setTimeout(done, 20);
  socket.close();
}

/** Which arguments `close` takes; what it takes ends the socket, so that is tried last. */
export async function closeArguments(at) {
  const socket = open(at);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  for (const code of [
    0,
    999,
    1001,
    1002,
    1005,
    1006,
    1011,
    1015,
    2999,
    5000,
    65_536 + 1000,
    -1,
    Number.NaN,
    'x',
    null,
  ]) {
    tried(`close(${code})`, () => socket.close(code));
  }
  tried('close(1000, 124 bytes)', () => socket.close(1000, 'x'.repeat(124)));
  tried('close(1000, 42 characters of 3 bytes)', () => socket.close(1000, '€'.repeat(42)));
  log('still', socket.readyState);
  tried('close(undefined, reason)', () => socket.close(undefined, 'because'));
  tried('close(1000.7)', () => socket.close(1000.7));
  socket.addEventListener('close', () => setTimeout(done, 20));
}

/** `send` in each state, and what it leaves in `bufferedAmount`. */
export async function sendInEachState(at) {
  const socket = open(at);
  tried('connecting', () => socket.send('early'));
  log('buffered', socket.bufferedAmount);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  tried('open', () => socket.send('hello'));
  log('buffered', socket.bufferedAmount);
  await later(100);
  log('buffered later', socket.bufferedAmount);
  tried('open, text of two bytes a character', () => socket.send('äöü'));
  log('buffered', socket.bufferedAmount);
  tried('open, no argument', () => socket.send());
  socket.close(1000);
  tried('closing', () => socket.send('late'));
  log('buffered', socket.bufferedAmount);
  tried('closing, bytes', () => socket.send(new Uint8Array(10)));
  log('buffered', socket.bufferedAmount);
  await new Promise((resolve) => socket.addEventListener('close', resolve));
  log('buffered when closed', socket.bufferedAmount);
  tried('closed', () => socket.send('later'));
  log('buffered', socket.bufferedAmount);
  tried('closed, close', () => socket.close());
  tried('closed, close with a bad code', () => socket.close(42));
  setTimeout(done, 50);
}

/** `bufferedAmount` within one step: what is sent is in it until the step is over, at least. */
export async function bufferedWithinStep(at) {
  const socket = open(at);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  socket.send('0123456789');
  log('text', socket.bufferedAmount);
  socket.send(new Uint8Array(100));
  log('and bytes', socket.bufferedAmount);
  socket.send(new Blob(['0123456789']));
  log('and a blob', socket.bufferedAmount);
  socket.send('');
  log('and nothing', socket.bufferedAmount);
  await Promise.resolve();
  log('a microtask later', socket.bufferedAmount);
  await later(200);
  log('all has left', socket.bufferedAmount);
  socket.close();
  socket.addEventListener('close', () => setTimeout(done, 20));
}

/** A peer that takes nothing: `bufferedAmount` stays up, and goes on when it reads again. */
export async function backPressure(at) {
  const socket = open(at);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  for (let i = 0; i < 16; i += 1) socket.send(new Uint8Array(1_000_000));
  log('all of it', socket.bufferedAmount);
  await later(500);
  log('most of it is held', socket.bufferedAmount > 1_000_000);
  socket.close(1000);
  log('closing', socket.readyState);
  await later(300);
  log('the closing handshake waits behind it', socket.readyState, socket.bufferedAmount > 1_000_000);
  socket.addEventListener('close', () => {
    log('buffered', socket.bufferedAmount);
    done();
  });
}

/** Kinds of data, sent in one step: they arrive in that order, as text or bytes. */
export async function kinds(at) {
  const socket = open(at);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  socket.send('text');
  socket.send(bytes.buffer);
  socket.send(bytes.subarray(2, 5));
  socket.send(new Uint16Array([0x0102, 0x0304]));
  socket.send(new DataView(bytes.buffer, 1, 2));
  socket.send(new Blob(['blo', 'b']));
  socket.send('behind the blob');
  for (const each of [42, null, undefined, true, { toString: () => 'an object' }, ['a', 'b']]) socket.send(each);
  tried('a symbol', () => socket.send(Symbol('s')));
  bytes[0] = 99;
  socket.send('');
  socket.send(new Uint8Array(0));
  socket.close(1000);
  socket.addEventListener('close', () => setTimeout(done, 50));
}

/** Text that is no sound UTF-16, or needs more than one unit a character. */
export async function surrogates(at) {
  const socket = plain(at);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  socket.send('\u{1F600} in two halves');
  socket.send('lone \uD83D high');
  socket.send('lone \uDE00 low');
  socket.send('\uFEFFwith a mark');
  socket.send('nul \0 inside');
}

/** Echoes of what is large: only its size, and a byte of it. */
export async function large(at, { bytes, text }) {
  const socket = open(at, { binaryType: 'arraybuffer' });
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  socket.send(text ? 'é'.repeat(bytes / 2) : new Uint8Array(bytes).fill(7));
  socket.addEventListener('message', ({ data }) => {
    log('last of it', text ? data.at(-1) : new Uint8Array(data).at(-1));
    socket.close(1000);
  });
  socket.addEventListener('close', () => setTimeout(done, 50));
}

/** Which of three kinds a binary message is, when the type is changed between messages. */
export async function binaryTypes(at) {
  const socket = open(at);
  log('at first', socket.binaryType);
  socket.addEventListener('message', async ({ data }) => {
    if (data instanceof Blob) log('blob says', await data.text());
    if (socket.binaryType === 'arraybuffer') shut(socket, [1000]);
    socket.binaryType = 'arraybuffer';
    socket.send('more');
  });
  socket.addEventListener('close', () => setTimeout(done, 50));
}

/** `close` while the connection is made: no `open`, an error, 1006. */
export function closeWhileConnecting(at, { args = [], twice = false }) {
  const socket = plain(at);
  shut(socket, args);
  if (twice) shut(socket, args);
  Promise.resolve().then(() => log('a microtask later', socket.readyState));
  setTimeout(() => log('a task later', socket.readyState), 0);
}

/** `close` some time into a handshake that is never answered. */
export function closeInHandshake(at) {
  const socket = plain(at);
  setTimeout(() => shut(socket, [1000, 'enough']), 200);
}

/** `close` called twice, with other arguments: the first counts. */
export async function closeTwice(at) {
  const socket = plain(at);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  shut(socket, [4001, 'first']);
  shut(socket, [4002, 'second']);
  tried('third, bad', () => socket.close(12));
}

/** `close` in each handler. */
export function closeInHandlers(at) {
  const socket = plain(at);
  socket.addEventListener('open', () => shut(socket, [4000, 'in open']));
  socket.addEventListener('message', () => shut(socket, [4001, 'in message']));
  socket.addEventListener('close', () => shut(socket, [4002, 'in close']));
}

/** How long an end takes that the other side does not help with. */
export function slowEnd(at, { args = [1000], bounds, when = 'open' }) {
  const socket = plain(at);
  socket.addEventListener(when, () => {
    const took = timed(bounds);
    shut(socket, args);
    socket.addEventListener('close', () => log('closed', took()));
  });
}

/** How long it is until the browser ends it by itself. */
export function endsItself(at, { bounds }) {
  const took = timed(bounds);
  const socket = plain(at);
  socket.addEventListener('close', () => log('closed', took()));
}

/** What a page that closes does with messages which were under way then. */
export async function messageBehindClose(at) {
  const socket = plain(at);
  socket.addEventListener('message', ({ data }) => {
    log('state', socket.readyState);
    if (data === 'one') shut(socket, [1000]);
  });
}

/** Sends much and closes at once: all of it leaves before the close frame. */
export async function sendAndClose(at) {
  const socket = plain(at);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  socket.send('x'.repeat(500_000));
  socket.send('last');
  shut(socket, [1000, 'sent all']);
}

/** Two sockets to one host: the second is made when the first is closing. */
export function again(at, { times }) {
  let made = 0;
  const next = () => {
    made += 1;
    const name = `${made}: `;
    const socket = open(at, { name });
    socket.addEventListener('close', () => (made < times ? next() : setTimeout(done, 50)));
  };
  next();
}

/** A socket that nobody refers to any more goes on. */
export function unreferenced(at) {
  plain(at);
}

/** What a listener sees of the message event. */
export function messageEvent(at) {
  const socket = plain(at);
  socket.onmessage = (event) => {
    log('type', event.type, event.origin.replace(at.ws, 'WS'), event.lastEventId, event.source, event.ports.length);
    log('event', event.bubbles, event.cancelable, event.isTrusted, event.eventPhase, event instanceof MessageEvent);
    log('targets', event.target === socket, event.currentTarget === socket, event.composedPath().length);
    event.preventDefault();
    log('prevented', event.defaultPrevented);
    setTimeout(() => {
      log('afterwards', event.target === socket, event.currentTarget, event.eventPhase, event.composedPath().length);
      socket.close(1000);
    }, 0);
  };
  socket.onclose = (event) => {
    log('close event', event instanceof CloseEvent, event.bubbles, event.cancelable, event.isTrusted);
  };
  socket.onopen = (event) => log('open event', event.constructor.name, event.type, event.timeStamp > 0);
}

/** The order of events and microtasks around an open, a message and a close. */
export function turns(at, { timers }) {
  const socket = open(at);
  const turn = (name) => {
    queueMicrotask(() => log(`microtask of ${name}`));
    if (timers) setTimeout(() => log(`timer of ${name}`), 0);
  };
  for (const name of ['open', 'message', 'close']) {
    socket.addEventListener(name, () => turn(`${name}, first`));
    socket.addEventListener(name, () => {
      log(`second listener of ${name}`);
      turn(`${name}, second`);
    });
  }
  socket.addEventListener('close', () => setTimeout(done, 100));
}

/** A peer that fell silent: the page is told nothing, and what it sends is taken. */
export async function silence(at) {
  const socket = plain(at);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  socket.send('are you there');
  await later(1500);
  log('still', socket.readyState, socket.bufferedAmount);
  done();
}

/** Programs of tabs: hidden, frozen, offline, reloaded, closed, and two of one origin. */
import { done, later, log, nameOf, tried } from './log.js';
import { open } from './socket.js';

/** Logs that outlive a page: a reload shows them. */
function keep(what) {
  sessionStorage.setItem('kept', `${sessionStorage.getItem('kept') ?? ''}${what}|`);
}

const LIVES = ['pagehide', 'beforeunload', 'unload', 'pageshow', 'load', 'DOMContentLoaded'];

/** A reload with an open socket: what the page hears, what stays, what the server sees. */
export function reloading(at, { how, close = false }) {
  const life = Number(sessionStorage.getItem('life') ?? 0) + 1;
  sessionStorage.setItem('life', String(life));
  log('life', life, localStorage.getItem('local'), sessionStorage.getItem('session'));
  if (life > 1) {
    for (const line of sessionStorage.getItem('kept').split('|').slice(0, -1)) log('the life before', line);
    log('begins anew', globalThis.left);
    done();
    return;
  }
  localStorage.setItem('local', 'stays');
  sessionStorage.setItem('session', 'stays as well');
  globalThis.left = 'of the first life';
  for (const type of LIVES) {
    addEventListener(type, (event) => keep(`${type} ${event.persisted ?? ''}`));
  }
  document.addEventListener('visibilitychange', () => keep(`visibilitychange ${document.visibilityState}`));
  const socket = open(at);
  for (const type of ['error', 'close']) socket.addEventListener(type, () => keep(`socket ${type}`));
  addEventListener('pagehide', () => {
    keep(`socket is ${socket.readyState}`);
    if (close) socket.close(4000, 'leaving');
    else socket.send('last words');
  });
  if (how === 'location') socket.addEventListener('open', () => setTimeout(() => location.reload(), 50));
}

/** An open socket in a tab that is closed from outside. */
export function closedTab(at) {
  open(at);
}

/** A tab that is frozen while messages come and timers fall due. */
export function frozen(at) {
  for (const type of ['freeze', 'resume', 'visibilitychange']) {
    document.addEventListener(type, () => log(type, document.visibilityState));
  }
  const socket = open(at);
  let ticks = 0;
  let last = performance.now();
  let gap = 0;
  const interval = setInterval(() => {
    ticks += 1;
    gap = Math.max(gap, performance.now() - last);
    last = performance.now();
  }, 100);
  setTimeout(() => log('timer that fell due in the freeze'), 1000);
  document.addEventListener('resume', () => {
    const before = ticks;
    Promise.resolve().then(() => log('microtask of resume'));
    setTimeout(() => {
      clearInterval(interval);
      log('the interval stood still', gap > 1000, 'and caught up at once', ticks - before > 6);
      socket.close(1000);
    }, 400);
  });
  socket.addEventListener('close', () => setTimeout(done, 50));
}

/** A connection whose server goes away while the tab is frozen. */
export function frozenAndClosed(at) {
  document.addEventListener('freeze', () => log('freeze'));
  document.addEventListener('resume', () => log('resume'));
  const socket = open(at);
  socket.addEventListener('close', () => setTimeout(done, 100));
}

/** Hidden and shown again. */
export function hidden() {
  log('begins', document.visibilityState, document.hidden, document.hasFocus());
  document.addEventListener('visibilitychange', (event) => {
    log('visibilitychange', document.visibilityState, document.hidden, event.bubbles, event.target === document);
  });
  document.onvisibilitychange = () => log('onvisibilitychange');
  addEventListener('visibilitychange', () => {
    log('at the window, too');
    if (!document.hidden) done();
  });
}

/** The device goes offline and comes back; sockets that are open are not told. */
export function offline(at) {
  log('begins', navigator.onLine);
  addEventListener('offline', (event) => log('offline', navigator.onLine, event.target === window, event.bubbles));
  ononline = () => {
    log('onOnline', navigator.onLine);
    setTimeout(() => {
      log('socket', socket.readyState);
      socket.close(1000);
    }, 50);
  };
  const socket = open(at);
  socket.addEventListener('close', () => setTimeout(done, 50));
}

/** Two tabs and a channel: the first waits, the second speaks. */
export function channelListener() {
  const channel = new BroadcastChannel('room');
  channel.onmessage = ({ data, type, origin }) => {
    log(type, data, origin === location.origin);
    if (data === 'bye') {
      channel.close();
      tried('post when closed', () => channel.postMessage('x'));
      done();
    } else channel.postMessage(`heard ${JSON.stringify(data)}`);
  };
  log('listens', channel.name);
}

export async function channelSpeaker() {
  const channel = new BroadcastChannel('room');
  const twin = new BroadcastChannel('room');
  const other = new BroadcastChannel('elsewhere');
  twin.onmessage = ({ data }) => log('twin heard', data);
  channel.onmessage = ({ data }) => log('channel heard', data);
  other.onmessage = () => log('never');
  tried('a function', () => channel.postMessage(() => {}));
  channel.postMessage({ a: [1, new Date(0), undefined], map: 'm' });
  log('posted');
  await later(200);
  channel.close();
  await later(100);
  twin.postMessage('bye');
  await later(50);
}

/** Two tabs and what they store. */
export function storageListener() {
  addEventListener('storage', ({ key, oldValue, newValue, storageArea, url }) => {
    log('storage', key, oldValue, newValue, storageArea === localStorage, url === location.href);
    if (key === 'end') done();
  });
  localStorage.setItem('mine', '1');
  log('begins', localStorage.length);
}

export async function storageWriter() {
  addEventListener('storage', () => log('never: it is told to other tabs'));
  log('sees', localStorage.getItem('mine'), sessionStorage.length);
  localStorage.setItem('a', '1');
  await later(50);
  localStorage.setItem('a', '1');
  await later(50);
  localStorage.setItem('a', '2');
  localStorage.b = 3;
  await later(50);
  localStorage.removeItem('a');
  localStorage.removeItem('nothing');
  await later(50);
  sessionStorage.setItem('session', 'is not told');
  localStorage.clear();
  await later(50);
  localStorage.setItem('end', '');
}

/** What `Storage` is like as an object. */
export function storageShape() {
  const local = localStorage;
  log('empty', local.length, local.getItem('x'), local.x, local.key(0));
  local.setItem('n', 1);
  local.setItem('o', { a: 1 });
  local.setItem('u', undefined);
  log('as text', local.getItem('n'), local.n, local.getItem('o'), local.u);
  local.direct = 'set';
  tried('a key that is a member', () => {
    local.length = 'no';
  });
  log('direct', local.getItem('direct'), 'direct' in local, typeof local.length);
  log('keys', Object.keys(local).sort().join(' '), local.length);
  delete local.direct;
  log('deleted', local.getItem('direct'));
  log('a key', ['n', 'o', 'u'].includes(local.key(0)), local.key(99));
  tried('no arguments', () => local.setItem('x'));
  tried('too much', () => local.setItem('big', 'x'.repeat(6_000_000)));
  log('after too much', local.getItem('big'));
  log('it is', String(local), local instanceof Storage);
  local.clear();
  log('cleared', local.length);
  done();
}

/** What a page says of itself. */
export function place(at) {
  log('location', location.protocol, location.pathname, location.host === new URL(at.http).host);
  log('window', window === globalThis, self === window, top === window, document.defaultView === window);
  log('document', document.readyState, typeof document.title, document.URL === location.href);
  log('navigator', typeof navigator.userAgent, typeof navigator.language, navigator.onLine);
  log('names', String(window), String(document), String(navigator));
  log('isSecureContext', isSecureContext, location.origin === at.http, typeof origin);
  tried('undeclared', () => nothingOfTheKind);
  log('typeof what is Node’s', typeof process, typeof Buffer, typeof setImmediate, typeof global);
  done();
}

/** A constructor's error, seen from a promise. */
export async function rejected({ ws }) {
  const asked = (async () => new WebSocket(`${ws}/#fragment`, 'bad protocol'))();
  await asked.catch((error) =>
    log('rejects', nameOf(error), error.code, error instanceof DOMException, error instanceof Error),
  );
  done();
}

/** Programs of listeners: their order, what they may do to each other, what their errors do. */
import { done, log, tried } from './log.js';
import { open } from './socket.js';

/** A handler that throws: the others are called all the same, and the window is told. */
export function throwing(at) {
  addEventListener('error', (event) => {
    log('window error', event.message, event.error instanceof Error, event.error.message);
    event.preventDefault();
  });
  const socket = open(at);
  socket.onopen = () => {
    queueMicrotask(() => log('microtask of open'));
    throw new Error('in open');
  };
  socket.addEventListener('open', () => log('second listener of open'));
  socket.onmessage = () => {
    throw new Error('in message');
  };
  socket.addEventListener('message', () => socket.close(1000));
  socket.onclose = () => {
    setTimeout(done, 50);
    throw new Error('in close');
  };
}

/** What is thrown and is no error, and a rejection that nobody handles. */
export function unhandled() {
  onerror = (message, source, line, column, error) => {
    log('onerror', message, typeof source, typeof line, typeof column, error);
    return true;
  };
  addEventListener('unhandledrejection', (event) => {
    log(
      'unhandledrejection',
      event.reason instanceof Error ? event.reason.message : event.reason,
      event.promise instanceof Promise,
    );
    event.preventDefault();
  });
  addEventListener('rejectionhandled', (event) => log('rejectionhandled', event.reason));
  setTimeout(() => {
    queueMicrotask(() => log('microtask of the timer that throws'));
    throw 'a string';
  }, 0);
  setTimeout(() => {
    Promise.reject(new Error('an error'));
    const late = Promise.reject('handled late');
    setTimeout(() => late.catch((reason) => log('caught late', reason)), 50);
    const soon = Promise.reject('handled in time');
    queueMicrotask(() => soon.catch((reason) => log('caught in time', reason)));
  }, 20);
  setTimeout(() => {
    queueMicrotask(() => {
      throw new Error('in a microtask');
    });
    log('the task goes on');
  }, 100);
  setTimeout(done, 200);
}

/** `reportError`, and an error in the error handler itself. */
export function reported() {
  let depth = 0;
  addEventListener('error', (event) => {
    log('error', event.message);
    event.preventDefault();
    depth += 1;
    if (depth === 2) throw new Error('in the handler');
  });
  reportError(new Error('reported'));
  log('behind reportError');
  setTimeout(() => {
    throw new Error('thrown');
  }, 0);
  setTimeout(done, 50);
}

/** Attributes and listeners are called in the order in which each was first set. */
export function order() {
  const target = new WebSocket('ws://127.0.0.1:1/');
  target.onerror = () => {};
  target.close();
  target.addEventListener('x', () => log('never'));
  const heard = (name) => () => log(name);
  target.addEventListener('open', heard('first listener'));
  target.onopen = heard('attribute');
  target.addEventListener('open', heard('second listener'));
  target.onopen = heard('attribute, replaced');
  target.dispatchEvent(new Event('open'));
  log('again, the attribute taken away and set');
  target.onopen = null;
  target.onopen = heard('attribute, set anew');
  target.dispatchEvent(new Event('open'));
  done();
}

/** Once, the same listener twice, capture, and listeners that come and go while they are called. */
export function changing() {
  const target = new EventTarget();
  const listener = () => log('called');
  target.addEventListener('a', listener);
  target.addEventListener('a', listener);
  target.addEventListener('a', listener, true);
  target.dispatchEvent(new Event('a'));
  target.removeEventListener('a', listener);
  log('one was removed');
  target.dispatchEvent(new Event('a'));
  target.addEventListener('b', () => log('once'), { once: true });
  target.dispatchEvent(new Event('b'));
  target.dispatchEvent(new Event('b'));
  const removed = () => log('removed before its turn');
  target.addEventListener('c', () => {
    log('removes and adds');
    target.removeEventListener('c', removed);
    target.addEventListener('c', () => log('added during the dispatch'), { once: true });
  });
  target.addEventListener('c', removed);
  target.dispatchEvent(new Event('c'));
  target.dispatchEvent(new Event('c'));
  target.addEventListener(
    'd',
    () => {
      log('once, dispatches again');
      target.dispatchEvent(new Event('d'));
    },
    { once: true },
  );
  target.dispatchEvent(new Event('d'));
  const capturing = [];
  target.addEventListener('e', () => capturing.push('bubble'));
  target.addEventListener('e', () => capturing.push('capture'), true);
  target.dispatchEvent(new Event('e'));
  log('at the target', capturing.join(' '));
  done();
}

/** Objects with `handleEvent`, and what `this` is. */
export function objects() {
  addEventListener('error', (event) => {
    log('window error', event.error instanceof TypeError);
    event.preventDefault();
  });
  const target = new EventTarget();
  const object = {
    name: 'the object',
    handleEvent(event) {
      log('handleEvent', this.name, event.type, event.currentTarget === target);
    },
  };
  target.addEventListener('a', object);
  target.addEventListener('a', function () {
    log('this is the target', this === target);
  });
  target.addEventListener('a', () => log('after'));
  target.dispatchEvent(new Event('a'));
  object.handleEvent = () => log('looked up anew');
  target.dispatchEvent(new Event('a'));
  delete object.handleEvent;
  target.dispatchEvent(new Event('a'));
  target.addEventListener('a', null);
  tried('a number', () => target.addEventListener('a', 42));
  tried('no listener', () => target.addEventListener('a'));
  done();
}

/** Stopping, cancelling, passive listeners, and dispatching what is under way. */
export function stopping() {
  const target = new EventTarget();
  target.addEventListener('a', (event) => {
    log('first');
    event.stopImmediatePropagation();
  });
  target.addEventListener('a', () => log('never'));
  log('not cancelled', target.dispatchEvent(new Event('a')));
  target.addEventListener('b', (event) => event.preventDefault());
  log('not cancelable', target.dispatchEvent(new Event('b')));
  log('cancelable', target.dispatchEvent(new Event('b', { cancelable: true })));
  target.addEventListener('c', (event) => event.preventDefault(), { passive: true });
  log('passive', target.dispatchEvent(new Event('c', { cancelable: true })));
  target.addEventListener('d', (event) => {
    tried('dispatched twice', () => target.dispatchEvent(event));
    log('trusted', event.isTrusted);
  });
  target.dispatchEvent(new Event('d'));
  tried('no event', () => target.dispatchEvent({ type: 'a' }));
  tried('an event without a type', () => new Event());
  const again = new Event('e');
  let times = 0;
  target.addEventListener('e', () => {
    times += 1;
  });
  target.dispatchEvent(again);
  target.dispatchEvent(again);
  log('one event, dispatched again', times);
  done();
}

/** Between listeners of an event that a page dispatches itself there is no checkpoint; of one from outside there is. */
export function checkpoints(at) {
  const target = new EventTarget();
  const listen = (on, type, name) =>
    on.addEventListener(type, () => {
      log(name);
      queueMicrotask(() => log(`microtask of ${name}`));
    });
  listen(target, 'a', 'one');
  listen(target, 'a', 'two');
  target.dispatchEvent(new Event('a'));
  log('dispatched');
  const socket = open(at);
  listen(socket, 'open', 'open one');
  listen(socket, 'open', 'open two');
  socket.addEventListener('open', () => setTimeout(() => socket.close(), 0));
  socket.addEventListener('close', () => setTimeout(done, 50));
}

/** Events that a page makes: what they begin with. */
export function made() {
  const plainEvent = new Event('a');
  log(
    'Event',
    plainEvent.type,
    plainEvent.bubbles,
    plainEvent.cancelable,
    plainEvent.composed,
    plainEvent.isTrusted,
    plainEvent.target,
  );
  const close = new CloseEvent('close');
  log('CloseEvent', close.code, close.reason, close.wasClean);
  const given = new CloseEvent('close', { code: 4000, reason: 'r', wasClean: true });
  log('CloseEvent', given.code, given.reason, given.wasClean);
  const message = new MessageEvent('message', { data: { a: 1 }, origin: 'o' });
  log('MessageEvent', message.data, message.origin, message.lastEventId, message.source, message.ports.length);
  const error = new ErrorEvent('error', { message: 'm', error: 7 });
  log('ErrorEvent', error.message, error.filename, error.lineno, error.error);
  const custom = new CustomEvent('c', { detail: [1] });
  log('CustomEvent', custom.detail, new CustomEvent('c').detail);
  const storage = new StorageEvent('storage', { key: 'k' });
  log('StorageEvent', storage.key, storage.oldValue, storage.newValue, storage.url);
  class Mine extends EventTarget {}
  const mine = new Mine();
  mine.addEventListener('a', (event) => log('of a class', event.target === mine));
  mine.dispatchEvent(plainEvent);
  log('names', String(plainEvent), String(close), Event.NONE, Event.AT_TARGET);
  done();
}

/** A listener that a signal takes away. */
export function signalled() {
  const target = new EventTarget();
  const controller = new AbortController();
  target.addEventListener('a', () => log('called'), { signal: controller.signal });
  target.dispatchEvent(new Event('a'));
  controller.abort();
  target.dispatchEvent(new Event('a'));
  target.addEventListener('a', () => log('never'), { signal: AbortSignal.abort() });
  target.dispatchEvent(new Event('a'));
  done();
}

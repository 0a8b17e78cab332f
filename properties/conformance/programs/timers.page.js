/** Programs of timers and turns, for a page and, where it has the same globals, for Node. */
import { done, log, nameOf, tried } from './log.js';

/** Timers fire by their time, those of one time by the order in which they were set. */
export function order() {
  setTimeout(() => log('30'), 30);
  setTimeout(() => log('10, first'), 10);
  setTimeout(() => log('20'), 20);
  setTimeout(() => log('10, second'), 10);
  setTimeout(done, 60);
}

/** Delays that are none: each fires before one of 20 ms, and those that are no number are zero. */
export function oddDelays() {
  const fired = [];
  const delays = [
    ['zero', 0],
    ['negative', -5],
    ['NaN', Number.NaN],
    ['undefined', undefined],
    ['null', null],
    ['text', 'x'],
    ['text of a number', '1'],
    ['too large', 2 ** 31],
    ['infinite', Infinity],
    ['an object', { valueOf: () => 0 }],
  ];
  for (const [name, delay] of delays) setTimeout(() => fired.push(name), delay);
  setTimeout(() => log('before 20 ms', [...fired].sort().join(', ')), 20);
  const longest = setTimeout(() => log('never'), 2 ** 31 - 1);
  setTimeout(() => {
    clearTimeout(longest);
    done();
  }, 60);
}

/** The order of zero and one: both are set before they fire. */
export function zeroAndOne() {
  setTimeout(() => log('one'), 1);
  setTimeout(() => log('zero'), 0);
  setTimeout(() => log('none'));
  setTimeout(done, 50);
}

/** Nested zero timers: from the fifth on, at least 4 ms lie between. */
export function nesting() {
  let level = 0;
  let began = performance.now();
  const waits = [];
  const next = () => {
    const now = performance.now();
    waits.push(now - began);
    began = now;
    level += 1;
    if (level < 12) setTimeout(next, 0);
    else {
      // Those that more than five are above, wherever this began: in Chromium in a timer. A busy machine makes a wait longer, never shorter.
      log(
        'at least 4 ms from the seventh on',
        waits.slice(6).every((wait) => wait >= 3.9),
      );
      done();
    }
  };
  setTimeout(next, 0);
}

/** Microtasks, promises and timers: what comes before what. */
export function turns() {
  setTimeout(() => {
    log('timer 1');
    queueMicrotask(() => log('microtask of timer 1'));
    Promise.resolve().then(() => log('promise of timer 1'));
  }, 0);
  setTimeout(() => log('timer 2'), 0);
  queueMicrotask(() => {
    log('microtask 1');
    queueMicrotask(() => log('microtask in a microtask'));
    Promise.resolve().then(() => log('promise in a microtask'));
  });
  Promise.resolve()
    .then(() => log('promise 1'))
    .then(() => log('promise 2'));
  (async () => {
    log('async begins');
    await null;
    log('async behind await');
  })();
  log('the script ends');
  setTimeout(done, 50);
}

/** An interval that is cleared within its own callback, by `clearTimeout` as well. */
export function clearing() {
  let times = 0;
  const interval = setInterval(() => {
    times += 1;
    log('interval', times);
    if (times === 3) clearInterval(interval);
  }, 10);
  const other = setInterval(() => {
    log('other interval');
    clearTimeout(other);
  }, 15);
  const timeout = setTimeout(() => log('never'), 20);
  clearInterval(timeout);
  const second = setTimeout(() => log('never: cleared by the one before'), 45);
  setTimeout(() => clearTimeout(second), 44);
  for (const nothing of [undefined, null, 0, -1, 1e9, 'x', {}]) clearTimeout(nothing);
  setTimeout(done, 100);
}

/** Of two timers that are due at once, the first clears the second. */
export function clearedByTheFirst() {
  let second = null;
  setTimeout(() => {
    log('first');
    clearTimeout(second);
  }, 10);
  second = setTimeout(() => log('never'), 10);
  setTimeout(done, 50);
}

/** What a callback is given, and what cannot be one. */
export function callbacks() {
  setTimeout(
    function (...args) {
      log('arguments', ...args);
      log('this is the window', this === globalThis);
    },
    0,
    1,
    'two',
    null,
  );
  globalThis.heard = (what) => log('from text', what);
  tried('text', () => typeof setTimeout('heard("code")', 0));
  tried('nothing', () => typeof setTimeout());
  tried('an object', () => typeof setTimeout({}, 0));
  const id = setTimeout(() => {}, 0);
  log('an id', typeof id, id > 0, setTimeout(() => {}, 0) > id);
  const interval = setInterval(() => clearInterval(interval), 1);
  setTimeout(done, 50);
}

/** A timer that throws stops neither the next nor an interval. */
export function throwing() {
  addEventListener('error', (event) => {
    log('error', event.message);
    event.preventDefault();
  });
  let times = 0;
  const interval = setInterval(() => {
    times += 1;
    log('interval', times);
    if (times === 2) clearInterval(interval);
    throw new Error(`of the interval, ${times}`);
  }, 20);
  setTimeout(() => {
    throw new Error('of the timer');
  }, 0);
  setTimeout(() => log('next'), 0);
  setTimeout(done, 100);
}

/** An interval behind a task that takes long: what was missed comes once, and the pace is kept. */
export function longTask() {
  let times = 0;
  const began = performance.now();
  const interval = setInterval(() => {
    times += 1;
    log('interval', times, `from ${Math.floor((performance.now() - began) / 100) * 100} ms on`);
    if (times === 1) while (performance.now() - began < 350);
    if (times === 4) {
      clearInterval(interval);
      done();
    }
  }, 100);
}

/** Messages of a channel come before timers, frames and idle time some time later. */
export function channels() {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = ({ data }) => log('message', data);
  setTimeout(() => log('timer of 10'), 10);
  port1.postMessage(1);
  port1.postMessage({ two: [2] });
  queueMicrotask(() => log('microtask'));
  setTimeout(() => {
    port1.close();
    done();
  }, 60);
}

/** What there is of frames and idle time, and how they can be taken back. */
export function frames() {
  const cancelled = requestAnimationFrame(() => log('never'));
  cancelAnimationFrame(cancelled);
  requestAnimationFrame((now) => {
    log('frame', typeof now, now > 0);
    requestAnimationFrame(() => log('next frame'));
  });
  setTimeout(done, 300);
}

/** `performance` and `Date`: they go forward, and the page's age is small. */
export function clocks() {
  const first = performance.now();
  const date = Date.now();
  setTimeout(() => {
    log('performance', performance.now() - first >= 49, performance.now() < 60_000);
    log('date', Date.now() - date >= 49, Number.isInteger(Date.now()));
    log('origin', Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 100);
    log('zone of a time', new Date(0).toISOString(), typeof new Date().getTimezoneOffset());
    tried('a bad date', () => new Date('nonsense').toISOString());
    done();
  }, 50);
}

/** An error in a microtask, and microtasks without end of a promise that resolves itself. */
export function microtaskErrors() {
  addEventListener('error', (event) => {
    log('error', event.message);
    event.preventDefault();
  });
  queueMicrotask(() => {
    throw new Error('first');
  });
  queueMicrotask(() => log('second'));
  tried('no function', () => queueMicrotask('x'));
  tried('nothing', () => queueMicrotask());
  new Promise(() => {
    throw new Error('in an executor');
  }).catch((error) => log('caught', error.message));
  Promise.reject(new Error('late'))
    .finally(() => log('finally'))
    .catch((error) => log('through', nameOf(error)));
  setTimeout(done, 50);
}

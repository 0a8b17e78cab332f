/** Programs of a Node process by itself: turns of its loop, its ends, its signals, its errors. */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { Buffer } from 'node:buffer';
import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { EventEmitter, on, once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { finished, PassThrough, pipeline, Readable, Transform, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import util from 'node:util';
import { later, log, nameOf, tried } from './log.js';

/** What comes first in one turn of the loop. */
export function turns() {
  setTimeout(() => log('timer'), 300);
  setImmediate(() => {
    log('immediate');
    process.nextTick(() => log('tick of immediate'));
    Promise.resolve().then(() => log('promise of immediate'));
    setImmediate(() => log('immediate of immediate'));
  });
  setImmediate(() => log('second immediate'));
  process.nextTick(() => {
    log('tick 1');
    process.nextTick(() => log('tick in a tick'));
    Promise.resolve().then(() => log('promise in a tick'));
  });
  process.nextTick((a, b) => log('tick 2', a, b), 'with', 'arguments');
  Promise.resolve().then(() => {
    log('promise 1');
    process.nextTick(() => log('tick in a promise'));
    Promise.resolve().then(() => log('promise in a promise'));
  });
  queueMicrotask(() => log('microtask'));
  log('the script ends');
}

/** Timers of one delay, zero delays, and what lies between two timers that are due at once. */
export function timers() {
  setTimeout(() => {
    log('10, first');
    process.nextTick(() => log('tick between'));
    Promise.resolve().then(() => log('promise between'));
  }, 10);
  setTimeout(() => log('10, second'), 10);
  setTimeout(() => log('zero'), 0);
  setTimeout(() => log('one'), 1);
  setTimeout((...args) => log('arguments', ...args), 2, 'a', 'b');
  const cleared = setTimeout(() => log('never'), 3);
  clearTimeout(cleared);
  const byId = setTimeout(() => log('never either'), 3);
  clearTimeout(Number(byId));
  clearTimeout(undefined);
  tried('text', () => setTimeout('code', 0));
  let times = 0;
  const interval = setInterval(() => {
    times += 1;
    log('interval', times);
    if (times === 2) clearInterval(interval);
  }, 30);
}

/** Timeouts are objects: `ref`, `unref`, `refresh`, `hasRef`. */
export async function timeouts() {
  const unrefed = setTimeout(() => log('never: nothing waits for it'), 5000).unref();
  log('hasRef', unrefed.hasRef(), setTimeout(() => {}, 0).hasRef(), typeof unrefed[Symbol.toPrimitive]());
  let fired = 0;
  const refreshed = setTimeout(() => {
    fired += 1;
    log('refreshed', fired);
    if (fired === 1) refreshed.refresh();
  }, 300);
  await later(100);
  refreshed.refresh();
  await later(150);
  log('not yet', fired);
  log('slept', await sleep(10, 'value'));
  await sleep(1000, null, { signal: AbortSignal.timeout(250) }).catch((error) => log('aborted', nameOf(error)));
  const immediate = setImmediate(() => log('never'));
  clearImmediate(immediate);
  log('an immediate', immediate.hasRef());
}

/** A process ends when nothing is left to do, or at once. */
export function ending(_at, { how }) {
  process.on('beforeExit', (code) => {
    log('beforeExit', code);
    if (how === 'again') {
      how = 'done';
      setTimeout(() => log('one more turn'), 10);
    }
  });
  process.on('exit', (code) => {
    log('exit', code, process.exitCode);
    setTimeout(() => log('never'), 0);
    Promise.resolve().then(() => log('never either'));
    if (how === 'changed') process.exitCode = 7;
  });
  if (how === 'exitCode') process.exitCode = 3;
  setTimeout(() => {
    log('timer');
    if (how === 'exit') process.exit(4);
    if (how === 'exit without') process.exit();
    log('behind exit');
  }, 10);
}

/** An error that nobody catches, with and without somebody who listens for it. */
export function uncaught(_at, { how }) {
  if (how.includes('caught')) {
    process.on('uncaughtException', (error, origin) => {
      log('uncaughtException', error instanceof Error ? error.message : error, origin);
    });
  }
  if (how.includes('rejections')) {
    process.on('unhandledRejection', (reason, promise) =>
      log('unhandledRejection', reason.message, promise instanceof Promise),
    );
    process.on('rejectionHandled', () => log('rejectionHandled'));
  }
  process.on('exit', (code) => log('exit', code));
  setTimeout(() => log('the next timer'), 30);
  setTimeout(() => {
    Promise.resolve().then(() => log('promise'));
    process.nextTick(() => log('tick'));
    if (how.includes('rejects')) {
      const late = Promise.reject(new Error('rejected'));
      setImmediate(() => log('immediate'));
      if (how.includes('late')) setTimeout(() => late.catch(() => log('caught late')), 10);
      return;
    }
    if (how.includes('emits')) new EventEmitter().emit('error', new Error('emitted'));
    if (how.includes('string')) throw 'a string';
    throw new Error('thrown');
  }, 10);
}

/** SIGTERM: without a listener the process is gone, with one it goes on. */
export function signalled({ port }, { listens }) {
  process.on('exit', (code) => log('exit', code));
  const interval = setInterval(() => {}, 1000);
  if (listens) {
    process.on('SIGTERM', (signal, number) => {
      log('told', signal, number);
      clearInterval(interval);
      setTimeout(() => log('cleaned up'), 50);
    });
  }
  log('waits', typeof port);
  console.log('log: ready');
}

/** A store that follows through everything that is asynchronous. */
export async function context() {
  const store = new AsyncLocalStorage();
  const emitter = new EventEmitter();
  emitter.on('event', () => log('emitter', store.getStore()));
  log('outside', store.getStore());
  const result = store.run('a', () => {
    setTimeout(() => {
      log('timer', store.getStore());
      emitter.emit('event');
    }, 400);
    setImmediate(() => log('immediate', store.getStore()));
    process.nextTick(() => log('tick', store.getStore()));
    queueMicrotask(() => log('microtask', store.getStore()));
    const interval = setInterval(() => {
      log('interval', store.getStore());
      clearInterval(interval);
    }, 300);
    return 'result';
  });
  log('run gives', result, store.getStore());
  await store.run('b', async () => {
    await null;
    log('behind await', store.getStore());
    await store.run('inner', async () => {
      await later(5);
      log('inner', store.getStore());
    });
    log('outer again', store.getStore());
    await Promise.all(
      [1, 2].map(async (n) => {
        await store.run(`p${n}`, () => later(1));
        log('each', n, store.getStore());
      }),
    );
    log(
      'exit',
      store.exit(() => store.getStore()),
      store.getStore(),
    );
    const bound = AsyncResource.bind(() => store.getStore());
    const snapshot = AsyncLocalStorage.snapshot();
    await store.run('c', async () => {
      log(
        'bound',
        bound(),
        snapshot(() => store.getStore()),
        store.getStore(),
      );
      emitter.emit('event');
    });
  });
  log('outside again', store.getStore());
  store.enterWith('entered');
  await null;
  log('entered', store.getStore());
  const thenable = { then: (resolve) => resolve(store.getStore()) };
  log('thenable', await store.run('t', async () => thenable));
  const rejected = store.run('r', () => Promise.reject(new Error('x')));
  await rejected.catch(() => log('catch', store.getStore()));
}

/** Emitters: order, errors, once, what happens while they emit. */
export async function emitters() {
  const emitter = new EventEmitter();
  emitter.on('newListener', (event) => {
    if (event !== 'newListener') log('newListener', event);
  });
  emitter.on('a', () => log('first'));
  emitter.prependListener('a', () => log('prepended'));
  emitter.once('a', () => log('once'));
  log('emitted', emitter.emit('a'), emitter.emit('a'), emitter.emit('none'));
  log('counts', emitter.listenerCount('a'), emitter.eventNames().join(), EventEmitter.defaultMaxListeners);
  const gone = () => log('removed during the emit, called once more');
  emitter.on('b', () => emitter.off('b', gone));
  emitter.on('b', gone);
  emitter.emit('b');
  emitter.emit('b');
  tried('an error nobody listens for', () => emitter.emit('error', new RangeError('mine')));
  tried('what is no error', () => emitter.emit('error', 'text'));
  emitter.on('error', (error) => log('error', error.message));
  log('heard', emitter.emit('error', new Error('heard')));
  tried('no function', () => emitter.on('c', 'text'));
  setTimeout(() => emitter.emit('later', 1, 2), 5);
  log('once', ...(await once(emitter, 'later')));
  setTimeout(() => emitter.emit('error', new Error('instead')), 5);
  await once(emitter, 'never').catch((error) => log('once rejects', error.message));
  setTimeout(() => {
    emitter.emit('many', 1);
    emitter.emit('many', 2);
  }, 5);
  for await (const [value] of on(emitter, 'many')) {
    log('on', value);
    if (value === 2) break;
  }
  const target = new EventTarget();
  setTimeout(() => target.dispatchEvent(new Event('x')), 1);
  log('of a target', (await once(target, 'x'))[0].type);
  const capturing = new EventEmitter({ captureRejections: true });
  capturing.on('x', async () => {
    throw new Error('captured');
  });
  capturing.on('error', (error) => log('captured', error.message));
  capturing.emit('x');
  await later(5);
}

/** Streams: the order of their events, errors, pipelines, back-pressure. */
export async function streams() {
  const through = new PassThrough({ highWaterMark: 4 });
  for (const event of ['pause', 'resume', 'drain', 'finish', 'end', 'close', 'readable'])
    if (event !== 'readable') through.on(event, () => log(event));
  log('write', through.write('ab'), through.write('cdef'), through.writableNeedDrain);
  through.on('data', (data) => log('data', data.toString()));
  await later(5);
  through.end('g');
  await once(through, 'close');
  const failing = new Transform({
    transform(chunk, _encoding, next) {
      next(new Error(`cannot ${chunk}`));
    },
  });
  pipeline(Readable.from(['x', 'y']), failing, new PassThrough(), (error) => log('pipeline', error.message));
  await later(10);
  const written = [];
  const sink = new Writable({
    objectMode: true,
    write(chunk, _encoding, next) {
      written.push(chunk);
      setImmediate(next);
    },
    final(next) {
      log('final');
      next();
    },
  });
  finished(sink, (error) => log('finished', error));
  Readable.from([1, 2, 3]).pipe(sink);
  await once(sink, 'finish');
  log('written', written.join());
  const early = new Readable({ read() {} });
  finished(early, (error) => log('premature', error.code));
  early.on('error', (error) => log('never', error));
  early.destroy();
  early.push('x');
  await later(5);
  const after = new Writable({ write: (_chunk, _encoding, next) => next() });
  after.on('error', (error) => log('error', error.code));
  after.end();
  log(
    'write after end',
    after.write('x', (error) => log('callback', error.code)),
  );
  await later(5);
  tried('null', () => new Writable().write(null));
  const upper = Readable.from(['a', 'b']).map((text) => text.toUpperCase());
  log('mapped', (await upper.toArray()).join());
}

/** Buffers, digests, and the other modules that anybody uses. */
export function modules() {
  const buffer = Buffer.from('héllo');
  log(
    'buffer',
    buffer.length,
    buffer.toString('hex'),
    buffer.toString('base64'),
    buffer.toString('base64url'),
    Buffer.from('68', 'hex').toString(),
  );
  log(
    'reads',
    buffer.readUInt16BE(0),
    buffer.readInt8(1),
    Buffer.alloc(8, 1).readBigUInt64LE(0),
    buffer.indexOf('l'),
    buffer.equals(Buffer.from('héllo')),
  );
  const part = buffer.subarray(0, 2);
  part[0] = 72;
  log('shares', buffer.toString(), Buffer.isBuffer(part), part instanceof Uint8Array);
  log(
    'compares',
    Buffer.compare(Buffer.from('a'), Buffer.from('b')),
    Buffer.concat([part, Buffer.from('!')]).toString('latin1'),
    Buffer.byteLength('é'),
  );
  log('json', JSON.stringify(Buffer.from([1, 2])), buffer.inspect());
  tried('out of range', () => buffer.readUInt32BE(4));
  tried('of a number', () => Buffer.from(5));
  log(
    'sha1',
    createHash('sha1').update('a').update('b').digest('hex'),
    createHash('sha256').update('').digest('base64'),
  );
  log('hmac', createHmac('sha256', 'key').update('data').digest('hex'));
  log('md5', createHash('md5').update('x').digest('hex'));
  tried('no such digest', () => createHash('nonsense'));
  log('random', randomBytes(8).length, randomUUID().length, timingSafeEqual(Buffer.from('a'), Buffer.from('a')));
  log(
    'path',
    path.join('/a', '../b', 'c.txt'),
    path.extname('x.tar.gz'),
    path.basename('/q/r.s', '.s'),
    path.resolve('/x', 'y'),
  );
  log('os', typeof os.hostname(), os.EOL, os.cpus().length > 0, typeof os.platform());
  log(
    'util',
    util.format('%s %d %i %j %o %%', 's', 1.5, 2.7, { a: 1 }, [1]),
    util.inspect({ a: { b: { c: { d: 1 } } }, f: () => {}, m: new Map([[1, 2]]) }),
  );
  log(
    'types',
    util.types.isPromise(Promise.resolve()),
    util.isDeepStrictEqual({ a: [1] }, { a: [1] }),
    util.inspect('q'),
    util.inspect(new Error('e').message),
  );
  log('promisify', typeof util.promisify(setTimeout), util.inherits.length, util.deprecate(() => 5, 'old')());
  log(
    'process',
    typeof process.pid,
    process.argv.length > 0,
    typeof process.version,
    process.title === undefined,
    typeof process.hrtime.bigint(),
    process.uptime() >= 0,
    typeof process.memoryUsage().heapUsed,
  );
  log('env', typeof process.env.NOTHING, process.platform.length > 0, typeof process.cwd());
  log(
    'globals',
    typeof WebSocket,
    typeof fetch,
    typeof structuredClone,
    typeof performance.now(),
    typeof window,
    typeof global,
    global === globalThis,
  );
}

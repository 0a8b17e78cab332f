/** Programs of what else a page stands on: URLs, text, clones, signals, blobs, dice. */
import { done, later, log, nameOf, tried } from './log.js';

/** URLs as they are written and as they come out. */
export function urls() {
  const base = 'http://Example.com:80/a/b/../c?q=1#f';
  const url = new URL(base);
  log('parts', url.href, url.host, url.port, url.pathname, url.search, url.hash, url.origin);
  for (const [text, against] of [
    ['../x', base],
    ['//other/y', base],
    ['?z', base],
    ['#g', base],
    ['', base],
    ['ws:x', base],
    ['x'],
    ['http://'],
    ['http://a b/'],
    ['http://a:99999/'],
    ['http://[::1]:8080/'],
    ['http://1.2.3'],
    ['http://0x7f.1/'],
    ['http://münchen.de/ä?ö#ü'],
    ['wss://h:443/'],
    ['ws://h:443/'],
    [' http://h/ \n'],
    ['http:\\\\h\\p'],
    ['http://u:p@h/'],
    ['data:text/plain,x'],
    ['mailto:a@b'],
    ['http://h/%7Ef%zz'],
    ['http://h/a%2e%2e/b'],
    ['http://H%41/'],
  ]) {
    tried(`${JSON.stringify(text)}${against === undefined ? '' : ' against it'}`, () => new URL(text, against).href);
  }
  log('canParse', URL.canParse('http://h'), URL.canParse('nothing'));
  url.searchParams.append('é', 'a b&c');
  url.port = '8080';
  url.hash = '';
  url.protocol = 'https';
  url.hostname = '';
  log('changed', url.href, JSON.stringify(url), String(url.searchParams));
  const params = new URLSearchParams('a=1&b=2&a=3&c&=d&%zz=+x');
  log('params', [...params].join(';'), params.getAll('a').join(), params.has('c'), params.get('none'), params.size);
  params.sort();
  params.delete('a', '1');
  log('sorted', params.toString());
  log('made', new URLSearchParams({ x: '1', y: 'ü' }).toString(), new URLSearchParams([['k', 'v']]).toString());
  done();
}

/** Text into bytes and back. */
export function text() {
  const bytes = (...of) => new Uint8Array(of);
  log('encoded', [...new TextEncoder().encode('aé€\u{1F600}\uD800')].join());
  log('into', JSON.stringify(new TextEncoder().encodeInto('€€', new Uint8Array(5))));
  log(
    'decoded',
    new TextDecoder().decode(bytes(0xef, 0xbb, 0xbf, 0x61)),
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(0xef, 0xbb, 0xbf, 0x61)).length,
  );
  log('broken', new TextDecoder().decode(bytes(0x61, 0xff, 0xe2, 0x82, 0x62, 0xf0, 0x9f, 0x98, 0xed, 0xa0, 0x80)));
  tried('fatal', () => new TextDecoder('utf-8', { fatal: true }).decode(bytes(0xc0, 0x80)));
  const stream = new TextDecoder();
  log(
    'in pieces',
    stream.decode(bytes(0xe2), { stream: true }),
    stream.decode(bytes(0x82, 0xac, 0xe2), { stream: true }),
    stream.decode(),
  );
  log(
    'others',
    new TextDecoder('utf8').encoding,
    new TextDecoder('latin1').encoding,
    new TextDecoder('utf-16le').decode(bytes(0x61, 0)),
  );
  log('latin1', new TextDecoder('latin1').decode(bytes(0x80, 0xe9)));
  tried('unknown', () => new TextDecoder('nonsense'));
  tried('btoa', () => btoa('aé'));
  tried('btoa of more', () => btoa('€'));
  tried('atob', () => atob(' YQ = = '));
  tried('atob of nonsense', () => atob('a'));
  log('escapes', encodeURIComponent('a b/ü'), decodeURIComponent('%C3%BC'), escape('ü'));
  tried('bad escape', () => decodeURIComponent('%'));
  done();
}

/** What `structuredClone` copies, and what it refuses. */
export function clones() {
  const cyclic = { name: 'c' };
  cyclic.self = cyclic;
  const copy = structuredClone(cyclic);
  log('cycle', copy !== cyclic, copy.self === copy);
  const shared = [1];
  const twice = structuredClone([shared, shared]);
  log('shared', twice[0] === twice[1], twice[0] !== shared);
  const kinds = structuredClone({
    date: new Date(5),
    map: new Map([[1, new Set(['x'])]]),
    re: /a/gi,
    big: 10n,
    undef: undefined,
    nan: Number.NaN,
    zero: -0,
    boxed: Object('s'),
  });
  log(
    'kinds',
    kinds.date.getTime(),
    kinds.map.get(1).has('x'),
    kinds.re.flags,
    kinds.re.lastIndex,
    kinds.big,
    'undef' in kinds,
    kinds.nan,
    kinds.zero,
    typeof kinds.boxed,
  );
  const error = structuredClone(new RangeError('r', { cause: 'c' }));
  log('error', error instanceof RangeError, error.message, error.cause, error.name);
  class Point {
    constructor() {
      this.x = 1;
    }
    get y() {
      return 2;
    }
  }
  const point = structuredClone(new Point());
  log('class', point instanceof Point, point.x, point.y, Object.getPrototypeOf(point) === Object.prototype);
  const getter = structuredClone({
    get z() {
      return 3;
    },
  });
  log('getter', getter.z, Object.getOwnPropertyDescriptor(getter, 'z').writable);
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const view = structuredClone(bytes.subarray(1, 3));
  log('view', view.byteOffset, view.buffer.byteLength, view.join());
  const moved = structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  log('moved', moved.byteLength, bytes.byteLength);
  const holes = structuredClone([1, , 3]);
  log('holes', holes.length, 1 in holes);
  tried('a function', () => structuredClone(() => {}));
  tried('a symbol', () => structuredClone(Symbol('s')));
  tried('a promise', () => structuredClone(Promise.resolve()));
  tried('a weak map', () => structuredClone(new WeakMap()));
  tried('an event target', () => structuredClone(new EventTarget()));
  tried('nothing', () => structuredClone());
  tried('deep', () => structuredClone({ a: [{ b: () => {} }] }));
  done();
}

/** Signals: reasons, time-outs, several in one. */
export async function signals() {
  const controller = new AbortController();
  const { signal } = controller;
  log('begins', signal.aborted, signal.reason);
  signal.onabort = (event) => log('onabort', event.type, event.isTrusted, signal.reason.name);
  signal.addEventListener('abort', () => log('listener'));
  controller.abort();
  controller.abort('again');
  log('aborted', signal.aborted, nameOf(signal.reason), signal.reason.code);
  tried('throwIfAborted', () => signal.throwIfAborted());
  log('given reason', AbortSignal.abort('why').reason, AbortSignal.abort(undefined).reason.name);
  const first = new AbortController();
  const second = new AbortController();
  const any = AbortSignal.any([first.signal, second.signal]);
  any.addEventListener('abort', () => log('any aborted', any.reason));
  first.signal.addEventListener('abort', () => log('first aborted', any.aborted));
  first.abort('the first');
  second.abort('the second');
  log('any', any.reason, AbortSignal.any([]).aborted, AbortSignal.any([AbortSignal.abort(1)]).aborted);
  const timeout = AbortSignal.timeout(30);
  timeout.addEventListener('abort', () => log('timeout', nameOf(timeout.reason), timeout.reason.code));
  await later(80);
  log('timed out', timeout.aborted);
  tried('constructed', () => new AbortSignal());
  done();
}

/** Blobs: sizes, slices, what is read of them, and when. */
export async function blobs() {
  const blob = new Blob(['a', new Uint8Array([98]), new Blob(['c']), 'é\n'], { type: 'Text/Plain' });
  log('blob', blob.size, blob.type, String(blob));
  log('text', await blob.text());
  log('slice', await blob.slice(1, 3, 'x/y').text(), blob.slice(-2).size, blob.slice(2, 1).size);
  log('bytes', new Uint8Array(await blob.arrayBuffer()).join());
  const file = new File(['x'], 'name.txt', { type: 'text/plain', lastModified: 5 });
  log('file', file.name, file.size, file.lastModified, file instanceof Blob);
  tried('no list', () => new Blob('text'));
  setTimeout(() => log('a timer set first'), 50);
  await blob.text();
  log('read before a timer of 50');
  setTimeout(done, 100);
}

/** Dice and digests: their shapes, since their values are luck. */
export async function dice() {
  log('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()));
  const bytes = new Uint8Array(32);
  log(
    'bytes',
    crypto.getRandomValues(bytes) === bytes,
    bytes.some((byte) => byte !== 0),
  );
  tried('too many', () => crypto.getRandomValues(new Uint8Array(65_537)));
  tried('floats', () => crypto.getRandomValues(new Float32Array(2)));
  const random = Math.random();
  log('random', random >= 0 && random < 1, Math.random() !== random);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'));
  log('digest', [...new Uint8Array(digest)].slice(0, 4).join());
  await crypto.subtle.digest('NONE', new Uint8Array(1)).catch((error) => log('unknown digest', nameOf(error)));
  done();
}

/** DOMException, and what its codes are. */
export function exceptions() {
  const error = new DOMException('m', 'AbortError');
  log('made', error.name, error.message, error.code, error instanceof Error, String(error));
  log('unnamed', new DOMException().name, new DOMException('x', 'Mine').code);
  log('codes', DOMException.SYNTAX_ERR, DOMException.ABORT_ERR, DOMException.INVALID_STATE_ERR);
  log('stack', typeof error.stack);
  log(
    'error',
    String(new TypeError('t')),
    new Error('a', { cause: 'b' }).cause,
    new AggregateError([1], 'g').errors.length,
  );
  done();
}

/** What is not there, or is deliberately taken away, is told by `typeof`. */
export function present() {
  for (const name of [
    'WebSocket',
    'fetch',
    'EventTarget',
    'AbortController',
    'BroadcastChannel',
    'structuredClone',
    'queueMicrotask',
    'TextDecoder',
    'URL',
    'Blob',
    'File',
    'FormData',
    'Headers',
    'Request',
    'Response',
    'MessageChannel',
    'performance',
    'crypto',
    'localStorage',
    'sessionStorage',
    'navigator',
    'document',
    'location',
    'history',
    'requestAnimationFrame',
    'requestIdleCallback',
    'EventSource',
    'XMLHttpRequest',
    'ReadableStream',
    'Worker',
    'SharedWorker',
    'indexedDB',
    'WebAssembly',
    'WeakRef',
    'FinalizationRegistry',
    'SharedArrayBuffer',
    'Atomics',
    'Intl',
    'WebTransport',
    'RTCPeerConnection',
    'CompressionStream',
    'WebSocketStream',
    'alert',
    'postMessage',
    'reportError',
    'caches',
    'DOMParser',
    'MutationObserver',
    'HTMLElement',
    'Notification',
    'matchMedia',
    'getComputedStyle',
    'Image',
    'scheduler',
    'cookieStore',
  ]) {
    let type;
    try {
      type = typeof globalThis[name];
    } catch (error) {
      type = nameOf(error);
    }
    log(name, type);
  }
  done();
}

/** Dates and numbers in words: the realm's language is American English, its zone is UTC. */
export function words() {
  const date = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6));
  log('iso', date.toISOString(), JSON.stringify(date));
  log('in UTC', date.toLocaleString('en-US', { timeZone: 'UTC' }));
  log('number', (1_234_567.891).toLocaleString('en-US'), (0.256).toLocaleString('en-US', { style: 'percent' }));
  log('format', new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(date));
  log('compare', ['b', 'a', 'C'].sort((a, b) => a.localeCompare(b)).join());
  done();
}

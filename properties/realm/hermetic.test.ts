/** Nothing of the host can be reached from inside of a realm: an object of one side is the way to all of it. */
import { expect, test } from 'vitest';
import { alone } from './alone.ts';

/** Goes everywhere, and says where an object is found whose last prototype is not this realm's own. */
const WALK = `
  const seen = new Set();
  const strangers = [];
  const last = (value) => {
    for (let at = value; ; ) {
      const next = Object.getPrototypeOf(at);
      if (next === null) return at;
      at = next;
    }
  };
  const visit = (value, path) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    const end = last(value);
    if (end !== Object.prototype && end !== value) strangers.push(path);
    for (const key of Reflect.ownKeys(value)) {
      const { value: held, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
      visit(held, path + '.' + String(key));
      visit(get, path + '.get ' + String(key));
      visit(set, path + '.set ' + String(key));
      // What a getter gives.
      if (get !== undefined) {
        try { visit(value[key], path + '.' + String(key)); } catch (error) { visit(error, path + '.' + String(key) + ' throws'); }
      }
    }
    visit(Object.getPrototypeOf(value), path + '.__proto__');
  };
  visit(globalThis, 'globalThis');
  const attempt = (name, make) => { try { visit(make(), name); } catch (error) { visit(error, name + ' throws'); } };
`;

const PAGE = `${WALK}
  attempt('JSON', () => JSON.parse('{'));
  attempt('encoder', () => new TextEncoder().encode('text'));
  attempt('clone', () => structuredClone({ a: [new Map([[1, new Date()]])] }));
  attempt('random', () => crypto.getRandomValues(new Uint8Array(4)));
  attempt('url', () => new URL('http://server/?a=1').searchParams);
  attempt('bad url', () => new URL('no'));
  attempt('event', () => new MessageEvent('message', { data: {} }));
  attempt('abort', () => AbortSignal.abort().reason);
  attempt('socket', () => new WebSocket('no: url'));
  attempt('fetch', () => fetch('http://server/'));
  attempt('worker', () => new Worker('x.js'));
  attempt('huge', () => new Uint8Array(2 ** 32));
  attempt('global', () => Function('return this')());
  attempt('deep', () => { const deep = () => deep(); deep(); });
  console.log(seen.size > 500, strangers.slice(0, 5).join());
`;

test('A page reaches nothing of the host', () => {
  expect(alone(PAGE).said).toEqual(['true ']);
});

test('A Node process reaches nothing of the host, in no built-in module', () => {
  const modules = [
    'events',
    'stream',
    'buffer',
    'crypto',
    'http',
    'net',
    'url',
    'util',
    'path',
    'os',
    'timers',
    'process',
    'async_hooks',
  ];
  const code = `${WALK}
    for (const name of ${JSON.stringify(modules)}) attempt(name, () => require(name));
    attempt('digest', () => require('crypto').createHash('sha256').update('x').digest());
    attempt('bytes', () => require('crypto').randomBytes(4));
    attempt('buffer', () => Buffer.from('x'));
    attempt('none', () => require('fs').readFileSync('/etc/passwd'));
    attempt('unknown', () => require('nothing-of-that-name'));
    console.log(seen.size > 1000, strangers.slice(0, 5).join());`;
  expect(alone(code, { profile: 'node' }).said).toEqual(['true ']);
});

test.each(['WeakRef', 'FinalizationRegistry', 'Atomics', 'SharedArrayBuffer', 'WebAssembly'])(
  'A realm has no %s, which lets in what differs between machines',
  (name) => {
    expect(alone(`console.log(typeof ${name})`).said).toEqual(['undefined']);
  },
);

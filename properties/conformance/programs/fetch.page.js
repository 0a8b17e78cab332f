/** Programs of `fetch` with small whole bodies: what a token refresh or a configuration needs. */
import { done, later, log, nameOf, tried } from './log.js';

async function asked(what, call) {
  try {
    const response = await call();
    log(
      what,
      response.status,
      response.ok,
      response.statusText,
      response.redirected,
      response.type,
      await response.text(),
    );
    return response;
  } catch (error) {
    log(what, 'rejects', nameOf(error));
    return null;
  }
}

/** One request, and everything that a response says of itself. */
export async function whole({ http }) {
  const response = await fetch(`${http}/json`, { headers: { Accept: 'application/json', 'X-Mine': 'a' } });
  log(
    'response',
    response.status,
    response.ok,
    response.statusText,
    response.type,
    response.url.replace(http, 'HTTP'),
    response.redirected,
  );
  log(
    'headers',
    response.headers.get('content-type'),
    response.headers.get('X-Many'),
    response.headers.has('none'),
    response.headers.get('none'),
  );
  log('body', response.bodyUsed, await response.json(), response.bodyUsed);
  await response.text().catch((error) => log('twice', nameOf(error)));
  done();
}

/** One request for each status. */
export async function statuses({ http }, list) {
  for (const status of list) await asked(status, () => fetch(`${http}/status/${status}`));
  done();
}

/** Methods and bodies: what the server is sent. */
export async function bodies({ http }) {
  const post = (body, headers) =>
    fetch(`${http}/echo`, { method: 'POST', body, ...(headers ? { headers } : {}) }).then((response) =>
      response.text(),
    );
  log('text', await post('téxt'));
  log('json', await post('{}', { 'Content-Type': 'application/json' }));
  log('params', await post(new URLSearchParams({ a: 'b c' })));
  log('bytes', await post(new Uint8Array([1, 2])));
  log('blob', await post(new Blob(['x'], { type: 'a/b' })));
  log('nothing', await post(undefined));
  log('put', await fetch(`${http}/echo`, { method: 'put', body: '' }).then((response) => response.text()));
  log('delete', await fetch(`${http}/echo`, { method: 'DELETE' }).then((response) => response.text()));
  log(
    'patch stays as it is',
    await fetch(`${http}/echo`, { method: 'patch', body: 'p' }).then((response) => response.text()),
  );
  log(
    'head',
    await fetch(`${http}/json`, { method: 'HEAD' }).then(
      async (response) => `${response.status} ${await response.text()}`,
    ),
  );
  await asked('a body with GET', () => fetch(`${http}/echo`, { body: 'x' }));
  await asked('a bad method', () => fetch(`${http}/echo`, { method: 'B AD' }));
  await asked('a forbidden method', () => fetch(`${http}/echo`, { method: 'CONNECT' }));
  await asked('a bad header', () => fetch(`${http}/echo`, { headers: { 'a b': 'c' } }));
  done();
}

/** What cannot be had. */
export async function failing({ http }) {
  await asked('refused', () => fetch(`${http}/`));
  await asked('no URL', () => fetch('http://'));
  await asked('another scheme', () => fetch('nonsense://x/'));
  done();
}

/** A server that ends the connection without an answer, in the middle of a head, in the middle of a body. */
export async function cutOff({ http }) {
  await asked('cut off', () => fetch(`${http}/`));
  done();
}

/** Aborted before, during, and after. */
export async function aborted({ http }) {
  await asked('before', () => fetch(`${http}/json`, { signal: AbortSignal.abort() }));
  await asked('before, with a reason', () =>
    fetch(`${http}/json`, { signal: AbortSignal.abort(new RangeError('mine')) }),
  );
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  await asked('during', () => fetch(`${http}/slow`, { signal: controller.signal }));
  await asked('timed out', () => fetch(`${http}/slow`, { signal: AbortSignal.timeout(100) }));
  const late = new AbortController();
  const response = await fetch(`${http}/json`, { signal: late.signal });
  const text = await response.text();
  late.abort();
  log('after', text.length > 0);
  await later(50);
  done();
}

/** Redirects: followed, refused, shown. */
export async function redirects({ http }) {
  for (const status of [301, 302, 303, 307, 308]) {
    await asked(`post ${status}`, () => fetch(`${http}/redirect/${status}`, { method: 'POST', body: 'b' }));
  }
  await asked('error', () => fetch(`${http}/redirect/302`, { redirect: 'error' }));
  await asked('manual', () => fetch(`${http}/redirect/302`, { redirect: 'manual' }));
  await asked('for ever', () => fetch(`${http}/round`));
  done();
}

/** Order: a response's promise, microtasks, timers; two requests at once. */
export async function orders({ http }) {
  fetch(`${http}/slow`).then(() => log('slow answered'));
  fetch(`${http}/json`).then(() => log('fast answered'));
  queueMicrotask(() => log('microtask'));
  log('asked');
  await later(600);
  done();
}

/** The classes of fetch by themselves. */
export async function classes() {
  const headers = new Headers({ B: '2', a: '1' });
  headers.append('a', '3');
  log('headers', [...headers].join(';'), headers.get('A'));
  headers.delete('b');
  log('deleted', headers.has('b'));
  tried('a bad name', () => headers.set('a b', 'c'));
  tried('a bad value', () => headers.set('a', 'b\nc'));
  const response = new Response('body', { status: 201, headers: { x: 'y' } });
  const copy = response.clone();
  log(
    'response',
    response.status,
    response.ok,
    response.headers.get('x'),
    response.headers.get('content-type'),
    await response.text(),
    await copy.text(),
  );
  log('json', await Response.json({ a: 1 }).text());
  tried('a bad status', () => new Response('', { status: 99 }));
  tried('a body that must not be', () => new Response('x', { status: 204 }));
  await new Response('{').json().catch((error) => log('bad json', nameOf(error)));
  const request = new Request('/relative', { method: 'POST', body: 'b' });
  log('request', request.method, request.url.replace(location.origin, 'ORIGIN'), await request.text());
  tried('copied after use', () => request.clone());
  const form = new FormData();
  form.append('a', '1');
  log('form', form.get('a'), [...form.keys()].join());
  done();
}

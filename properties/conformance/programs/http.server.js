/** Plain HTTP servers: what pages fetch, and what upgrades. */
import { createServer } from 'node:http';
import { log, ready } from './log.js';

/** Each path is one way to answer. */
export function answering({ port }) {
  const server = createServer((request, response) => {
    const [, what, more] = request.url.split('/');
    if (what === 'json') {
      log('asked', request.method, request.url, request.headers.accept, request.headers['x-mine']);
      response.writeHead(200, { 'Content-Type': 'application/json', 'X-Many': ['a', 'b'] });
      response.end('{"a":1}');
    } else if (what === 'status') {
      const status = Number(more);
      response.writeHead(status, status === 429 || status === 503 ? { 'Retry-After': '1' } : {});
      response.end([204, 205, 304].includes(status) ? undefined : `says ${status}`);
    } else if (what === 'echo') echo(request, response);
    else if (what === 'slow') {
      const timer = setTimeout(() => response.end('late'), 300);
      response.on('close', () => {
        clearTimeout(timer);
        if (!response.writableFinished) log('gave up', request.url);
      });
    } else if (what === 'redirect') {
      response.writeHead(Number(more), { Location: '/echo' });
      response.end();
    } else if (what === 'round') {
      response.writeHead(302, { Location: '/round' });
      response.end();
    } else {
      response.writeHead(404);
      response.end();
    }
  });
  server.listen(port, ready);
}

function echo(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { 'content-type': type = 'no type', 'content-length': length = 'no length' } = request.headers;
    response.end(`${request.method} ${type} ${length} ${Buffer.concat(chunks).toString('latin1')}`);
  });
}

/** A server whose handler of `upgrade` refuses in its own words, and which answers what is no upgrade. */
export function upgrading({ port }, { answer, wait = 0 }) {
  const server = createServer((request, response) => {
    log('request', request.method, request.url);
    response.end('no upgrade');
  });
  server.on('upgrade', (request, socket, head) => {
    log('upgrade', request.method, request.url, request.headers.upgrade, head.length);
    socket.on('error', (error) => log('socket error', error.code));
    socket.on('close', () => log('socket closed'));
    setTimeout(() => socket.end(answer), wait);
  });
  server.listen(port, ready);
}

/** A server that nobody told of upgrades. */
export function plainly({ port }) {
  const server = createServer((request, response) => {
    log('request', request.method, request.url, request.headers.upgrade);
    response.end('plain');
  });
  server.listen(port, ready);
}

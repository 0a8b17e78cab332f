/** Servers of the published `ws`, each with its one way to behave. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { log, ready } from './log.js';

export function heard(socket, name = '') {
  socket.on('message', (data, binary) =>
    log(`${name}message`, data.length > 64 ? data.length : data.toString(), binary),
  );
  socket.on('ping', (data) => log(`${name}ping`, data.toString()));
  socket.on('pong', (data) => log(`${name}pong`, data.toString()));
  socket.on('error', (error) => log(`${name}error`, error.code, error.message));
  socket.on('close', (code, reason) => log(`${name}close`, code, reason.toString(), socket.readyState));
}

/** Sends back what it is sent, and greets where it is told to. */
export function echo({ port }, { greeting, options = {}, quiet = false } = {}) {
  const server = new WebSocketServer({ port, ...options }, ready);
  server.on('connection', (socket, request) => {
    if (!quiet) log('connection', request.url, socket.protocol, socket.extensions);
    if (!quiet) heard(socket);
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    if (greeting !== undefined) socket.send(greeting);
  });
}

/** Does one thing to each connection, some time after it was made. */
export function doing({ port }, { wait = 0, call, args = [], options = {}, before = [] }) {
  const server = new WebSocketServer({ port, ...options }, ready);
  server.on('connection', (socket) => {
    log('connection');
    heard(socket);
    for (const each of before) socket.send(each);
    const act = () => {
      log(call, socket.readyState);
      socket[call](...args);
    };
    if (wait === 0) act();
    else setTimeout(act, wait);
  });
}

/** Chooses a subprotocol by `handleProtocols`. */
export function choosing({ port }, { choice }) {
  const server = new WebSocketServer(
    {
      port,
      handleProtocols: (offered) => {
        log('offered', [...offered].join(' '));
        return choice;
      },
    },
    ready,
  );
  server.on('connection', (socket) => {
    log('connection', socket.protocol);
    heard(socket);
  });
}

/** An `http.Server` whose upgrades are judged first: refused in the raw way that `ws` documents, or by `verifyClient`. */
export function guarded({ port }, { verify }) {
  const http = createServer();
  const server = new WebSocketServer(
    verify
      ? {
          server: http,
          verifyClient: (info, answer) => answer(info.req.url === '/good', 401, 'Who are you', { 'Retry-After': '5' }),
        }
      : { noServer: true },
  );
  server.on('connection', (socket, request) => {
    log('connection', request.url);
    heard(socket);
    socket.send('welcome');
  });
  if (!verify) {
    http.on('upgrade', (request, socket, head) => {
      socket.on('error', (error) => log('socket error', error.code));
      if (request.url === '/good') {
        server.handleUpgrade(request, socket, head, (webSocket) => server.emit('connection', webSocket, request));
        return;
      }
      log('refuses', request.url);
      socket.write('HTTP/1.1 401 Unauthorized\r\n\r\n');
      socket.destroy();
    });
  }
  http.listen(port, ready);
}

/** Ends all when it is told to by SIGTERM: stops listening, says 1001, and goes when everybody has gone. */
export function draining({ port }) {
  const server = new WebSocketServer({ port }, ready);
  server.on('connection', (socket) => {
    log('connection');
    heard(socket);
    socket.send('welcome');
  });
  process.on('SIGTERM', (signal, number) => {
    log('told', signal, number, server.clients.size);
    server.close((error) => log('server closed', error, server.clients.size));
    for (const client of server.clients) client.close(1001, 'drain');
  });
  process.on('exit', (code) => log('exit', code));
}

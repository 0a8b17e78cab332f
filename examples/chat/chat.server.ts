/** The room: a log in memory, and everybody who listens to it. */
import { createServer } from 'node:http';
import { probe } from 'hangup/probe';
import { type WebSocket, WebSocketServer } from 'ws';

const log: string[] = [];
/** The keys of what is in the log: what is said again is heard, and not written again. */
const keys = new Set<string>();
const listeners = new Set<WebSocket>();

const http = createServer();
const server = new WebSocketServer({ server: http });

server.on('connection', (socket) => {
  const send = (message: object): void => socket.send(JSON.stringify(message));
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  // Who does not answer is gone, though nobody said so.
  const watch = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, 10_000);
  socket.on('close', () => {
    clearInterval(watch);
    listeners.delete(socket);
  });
  // An error is followed by `close`.
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'ping') send({ type: 'pong' });
    else if (message.type === 'hello') {
      send({ type: 'welcome', head: log.length });
      for (let n = message.since; n < log.length; n++) send({ type: 'line', n: n + 1, text: log[n] });
      listeners.add(socket);
    } else if (message.type === 'say') {
      if (!keys.has(message.key)) {
        keys.add(message.key);
        log.push(message.text);
        probe.performed(message.text);
        probe.produced('room', `${message.text}\n`);
        for (const each of listeners) each.send(JSON.stringify({ type: 'line', n: log.length, text: message.text }));
      }
      send({ type: 'heard', key: message.key });
    }
  });
});

http.listen(Number(process.env.PORT ?? 80));

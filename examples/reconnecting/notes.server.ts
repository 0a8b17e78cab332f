/** A plain server: takes notes, and tells everybody the time. */
import { createServer } from 'node:http';
import { probe } from 'hangup/probe';
import { WebSocketServer } from 'ws';

const http = createServer();
const server = new WebSocketServer({ server: http });

server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => {
    probe.performed(String(data));
    socket.send(JSON.stringify({ taken: String(data) }));
  });
});

// The time, so that a later life of this process goes on where an earlier one was.
let last = 0;
setInterval(() => {
  last = Math.max(last + 1, Math.floor(Date.now() / 1_000));
  probe.produced('ticks', `${last} `);
  for (const each of server.clients) each.send(JSON.stringify({ tick: last }));
}, 1_000);

http.listen(Number(process.env.PORT ?? 80));

import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const http = createServer();
const server = new WebSocketServer({ server: http });
let ticks = 0;

server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => socket.send(`echo:${data}`));
});
setInterval(() => {
  ticks++;
  for (const each of server.clients) each.send(`t${ticks}`);
}, 700);
http.listen(80);

/** A `ws` server that says back what it is told. */
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 8080 });
server.on('listening', () => console.log('listening'));
server.on('connection', (socket, request) => {
  console.log(`connection ${request.url}`);
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on('close', (code, reason) => console.log(`close ${code} ${reason}`));
  socket.on('error', (error) => console.log(`error ${error.message}`));
});

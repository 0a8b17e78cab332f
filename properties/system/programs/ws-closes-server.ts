/** A `ws` server that ends connections in the way that their path asks for. */
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 8080, handleProtocols: (offered) => [...offered].at(-1) ?? false });
server.on('listening', () => console.log('listening'));
server.on('connection', (socket, request) => {
  const path = request.url as string;
  const say = (text: string): void => console.log(`${path} ${text}`);
  say(`connection ${socket.protocol} ${socket.readyState}`);
  socket.on('message', (data, isBinary) => {
    say(`message ${(data as Buffer).length} ${isBinary} ${String(data).slice(0, 20)}`);
    if (path === '/echo') socket.send(data, { binary: isBinary });
  });
  socket.on('ping', (data) => say(`ping ${data}`));
  socket.on('pong', (data) => say(`pong ${data}`));
  socket.on('close', (code, reason) => say(`close ${code} ${reason} ${socket.readyState}`));
  socket.on('error', (error: NodeJS.ErrnoException) => say(`error ${error.code} ${error.message}`));
  if (path === '/close') socket.close();
  if (path === '/code') socket.close(4001, 'because');
  if (path === '/terminate') socket.terminate();
  if (path === '/ping') socket.ping('are you there');
  if (path === '/say') socket.send('said at once', () => say('sent'));
  if (path === '/invalid')
    (socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(Buffer.from([0xff, 0xff]));
});
process.on('SIGTERM', () => {
  console.log('SIGTERM');
  for (const client of server.clients) client.close(1001);
  server.close(() => console.log('closed'));
});

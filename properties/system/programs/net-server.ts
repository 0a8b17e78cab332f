/** What a TCP server sees of connections that end in different ways: the first bytes say which. */
import { createServer, type Socket } from 'node:net';

let count = 0;
const server = createServer((socket: Socket) => {
  const name = `#${++count}`;
  const say = (text: string): void => console.log(`${name} ${text}`);
  socket.on('data', (data) => {
    say(`data ${data}`);
    const word = String(data).trim();
    if (word === 'end') socket.end('bye', () => say('end callback'));
    if (word === 'destroy') socket.destroy();
    if (word === 'reset') socket.resetAndDestroy();
    if (word === 'error') socket.destroy(new Error('on purpose'));
    if (word === 'echo') socket.write('echo');
  });
  for (const event of ['end', 'finish', 'ready', 'timeout'] as const) socket.on(event, () => say(event));
  socket.on('close', (failed) => say(`close ${failed}`));
  socket.on('error', (error: NodeJS.ErrnoException) =>
    say(`error ${error.code} ${error.syscall} ${error.message.split(' ')[0]}`),
  );
});
server.on('close', () => console.log('server close'));
server.listen(8080, () => console.log('listening'));
process.on('SIGTERM', () => {
  console.log('SIGTERM');
  server.close();
});

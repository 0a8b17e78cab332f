/** What a TCP client sees of connections that end in different ways, one after the other. */
import { connect } from 'node:net';

const words = ['end', 'destroy', 'reset', 'error', 'echo', 'leave', 'destroyed', 'resets'];

function next(): void {
  const word = words.shift();
  if (word === undefined) return;
  const say = (text: string): void => console.log(`${word} ${text}`);
  const socket = connect(8080, 'server', () => say('callback'));
  say(`connecting ${socket.connecting} ${socket.pending} ${socket.readyState}`);
  for (const event of ['connect', 'ready', 'end', 'finish'] as const) socket.on(event, () => say(event));
  socket.on('data', (data) => {
    say(`data ${data}`);
    if (word === 'echo') socket.end();
  });
  socket.on('error', (error: NodeJS.ErrnoException) =>
    say(`error ${error.code} ${error.syscall} ${error.message.split(' ')[0]}`),
  );
  socket.on('close', (failed) => {
    say(`close ${failed} ${socket.destroyed} ${socket.bytesRead} ${socket.bytesWritten}`);
    setTimeout(next, 20);
  });
  socket.write(word);
  if (word === 'leave') socket.end('now');
  if (word === 'destroyed') socket.on('connect', () => socket.destroy());
  if (word === 'resets') socket.on('connect', () => setTimeout(() => socket.resetAndDestroy(), 100));
}
next();

/** A `ws` client that stays, and comes back a tenth of a second after it was lost. */
import { WebSocket } from 'ws';

function open(): void {
  const socket = new WebSocket('ws://server:8080/stay');
  socket.on('open', () => console.log('open'));
  socket.on('error', (error: NodeJS.ErrnoException) => console.log(`error ${error.code} ${error.message}`));
  socket.on('close', (code, reason) => {
    console.log(`close ${code} ${reason}`);
    setTimeout(open, code === 1001 ? 10_000 : 50);
  });
}
open();

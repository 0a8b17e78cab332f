/** A `ws` client that says three things and goes. */
import { WebSocket } from 'ws';

const socket = new WebSocket('ws://server:8080/chat?room=1');
let heard = 0;
socket.on('open', () => {
  console.log('open');
  for (const text of ['one', 'two', 'three']) socket.send(text);
});
socket.on('message', (data, isBinary) => {
  console.log(`message ${data} ${isBinary}`);
  if (++heard === 3) socket.close(1000, 'done');
});
socket.on('close', (code, reason) => console.log(`close ${code} ${reason}`));
socket.on('error', (error) => console.log(`error ${error.message}`));

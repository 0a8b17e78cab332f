/** A socket.io client that says two things and goes. */
import { io } from 'socket.io-client';

const socket = io('http://server:8080');
socket.io.on('open', () => console.log(`open ${socket.io.engine.transport.name}`));
socket.on('connect', () => {
  console.log('connect');
  socket.emit('say', 'hello', (length: number) => console.log(`acknowledged ${length}`));
});
socket.on('said', (text) => {
  console.log(`said ${text}`);
  socket.close();
});
socket.on('connect_error', (error) => console.log(`connect_error ${error.message}`));
socket.on('disconnect', (reason) => console.log(`disconnect ${reason}`));

import { io } from 'socket.io-client';

const socket = io('http://server');
socket.on('connect', () => {
  console.log('connected', socket.io.engine.transport.name, socket.io.engine.transport.supportsBinary);
  socket.emit('hello', 'wörld');
});
socket.on('welcome', (...words) => {
  console.log('welcome', ...words);
  setTimeout(() => socket.disconnect(), 1000);
});
socket.on('connect_error', (error) => console.log('failed', error.message));
socket.on('disconnect', (reason) => console.log('disconnected', reason));

/** A socket.io server that says back what it is told, and acknowledges. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http);
io.on('connection', (socket) => {
  console.log(`connection ${socket.conn.transport.name}`);
  socket.on('say', (text, done) => {
    socket.emit('said', text);
    done(text.length);
  });
  socket.on('disconnect', (reason) => console.log(`disconnect ${reason}`));
});
http.listen(8080, () => console.log('listening'));

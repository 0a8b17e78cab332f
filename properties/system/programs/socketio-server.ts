/** A socket.io server that says back what it is told, and acknowledges. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http);
// By the transport that it begins with: which one it has when it is connected is a race with the upgrade.
io.engine.on('connection', (raw) => console.log(`connection ${raw.transport.name}`));
io.on('connection', (socket) => {
  socket.on('say', (text, done) => {
    socket.emit('said', text);
    done(text.length);
  });
  socket.on('disconnect', (reason) => console.log(`disconnect ${reason}`));
});
http.listen(8080, () => console.log('listening'));

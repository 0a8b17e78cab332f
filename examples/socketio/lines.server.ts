/** A server of socket.io: says the time as lines, keeps what it said, and takes lines. */
import { createServer } from 'node:http';
import { probe } from 'hangup/probe';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, process.env.RECOVERY === 'yes' ? { connectionStateRecovery: {} } : {});
// In memory: whoever comes back to another process begins anew.
let text = '';
probe.replaced('lines', text);

const add = (line: string): void => {
  text += line;
  probe.produced('lines', line);
  io.emit('line', line);
};

io.on('connection', (socket) => {
  // "You will still need to handle the case where the states of the client and the server must be synchronized."
  if (!socket.recovered) socket.emit('all', text);
  socket.on('say', (line: string, heard: (error: null) => void) => {
    probe.performed(line);
    heard(null);
  });
});

let n = 0;
setInterval(() => add(`line ${++n}\n`), 1_000);

http.listen(Number(process.env.PORT ?? 80));

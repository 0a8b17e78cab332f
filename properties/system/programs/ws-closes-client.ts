/** A `ws` client that opens one connection for each way to end, one after the other. */
import { WebSocket } from 'ws';

type Act = (socket: WebSocket) => void;
const big = 'x'.repeat(1_000_000);
const cases: readonly (readonly [path: string, act: Act])[] = [
  ['/close', () => {}],
  ['/code', () => {}],
  ['/terminate', () => {}],
  ['/ping', (socket) => setTimeout(() => socket.close(1000, 'pinged'), 50)],
  ['/say', (socket) => socket.once('message', () => socket.close())],
  ['/invalid', () => {}],
  [
    '/echo',
    (socket) => {
      socket.send(Buffer.from([1, 2, 3]));
      socket.once('message', () => socket.close(3000));
    },
  ],
  [
    '/echo',
    (socket) => {
      socket.send(big);
      socket.once('message', () => socket.close(4999, 'big'));
    },
  ],
  [
    '/echo',
    (socket) => {
      socket.send('in ', { fin: false });
      socket.send('three ', { fin: false });
      socket.send('parts', { fin: true });
      socket.once('message', () => socket.close());
    },
  ],
  ['/mine', (socket) => socket.terminate()],
  [
    '/mine',
    (socket) => {
      socket.close();
      socket.close();
      socket.send('late', (error) => console.log(`late ${error?.message}`));
    },
  ],
  [
    '/both',
    (socket) => {
      socket.ping('hello');
      socket.on('pong', () => socket.close(1001, 'away'));
    },
  ],
];

let at = 0;
function next(): void {
  const one = cases[at++];
  if (one === undefined) {
    early();
    return;
  }
  const [path, act] = one;
  const say = (text: string): void => console.log(`${path} ${text}`);
  const socket = new WebSocket(`ws://server:8080${path}`, ['first', 'second']);
  say(`connecting ${socket.readyState}`);
  socket.on('upgrade', (response) => say(`upgrade ${response.statusCode} ${response.headers.upgrade}`));
  socket.on('open', () => {
    say(`open ${socket.protocol} ${socket.extensions}`);
    act(socket);
  });
  socket.on('message', (data, isBinary) =>
    say(`message ${(data as Buffer).length} ${isBinary} ${String(data).slice(0, 20)}`),
  );
  socket.on('ping', (data) => say(`ping ${data}`));
  socket.on('pong', (data) => say(`pong ${data}`));
  socket.on('error', (error: NodeJS.ErrnoException) => say(`error ${error.code} ${error.message}`));
  socket.on('close', (code, reason) => {
    say(`close ${code} ${reason} ${socket.readyState} ${socket.bufferedAmount}`);
    setTimeout(next, 40);
  });
}

/** Ended before it was open. */
function early(): void {
  const socket = new WebSocket('ws://server:8080/early');
  socket.on('error', (error) => console.log(`early error ${error.message}`));
  socket.on('close', (code) => console.log(`early close ${code}`));
  socket.close();
}
next();

/** A page that shows the lines of a server, and says lines of its own. */
import { probe } from 'hangup/probe';
import { io } from 'socket.io-client';

const socket = io('ws://server', {
  transports: ['websocket'],
  // At least once, as the documentation has it; by default it is at most once.
  ...(process.env.RETRIES === 'yes' ? { retries: 3, ackTimeout: 10_000 } : {}),
});

socket.on('connect', () => probe.note(socket.recovered ? 'recovered' : 'connected'));
socket.on('all', (text: string) => probe.replaced('lines', text));
socket.on('line', (line: string) => probe.received('lines', line));

export const say = (line: string): void => {
  probe.submitted(line);
  socket.emit('say', line, (error: Error | null) => probe.settled(line, error ? 'unknown' : 'done'));
};
export const leave = (): unknown => socket.disconnect();

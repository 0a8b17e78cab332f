/**
 * connectionStateRecovery: "the server will store the id, the rooms and the data of the socket, and missed packets will be
 * sent upon reconnection". Whoever is not recovered is sent everything anew, as its documentation has it, so each page has
 * all lines, once and in order.
 */
import { system } from 'hangup/system';
import { nothingLeft } from './socketio.ts';

export default system({
  name: 'socketio/recovery',
  client: './lines.client.ts',
  server: './lines.server.ts',
  env: { RECOVERY: 'yes', RETRIES: 'no' },
  // Not `crash`, `drain` and `restart`: what is kept for those who come back is in memory.
  faults: ['cut', 'reset', 'rebind', 'halfOpen', 'addressChange', 'offline', 'sleep', 'cutFrame', 'closeDuringConnect'],
  promises: {
    delivery: 'exactly-once',
    order: 'per-stream',
    backWithin: '90s',
    completeWithin: '90s',
    backoff: 'socket.io',
  },
  laws: [nothingLeft],
});

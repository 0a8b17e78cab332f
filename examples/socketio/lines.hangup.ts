/**
 * What socket.io promises. `RECOVERY=yes` turns on connectionStateRecovery, `RETRIES=yes` the client's retries, and
 * `RESYNC=no` leaves out what its documentation says an application has to do.
 */
import { system } from 'hangup/system';

const { RECOVERY = 'no', RETRIES = 'no', RESYNC = 'yes' } = process.env;

export default system({
  name: 'socketio',
  client: './lines.client.ts',
  server: './lines.server.ts',
  env: { RECOVERY, RETRIES, RESYNC },
  story: ({ every, client }) => [every('3s', client.say, (n) => `saying ${n}`)],
  promises: {
    delivery: RETRIES === 'yes' ? 'at-least-once' : 'at-most-once',
    order: 'per-stream',
    backWithin: '90s',
    backoff: 'socket.io',
    noLeak: true,
  },
});

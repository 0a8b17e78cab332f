/**
 * What socket.io promises by default: order, and at most once; its client comes back by itself. `RETRIES=yes` turns the
 * client's retries on, and promises at least once.
 */
import { system } from 'hangup/system';
import { nothingLeft } from './socketio.ts';

const { RETRIES = 'no' } = process.env;

export default system({
  name: 'socketio',
  client: './lines.client.ts',
  server: './lines.server.ts',
  env: { RECOVERY: 'no', RETRIES },
  story: ({ every, client }) => [every('3s', client.say, (n) => `saying ${n}`)],
  promises: {
    delivery: RETRIES === 'yes' ? 'at-least-once' : 'at-most-once',
    order: 'per-stream',
    backWithin: '90s',
    // Not its policy: see recovery.hangup.ts.
    backoff: 'least',
  },
  laws: [nothingLeft],
});

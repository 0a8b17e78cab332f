/**
 * What graphql-ws promises to whoever lets it retry for ever: subscriptions go on by themselves, nobody is told an error,
 * and everything that was asked for is answered. It has no time limit of its own for a connection that does not open, so
 * promises are as long as that of the browser, 240 s in Chrome.
 */
import { system } from 'hangup/system';

export default system({
  name: 'graphql-ws',
  client: './journal.client.ts',
  server: './journal.server.ts',
  env: { RETRY: 'always' },
  // Not `closeCode` and `closedWith`: some codes are fatal, as is documented.
  faults: [
    'cut',
    'cutFrame',
    'flap',
    'reset',
    'rebind',
    'halfOpen',
    'cleanClose',
    'stall',
    'offline',
    'addressChange',
    'suspend',
    'sleep',
    'crash',
    'drain',
    'restart',
    'upgradeRefused',
    'closeDuringConnect',
  ],
  story: ({ every, client }) => [every('3s', client.write, (n) => `entry ${n}`)],
  promises: {
    order: 'per-stream',
    backWithin: '5m',
    completeWithin: '5m',
    backoff: 'graphql-ws',
    errors: [],
    noLeak: true,
  },
});

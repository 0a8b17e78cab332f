/** The same with the options that graphql-ws has by default: five retries, and an error that is no close event is fatal. */
import { system } from 'hangup/system';

export default system({
  name: 'graphql-ws/defaults',
  client: './journal.client.ts',
  server: './journal.server.ts',
  env: { RETRY: 'default' },
  story: ({ every, client }) => [every('3s', client.write, (n) => `entry ${n}`)],
  promises: { order: 'per-stream', backWithin: '5m', errors: [], noLeak: true },
});

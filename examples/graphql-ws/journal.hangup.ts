/** What graphql-ws promises. `RETRY=default` leaves its options as they are. */
import { system } from 'hangup/system';

export default system({
  name: 'graphql-ws',
  client: './journal.client.ts',
  server: './journal.server.ts',
  env: { RETRY: process.env.RETRY ?? 'always' },
  story: ({ every, client }) => [every('3s', client.write, (n) => `entry ${n}`)],
  promises: { order: 'per-stream', backWithin: '90s', noLeak: true },
});

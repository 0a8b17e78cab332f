/** What most people take for granted of a mutation: that it is run once, or never. */
import { system } from 'hangup/system';

export default system({
  name: 'graphql-ws/mutations',
  client: './journal.client.ts',
  server: './journal.server.ts',
  env: { RETRY: 'always' },
  story: ({ every, client }) => [every('3s', client.write, (n) => `entry ${n}`)],
  promises: { delivery: 'at-most-once', order: 'per-stream', backWithin: '5m' },
});

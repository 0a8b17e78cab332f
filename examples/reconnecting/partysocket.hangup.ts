/** What a socket that reconnects by itself promises. */
import { system } from 'hangup/system';

export default system({
  name: 'partysocket',
  client: './partysocket.client.ts',
  server: './notes.server.ts',
  env: { WATCH: 'yes' },
  story: ({ every, client }) => [every('3s', client.write, (n) => `note ${n}`)],
  promises: { delivery: 'at-most-once', order: 'per-stream', backWithin: '60s', backoff: 'partysocket', noLeak: true },
});

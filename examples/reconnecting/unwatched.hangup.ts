/** The same without the watch of the application: a connection that is dead in silence is never noticed by the package. */
import { system } from 'hangup/system';

export default system({
  name: 'reconnecting/unwatched',
  client: './reconnecting.client.ts',
  server: './notes.server.ts',
  env: { WATCH: 'no' },
  story: ({ every, client }) => [every('3s', client.write, (n) => `note ${n}`)],
  promises: { delivery: 'at-most-once', order: 'per-stream', backWithin: '60s', backoff: 'reconnecting-websocket' },
});

/** What Yjs promises: whatever happens on the way, all who edit a document come to show the same. */
import { type Law, system } from 'hangup/system';

export default system({
  name: 'yjs',
  client: './document.client.ts',
  server: './document.server.ts',
  clients: 3,
  story: ({ every, client }) => [every('3s', client.insert, (n, { node }) => `${node}-${n}`)],
  promises: { backWithin: '90s', backoff: 'y-websocket', noLeak: true },
});

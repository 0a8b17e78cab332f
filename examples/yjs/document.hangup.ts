/** What Yjs promises: whatever happens on the way, all who edit a document come to show the same. */
import { system } from 'hangup/system';
import { convergence } from './convergence.ts';

export default system({
  name: 'yjs',
  client: './document.client.ts',
  server: './document.server.ts',
  clients: 3,
  story: ({ every, client }) => [every('3s', client.insert, (n, { node }) => `${node}-${n}`)],
  laws: [convergence],
  promises: { backWithin: '5m', backoff: 'y-websocket', noLeak: true },
});

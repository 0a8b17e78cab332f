/**
 * Ten pages on a server that restarts. partysocket's README draws the first wait from 1 to 5 s for each of them; anybody must
 * spread its clients (RFC 6455 section 7.2.3).
 */
import { system } from 'hangup/system';

export default system({
  name: 'partysocket/herd',
  client: './partysocket.client.ts',
  server: './notes.server.ts',
  env: { WATCH: 'yes' },
  clients: 10,
  lasts: '30s',
  faults: ['crash', 'drain', 'restart'],
  network: 'wifi',
  promises: { backWithin: '60s', backoff: 'least' },
});

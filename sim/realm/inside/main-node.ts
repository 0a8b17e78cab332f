/** Everything that a Node process has, put together. */
import type { Host, Port } from '../host.ts';
import { assemble } from './assemble.ts';
import { install as console } from './console.ts';
import { installFetch } from './fetch/fetch.ts';
import { installRequests } from './fetch/requests.ts';
import { install as node } from './node-life.ts';
import { install as platform } from './platform.ts';

export function boot(host: Host): Port {
  return assemble(host, 'node', [
    console,
    platform,
    (inside) => {
      const requests = installRequests(inside);
      // There is no page that a URL could be relative to.
      installFetch(inside, () => '', requests);
      return requests.part;
    },
    node,
  ]);
}

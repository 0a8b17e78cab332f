/** Everything that a browser's tab has, put together. */
import type { Host, Port } from '../host.ts';
import { assemble } from './assemble.ts';
import { installAbsent } from './browser/absent.ts';
import { installBroadcastChannel } from './browser/broadcast-channel.ts';
import { installNavigator } from './browser/navigator.ts';
import { newPage } from './browser/page-state.ts';
import { installStorage } from './browser/storage.ts';
import { installTab } from './browser/tab.ts';
import { installWebSocket } from './browser/websocket.ts';
import { install as console } from './console.ts';
import { installFetch } from './fetch/fetch.ts';
import { installRequests } from './fetch/requests.ts';
import { installXmlHttpRequest } from './fetch/xml-http-request.ts';
import { install as platform } from './platform.ts';
import { install as timers } from './timers.ts';

export function boot(host: Host): Port {
  const page = newPage();
  const location = (): string => page.address.href;
  return assemble(host, 'browser', [
    console,
    timers,
    platform,
    (inside) => installNavigator(inside, page),
    (inside) => installTab(inside, page),
    (inside) => installStorage(inside, page),
    (inside) => installBroadcastChannel(inside, page),
    (inside) => installWebSocket(inside, location),
    (inside) => {
      const requests = installRequests(inside);
      installFetch(inside, location, requests);
      installXmlHttpRequest(inside, location, requests);
      return requests.part;
    },
    () => installAbsent(),
  ]);
}

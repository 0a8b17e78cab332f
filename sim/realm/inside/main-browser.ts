/** Everything that a browser's tab has, put together. */
import type { Host, Port } from '../host.ts';
import { assemble } from './assemble.ts';
import { type Documents, installDocument } from './browser/document.ts';
import { installNavigator } from './browser/navigator.ts';
import { newPage } from './browser/page-state.ts';
import { installWebSocket } from './browser/websocket.ts';
import { installWindow } from './browser/window.ts';
import { install as console } from './console.ts';
import { install as platform } from './platform.ts';
import { install as timers } from './timers.ts';

export function boot(host: Host): Port {
  const page = newPage();
  let documents!: Documents;
  return assemble(host, 'browser', [
    console,
    timers,
    platform,
    (inside) => {
      const { part, ...made } = installDocument(inside, page);
      documents = made;
      return part;
    },
    (inside) => installWindow(inside, page, documents),
    (inside) => installNavigator(inside, page),
    (inside) => installWebSocket(inside, () => page.address.href),
  ]);
}

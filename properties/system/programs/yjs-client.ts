/** y-websocket itself, in a Node process: it writes, and waits until it is synchronised. */
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const doc = new Y.Doc();
const provider = new WebsocketProvider('ws://server:8080', 'room', doc, {
  WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
  disableBc: true,
});
provider.on('status', ({ status }: { status: string }) => console.log(`status ${status}`));
provider.on('sync', (isSynced: boolean) => {
  console.log(`sync ${isSynced}`);
  if (!isSynced) return;
  doc.getText('t').insert(0, 'hello');
  setTimeout(() => {
    console.log(`text ${doc.getText('t')}`);
    provider.destroy();
  }, 100);
});

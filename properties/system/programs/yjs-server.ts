/** A server for y-websocket in the shape that everybody writes it: sync and awareness by y-protocols, over `ws`. */
import { createServer } from 'node:http';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocketServer } from 'ws';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';

const doc = new Y.Doc();
const http = createServer((_request, response) => response.writeHead(200).end('okay'));
const server = new WebSocketServer({ noServer: true });
http.on('upgrade', (request, socket, head) => {
  server.handleUpgrade(request, socket, head, (its) => server.emit('connection', its, request));
});
doc.on('update', (update: Uint8Array) => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  sync.writeUpdate(encoder, update);
  for (const each of server.clients) each.send(encoding.toUint8Array(encoder));
});
server.on('connection', (socket) => {
  console.log('connection');
  socket.binaryType = 'arraybuffer';
  socket.on('message', (data: ArrayBuffer) => {
    const decoder = decoding.createDecoder(new Uint8Array(data));
    if (decoding.readVarUint(decoder) !== 0) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 0);
    sync.readSyncMessage(decoder, encoder, doc, null);
    if (encoding.length(encoder) > 1) socket.send(encoding.toUint8Array(encoder));
  });
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  sync.writeSyncStep1(encoder, doc);
  socket.send(encoding.toUint8Array(encoder));
  socket.on('close', () => console.log(`close ${doc.getText('t')}`));
});
http.listen(8080, () => console.log('listening'));

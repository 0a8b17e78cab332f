/** A server for y-websocket 3, which brings none: one document, and who is there, told to everybody. */
import { createServer } from 'node:http';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type WebSocket, WebSocketServer } from 'ws';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';

const SYNC = 0;
const AWARENESS = 1;

const doc = new Y.Doc();
const awareness = new awarenessProtocol.Awareness(doc);
awareness.setLocalState(null);
/** The clients that speak through each connection. */
const connections = new Map<WebSocket, Set<number>>();

const message = (type: number, write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
};
const tellAll = (bytes: Uint8Array): void => {
  for (const each of connections.keys()) each.send(bytes);
};
const states = (clients: number[]): Uint8Array =>
  message(AWARENESS, (encoder) =>
    encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(awareness, clients)),
  );

doc.on('update', (update) => tellAll(message(SYNC, (encoder) => sync.writeUpdate(encoder, update))));
awareness.on('update', ({ added, updated, removed }: Record<string, number[]>, from: unknown) => {
  const mine = connections.get(from as WebSocket);
  for (const client of added!) mine?.add(client);
  for (const client of removed!) mine?.delete(client);
  tellAll(states([...added!, ...updated!, ...removed!]));
});

const http = createServer();
new WebSocketServer({ server: http }).on('connection', (socket) => {
  connections.set(socket, new Set());
  let alive = true;
  const watch = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, 15_000);
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(watch);
    const mine = [...(connections.get(socket) ?? [])];
    connections.delete(socket);
    awarenessProtocol.removeAwarenessStates(awareness, mine, null);
  });
  socket.on('message', (data: Buffer) => {
    const decoder = decoding.createDecoder(new Uint8Array(data));
    const type = decoding.readVarUint(decoder);
    if (type === AWARENESS)
      awarenessProtocol.applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), socket);
    else if (type === SYNC) {
      const answer = message(SYNC, (encoder) => sync.readSyncMessage(decoder, encoder, doc, socket));
      if (answer.length > 1) socket.send(answer);
    }
  });
  socket.send(message(SYNC, (encoder) => sync.writeSyncStep1(encoder, doc)));
  if (awareness.getStates().size > 0) socket.send(states([...awareness.getStates().keys()]));
});

http.listen(Number(process.env.PORT ?? 80));

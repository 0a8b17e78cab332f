/** A page that edits a document together with others, by y-websocket. */
import { probe } from 'hangup/probe';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const doc = new Y.Doc();
const words = doc.getArray<string>('words');
const provider = new WebsocketProvider('ws://server', 'document', doc, {
  // Pages of one browser would also talk past the server.
  disableBc: true,
  // By default who hears 4400 to 4499 never comes back; this server says none of them, and a proxy may say what it likes.
  shouldReconnect: () => true,
});

/** Puts a word in somewhere. */
export const insert = (word: string): void => {
  probe.note('puts in', word);
  words.insert(Math.floor(Math.random() * (words.length + 1)), [word]);
};

/** What this page shows, whoever changed it. */
doc.on('update', () => probe.note('shows', words.toJSON()));

export const leave = (): void => {
  provider.destroy();
  doc.destroy();
};

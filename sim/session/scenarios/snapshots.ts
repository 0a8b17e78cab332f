/** Sometimes-claims about RESET: an answer began anew, the window had moved on, and a snapshot that took two connections. */
import { claim } from '../claim.ts';
import { isClient } from './claims.ts';

/** An answer was begun anew: the client was told by RESET and swapped to a new epoch. */
export const regenerated = claim({
  name: 'regenerated',
  states: 'a stream went on in a new epoch',
  remember: () => ({}),
  on: {
    replaced: (_, { epoch }, reached) => {
      if (epoch > 1) reached();
    },
  },
});

/** The replay window had moved on, and the client caught up by a snapshot of the same epoch. */
export const snapshot = claim({
  name: 'snapshot',
  states: 'a client whose cursor had left the replay window was given a snapshot',
  remember: () => ({}),
  on: {
    'delivered RESET': (_, { payload }, reached) => {
      if (payload.reason === 'window_exceeded') reached();
    },
  },
});

/** A snapshot outlived the connection that it began on. */
export const snapshotResumed = claim({
  name: 'snapshot-resumed',
  states: 'a snapshot went on behind what the client held of it from an older connection',
  remember: () => ({ named: new Set<string>() }),
  on: {
    'sent HELLO': ({ named }, { payload }) => {
      for (const { stream, held } of payload.resume?.streams ?? [])
        if (held !== null) named.add(`${stream}/${held.epoch}/${held.seq}`);
    },
    'delivered RESET': ({ named }, { payload: { stream, epoch, held } }, reached) => {
      if (held > 0 && named.has(`${stream}/${epoch}/${held}`)) reached();
    },
  },
});

/** Follows snapshots under way: by client and stream, which connection brings it, in which epoch, and how many pieces came. */
interface UnderWay {
  readonly conn: number;
  readonly epoch: number;
  readonly reason: string;
  pieces: number;
}

/** The client moved to a second connection in the middle of a snapshot that the first was bringing. */
export const snapshotHandedOver = claim({
  name: 'snapshot-handed-over',
  states: 'a client was welcomed on a second connection while a snapshot on its living first one was not whole',
  remember: (facts) => ({ facts, under: new Map<string, UnderWay>() }),
  on: {
    'delivered RESET': ({ facts, under }, { node, conn, payload: { stream, epoch, reason } }) => {
      if (stream > 0 && isClient(facts, node)) under.set(`${node}/${stream}`, { conn, epoch, reason, pieces: 0 });
    },
    'delivered SNAPSHOT': ({ under }, { node, payload: { stream, last } }) => {
      const each = under.get(`${node}/${stream}`);
      if (each !== undefined) each.pieces++;
      if (last) under.delete(`${node}/${stream}`);
    },
    'delivered WELCOME': ({ under }, { node, conn }, reached) => {
      for (const [key, each] of under) if (key.startsWith(`${node}/`) && each.conn !== conn) reached();
    },
    closed: ({ under }, { node, conn }) => forgetConn(under, node, conn),
    hungUp: ({ under }, { node, conn }) => forgetConn(under, node, conn),
  },
});

/** The balancer ends the first before its client is told of the second: what counts is what the client knows. */
function forgetConn(under: Map<string, UnderWay>, node: string, conn: number): void {
  for (const [key, each] of under) if (each.conn === conn && key.startsWith(`${node}/`)) under.delete(key);
}

/** The answer began anew, and the connection that brought the new beginning is lost in the middle of it. */
export const cutInNewEpoch = claim({
  name: 'cut-in-new-epoch',
  states: 'a connection ended when a part of the snapshot of a new epoch had come, and the answer was whole in the end',
  remember: () => ({ under: new Map<string, UnderWay>(), cut: new Set<string>() }),
  on: {
    'delivered RESET': ({ under }, { node, conn, payload: { stream, epoch, reason } }) => {
      if (stream > 0) under.set(`${node}/${stream}`, { conn, epoch, reason, pieces: 0 });
    },
    'delivered SNAPSHOT': ({ under }, { node, payload: { stream, last } }) => {
      const each = under.get(`${node}/${stream}`);
      if (each !== undefined) each.pieces++;
      if (last) under.delete(`${node}/${stream}`);
    },
    closed: ({ under, cut }, { conn }) => cutOff(under, cut, conn),
    hungUp: ({ under, cut }, { conn }) => cutOff(under, cut, conn),
    received: ({ cut }, { node, stream, chunk }, reached) => {
      if (chunk.fin && cut.has(`${node}/${stream}`)) reached();
    },
    replaced: ({ cut }, { node, stream, chunks }, reached) => {
      if (chunks.at(-1)?.fin && cut.has(`${node}/${stream}`)) reached();
    },
  },
});

function cutOff(under: Map<string, UnderWay>, cut: Set<string>, conn: number): void {
  for (const [key, each] of under) {
    if (each.conn !== conn) continue;
    if (each.epoch > 1 && each.reason === 'epoch_changed' && each.pieces > 0) cut.add(key);
    under.delete(key);
  }
}

/** Agents that begin again and again: each takeover throws away what the one before had said. */
export const regeneratedTimes = (name: string, times: number) =>
  claim({
    name,
    states: `an answer that had begun anew ${times} times or more was whole in the end`,
    remember: () => ({ epochs: new Map<string, number>() }),
    on: {
      received: ({ epochs }, { node, stream, epoch, chunk }, reached) => {
        epochs.set(`${node}/${stream}`, epoch);
        if (chunk.fin && epoch > times) reached();
      },
      replaced: (_, { epoch, chunks }, reached) => {
        if (chunks.at(-1)?.fin && epoch > times) reached();
      },
    },
  });

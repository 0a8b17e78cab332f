/** Sometimes-claims about RESET: an answer began anew, the window had moved on, and a snapshot that took two connections. */
import { claim } from '../claim.ts';

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

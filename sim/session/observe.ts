/** What a witness sees at the boundaries of our session protocol: at clients, agents, the store, between services. */

import type { MessageEvent } from '../../src/post.ts';
import type { ApplicationEffect, Intent, WorldEffect } from '../../src/session/application.ts';
import type { Entries, Entry } from '../../src/session/history.ts';
import type { Message } from '../../src/session/services.ts';
import type { StoreState } from '../../src/session/store/state.ts';
import { isParted } from '../../src/session/store/trouble.ts';
import { FRAME_TYPES } from '../../src/session/wire/layout.ts';
import type { Kernel, Node } from '../core/kernel.ts';
import type { Vocabulary } from '../core/vocabulary.ts';
import { type Listener, Witness } from '../core/witness.ts';
import { SPELLING } from './identity.ts';
import { TELL } from './words.ts';

export type SessionWitness = Witness<Entries>;

export const VOCABULARY: Vocabulary = {
  kinds: ['recorded', 'durable', 'restored', 'owned', 'rewound', 'stalled', 'issued', 'revoked', 'requested', 'writes'],
  quiet: ['writes'],
  frames: FRAME_TYPES,
  bulk: 'DATA',
  tell: TELL,
  spelling: SPELLING,
  observer: {
    effect: (witness, kernel, node, effect) =>
      seeEffect(witness as SessionWitness, kernel, node, effect as ApplicationEffect | WorldEffect),
    intent: (witness, kernel, node, intent) => seeIntent(witness as SessionWitness, kernel, node, intent as Intent),
    message: (witness, kernel, node, message) =>
      seeMessage(witness as SessionWitness, kernel, node, message as Message),
    reached: (witness, kernel, node, event) => seeReached(witness as SessionWitness, kernel, node, event as Heard),
  },
};

export const sessionWitness = (recorder: Listener<Entry> | null = null): SessionWitness =>
  new Witness<Entries>(recorder, VOCABULARY);

/** Agent and store act on the world, a client gives its application something. */
function seeEffect(
  { on }: SessionWitness,
  { now: at, event }: Kernel,
  { id: node }: Node,
  effect: ApplicationEffect | WorldEffect,
): void {
  switch (effect.type) {
    case 'produce': {
      if (on.produced === null) return;
      const { session, stream, epoch, seq, chunk } = effect;
      on.produced.write({ at, node, event, kind: 'produced', session, stream, epoch, seq, chunk });
      return;
    }
    case 'deliver': {
      if (on.received === null) return;
      const { conn, stream, epoch, seq, chunk } = effect;
      on.received.write({ at, node, event, kind: 'received', conn, stream, epoch, seq, chunk });
      return;
    }
    case 'perform': {
      const { session, client, clientSeq, key } = effect;
      on.performed?.write({ at, node, event, kind: 'performed', session, client, clientSeq, key });
      return;
    }
    case 'record': {
      const { session, client, about, key, value } = effect;
      on.recorded?.write({ at, node, event, kind: 'recorded', session, client, about, key, value });
      return;
    }
    case 'revoke': {
      const { subject, serial } = effect;
      on.revoked?.write({ at, node, event, kind: 'revoked', subject, serial });
      return;
    }
    case 'own': {
      const { session, generation, client, server } = effect;
      on.owned?.write({ at, node, event, kind: 'owned', session, generation, client, server });
      return;
    }
    case 'rewind': {
      const { session, generation, client } = effect;
      on.rewound?.write({ at, node, event, kind: 'rewound', session, generation, client });
      return;
    }
    case 'replace': {
      const { conn, stream, epoch, seq, chunks } = effect;
      on.replaced?.write({ at, node, event, kind: 'replaced', conn, stream, epoch, seq, chunks });
      return;
    }
    case 'settle': {
      const { key, outcome, stream } = effect;
      on.settled?.write({ at, node, event, kind: 'settled', key, outcome, stream });
      return;
    }
    case 'restore': {
      if (on.restored === null) return;
      const { session, generation, resumed, context, work } = effect;
      const restored = { at, node, event, kind: 'restored', session, generation, resumed, context } as const;
      on.restored.write(work === undefined ? restored : { ...restored, work });
      return;
    }
    case 'stall': {
      const { conn, stream, epoch, seq } = effect;
      on.stalled?.write({ at, node, event, kind: 'stalled', conn, stream, epoch, seq });
      return;
    }
    case 'report': {
      const { type: _, ...told } = effect;
      on.told?.write({ at, node, event, kind: 'told', ...told });
    }
  }
}

/** An application, or the device, tells a client something; how much it can take is between the two of them. */
function seeIntent({ on }: SessionWitness, { now: at, event }: Kernel, { id: node }: Node, intent: Intent): void {
  if (intent.type === 'submit') {
    const { key, ask, bytes } = intent;
    on.submitted?.write({ at, node, event, kind: 'submitted', key, ask, bytes });
  } else if (intent.type === 'busy' || intent.type === 'take' || intent.type === 'ready') return;
  else on.intent?.write({ at, node, event, kind: 'intent', intent: intent.type });
}

/** What the store may not answer before it is on disk. */
const WRITES: ReadonlySet<Message['type']> = new Set([
  'claim',
  'submit',
  'append',
  'acked',
  'detach',
  'withdraw',
  'release',
  'recover',
]);

/** A message is at the service that it is for, unless the network between them is cut: the model of that is in the store. */
function seeReached(
  { on }: SessionWitness,
  { now: at, event }: Kernel,
  { id: node, state }: Node,
  reached: Heard,
): void {
  if (on.writes === null) return;
  const { from, message } = reached;
  if (!WRITES.has(message.type) || isParted(state as StoreState, from)) return;
  on.writes.write({ at, node, event, kind: 'writes', from });
}

type Heard = MessageEvent<Message>;

/** A service says something to another; that a chunk is durable, or a token given out, is worth an entry. */
function seeMessage(witness: SessionWitness, kernel: Kernel, whose: Node, message: Message): void {
  const { on } = witness;
  const { now: at, event } = kernel;
  const { id: node } = whose;
  if (message.type === 'claim' || message.type === 'issue') seeRequest(witness, kernel, whose, message);
  if (message.type === 'issued') on.issued?.write({ at, node, event, kind: 'issued', token: message.token });
  if (message.type !== 'durable' || on.durable === null) return;
  const { session, generation, stream, epoch, seq, chunk } = message;
  on.durable.write({ at, node, event, kind: 'durable', session, generation, stream, epoch, seq, chunk });
}

/** Who asks for a session, or for a token: until that is answered it waits for one service. */
function seeRequest(
  { on }: SessionWitness,
  { now: at, event }: Kernel,
  { id: node }: Node,
  message: Message & { type: 'claim' | 'issue' },
): void {
  if (on.requested === null) return;
  const request =
    message.type === 'claim' ? ({ what: 'claim', conn: message.conn } as const) : ({ what: 'token', conn: 0 } as const);
  on.requested.write({ at, node, event, kind: 'requested', ...request });
}

/** What a witness at the doors of the machines sees: entries of history for events that arrive and effects that leave. */
import type { ApplicationEffect, Intent, WorldEffect } from '../src/application.ts';
import type { LinkEffect } from '../src/link/vocabulary.ts';
import type { TroubleEvent } from '../src/server/trouble.ts';
import type { Message } from '../src/services.ts';
import { ZERO } from '../src/time.ts';
import type { TimerEffect, TimerEvent, TransportEffect, TransportEvent } from '../src/transport.ts';
import { type EventSort, SORT } from './event-sort.ts';
import type { AnyEvent, Kernel, Node } from './kernel.ts';
import type { Witness } from './witness.ts';
import type { AnyIntent } from './world.ts';

/** What a host hears whose wall clock is wrong, or right again. */
type ClockEvent = Extract<TroubleEvent, { type: 'clock' }>;

/** An event of a sort reaches a machine. */
export function seeEvent(
  { on }: Witness,
  { now: at, event }: Kernel,
  { id: node, ends }: Node,
  reached: AnyEvent,
  sort: EventSort,
): void {
  switch (sort) {
    case SORT.frame: {
      if (on.delivered === null) return;
      const { conn, payload, bytes } = reached as Seen<'frame'>;
      on.delivered.write({ at, node, event, kind: 'delivered', conn, payload, bytes });
      return;
    }
    case SORT.timer: {
      // A link's timers are the network's, and nobody can see them.
      if (on.timerFired === null || ends !== null) return;
      const { timer, key } = reached as Seen<'timer'>;
      on.timerFired.write({ at, node, event, kind: 'timerFired', timer, key });
      return;
    }
    case SORT.opened:
      on.opened?.write({ at, node, event, kind: 'opened', conn: (reached as Seen<'opened'>).conn });
      return;
    case SORT.closed: {
      if (on.closed === null) return;
      const { conn, code, reason, status, retryAfter } = reached as Seen<'closed'>;
      const closed = { at, node, event, kind: 'closed', conn, code, reason, status } as const;
      on.closed.write(retryAfter === undefined ? closed : { ...closed, retryAfter });
      return;
    }
    case SORT.incoming:
      on.asked?.write({ at, node, event, kind: 'asked', conn: (reached as Seen<'incoming'>).conn });
      return;
    case SORT.clock:
      on.clock?.write({ at, node, event, kind: 'clock', ahead: (reached as Seen<'clock'>).ahead });
      return;
    default:
      return;
  }
}

type Seen<T> = Extract<TransportEvent | TimerEvent | ClockEvent, { readonly type: T }>;

/** An acceptor answers a handshake. */
export function seeAnswer(
  { on }: Witness,
  { now: at, event }: Kernel,
  { id: node }: Node,
  effect: TransportEffect & { type: 'accept' | 'refuse' },
): void {
  const { conn } = effect;
  if (effect.type === 'accept') on.accepted?.write({ at, node, event, kind: 'accepted', conn });
  else {
    const { status, retryAfter = ZERO } = effect;
    on.refused?.write({ at, node, event, kind: 'refused', conn, status, retryAfter });
  }
}

/** Agent and store act on the world. */
export function seeWorld(
  { on }: Witness,
  { now: at, event }: Kernel,
  { id: node }: Node,
  effect: Exclude<WorldEffect, { type: 'exit' }>,
): void {
  if (effect.type === 'produce') {
    if (on.produced === null) return;
    const { session, stream, epoch, seq, chunk } = effect;
    on.produced.write({ at, node, event, kind: 'produced', session, stream, epoch, seq, chunk });
  } else if (effect.type === 'perform') {
    const { session, client, clientSeq, key } = effect;
    on.performed?.write({ at, node, event, kind: 'performed', session, client, clientSeq, key });
  } else if (effect.type === 'note') {
    const { session, client, about, key, value } = effect;
    on.noted?.write({ at, node, event, kind: 'noted', session, client, about, key, value });
  } else if (effect.type === 'revoke') {
    const { subject, serial } = effect;
    on.revoked?.write({ at, node, event, kind: 'revoked', subject, serial });
  } else {
    const { session, generation, client, server } = effect;
    on.owned?.write({ at, node, event, kind: 'owned', session, generation, client, server });
  }
}

/** A client gives its application something. */
export function seeApplication(
  { on }: Witness,
  { now: at, event }: Kernel,
  { id: node }: Node,
  effect: ApplicationEffect,
): void {
  switch (effect.type) {
    case 'deliver': {
      if (on.received === null) return;
      const { conn, stream, epoch, seq, chunk } = effect;
      on.received.write({ at, node, event, kind: 'received', conn, stream, epoch, seq, chunk });
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

/** A machine waits, and says from which numbers it drew how long. */
export function seeWait(
  { on }: Witness,
  { now: at, event }: Kernel,
  { id: node }: Node,
  effect: TimerEffect & { type: 'setTimer' },
): void {
  if (effect.why === undefined || on.timerSet === null) return;
  const { timer, key, at: until, why } = effect;
  const { attempt, least, most } = why;
  on.timerSet.write({ at, node, event, kind: 'timerSet', timer, key, until, attempt, least, most });
}

/** An application, or the device, tells a client something. */
export function seeIntent({ on }: Witness, { now: at, event }: Kernel, { id: node }: Node, told: AnyIntent): void {
  const intent = told as Intent;
  if (intent.type === 'submit') {
    const { key, ask, bytes } = intent;
    on.submitted?.write({ at, node, event, kind: 'submitted', key, ask, bytes });
  } else if (intent.type === 'busy' || intent.type === 'take' || intent.type === 'ready') return;
  else on.intent?.write({ at, node, event, kind: 'intent', intent: intent.type });
}

/** A service says something to another; that a chunk is durable, or a token given out, is worth an entry. */
export function seeMessage({ on }: Witness, { now: at, event }: Kernel, { id: node }: Node, message: Message): void {
  if (message.type === 'issued') on.issued?.write({ at, node, event, kind: 'issued', token: message.token });
  if (message.type !== 'durable' || on.durable === null) return;
  const { session, generation, stream, epoch, seq, chunk } = message;
  on.durable.write({ at, node, event, kind: 'durable', session, generation, stream, epoch, seq, chunk });
}

/** A message never reaches `to`. */
export function seeLoss(
  { on }: Witness,
  { now: at, event }: Kernel,
  { id: node }: Node,
  { id: to }: Node,
  { conn, payload, bytes, why }: Omit<LinkEffect & { type: 'lose' }, 'type' | 'to'>,
): void {
  on.lost?.write({ at, node, event, kind: 'lost', to, conn, payload, bytes, why });
}

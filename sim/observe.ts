/** What a witness at the doors of the machines sees: entries of history for events that arrive and effects that leave. */
import type { ApplicationEffect, Intent, WorldEffect } from '../src/application.ts';
import type { LinkEffect } from '../src/link/vocabulary.ts';
import type { NodeId } from '../src/machine.ts';
import type { Message } from '../src/services.ts';
import type { Instant } from '../src/time.ts';
import type { TimerEffect, TimerEvent, TransportEvent } from '../src/transport.ts';
import type { AnyEvent, Node } from './kernel.ts';
import type { Witness } from './witness.ts';

/** Where and when. */
export interface Here {
  readonly at: Instant;
  readonly node: NodeId;
  readonly event: number;
}

/** An event reaches a machine. */
export function seeEvent(witness: Witness, here: Here, node: Node, event: AnyEvent): void {
  const { wants } = witness;
  const seen = event as TransportEvent | TimerEvent;
  switch (seen.type) {
    case 'frame': {
      if (!wants.delivered) return;
      const { conn, payload, bytes } = seen;
      witness.write({ at: here.at, node: here.node, event: here.event, kind: 'delivered', conn, payload, bytes });
      return;
    }
    case 'opened':
      if (wants.opened) witness.write({ ...here, kind: 'opened', conn: seen.conn });
      return;
    case 'closed': {
      if (!wants.closed) return;
      const { conn, code, reason, status } = seen;
      witness.write({ ...here, kind: 'closed', conn, code, reason, status });
      return;
    }
    case 'timer':
      // A link's timers are the network's, and nobody can see them.
      if (wants.timerFired && node.machine.kind !== 'link')
        witness.write({ ...here, kind: 'timerFired', timer: seen.timer, key: seen.key });
      return;
    default:
      return;
  }
}

/** Agent and store act on the world. */
export function seeWorld(witness: Witness, here: Here, effect: Exclude<WorldEffect, { type: 'exit' }>): void {
  const { wants } = witness;
  const { at, node, event } = here;
  if (effect.type === 'produce') {
    if (!wants.produced) return;
    const { session, stream, epoch, seq, chunk } = effect;
    witness.write({ at, node, event, kind: 'produced', session, stream, epoch, seq, chunk });
  } else if (effect.type === 'perform') {
    if (!wants.performed) return;
    const { session, client, clientSeq, key } = effect;
    witness.write({ at, node, event, kind: 'performed', session, client, clientSeq, key });
  } else if (wants.owned) {
    const { session, generation, client, server } = effect;
    witness.write({ at, node, event, kind: 'owned', session, generation, client, server });
  }
}

/** A client gives its application something. */
export function seeApplication(witness: Witness, here: Here, effect: ApplicationEffect): void {
  const { wants } = witness;
  const { at, node, event } = here;
  switch (effect.type) {
    case 'deliver': {
      if (!wants.received) return;
      const { conn, stream, epoch, seq, chunk } = effect;
      witness.write({ at, node, event, kind: 'received', conn, stream, epoch, seq, chunk });
      return;
    }
    case 'replace': {
      if (!wants.replaced) return;
      const { conn, stream, epoch, seq, chunks } = effect;
      witness.write({ at, node, event, kind: 'replaced', conn, stream, epoch, seq, chunks });
      return;
    }
    case 'settle': {
      if (!wants.settled) return;
      const { key, outcome, stream } = effect;
      witness.write({ at, node, event, kind: 'settled', key, outcome, stream });
      return;
    }
    case 'restore': {
      if (!wants.restored) return;
      const { session, generation, resumed, context } = effect;
      witness.write({ at, node, event, kind: 'restored', session, generation, resumed, context });
      return;
    }
    case 'report':
      if (wants.told) witness.write({ at, node, event, kind: 'told', error: effect.error, detail: effect.detail });
  }
}

/** A machine waits, and says from which numbers it drew how long. */
export function seeWait(witness: Witness, here: Here, effect: TimerEffect & { type: 'setTimer' }): void {
  if (effect.why === undefined || !witness.wants.timerSet) return;
  const { timer, key, at: until, why } = effect;
  const { attempt, least, most } = why;
  witness.write({ ...here, kind: 'timerSet', timer, key, until, attempt, least, most });
}

/** An application, or the device, tells a client something. */
export function seeIntent(witness: Witness, here: Here, intent: Intent): void {
  const { wants } = witness;
  if (intent.type === 'submit') {
    const { key, ask, bytes } = intent;
    if (wants.submitted) witness.write({ ...here, kind: 'submitted', key, ask, bytes });
  } else if (intent.type === 'busy' || intent.type === 'take' || intent.type === 'ready') return;
  else if (wants.intent) witness.write({ ...here, kind: 'intent', intent: intent.type });
}

/** A service says something to another; that a chunk is durable is worth an entry. Written out, because a spread is slow. */
export function seeMessage(witness: Witness, here: Here, message: Message): void {
  if (message.type !== 'durable' || !witness.wants.durable) return;
  const { at, node, event } = here;
  const { session, generation, stream, epoch, seq, chunk } = message;
  witness.write({ at, node, event, kind: 'durable', session, generation, stream, epoch, seq, chunk });
}

/** A link gave a message up. */
export function seeLoss(witness: Witness, here: Here, effect: LinkEffect & { type: 'lose' }): void {
  if (!witness.wants.lost) return;
  const { at, node, event } = here;
  const { conn, payload, bytes, why } = effect;
  witness.write({ at, node, event, kind: 'lost', conn, payload, bytes, why });
}

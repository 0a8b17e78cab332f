/** What a witness at the doors of the machines sees: entries of history for events that arrive and effects that leave. */
import type { BoundaryEffect, BoundaryIntent, CustomEffect } from '../../src/boundary.ts';
import type { LinkEffect } from '../../src/link/vocabulary.ts';
import { ZERO } from '../../src/time.ts';
import type { TimerEffect, TimerEvent, TransportEffect, TransportEvent } from '../../src/transport.ts';
import { type EventSort, SORT } from './event-sort.ts';
import type { AnyEvent, Kernel, Node } from './kernel.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Witness } from './witness.ts';
import type { AnyIntent } from './world.ts';

/** What a host hears whose wall clock is wrong, or right again. */
type ClockEvent = { readonly type: 'clock'; readonly ahead: number };

/** An event of a sort reaches a machine. */
export function seeEvent(witness: Witness, kernel: Kernel, whose: Node, reached: AnyEvent, sort: EventSort): void {
  const { on } = witness;
  const { now: at, event } = kernel;
  const { id: node, ends } = whose;
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
    case SORT.message:
      witness.observer.reached?.(witness, kernel, whose, reached);
      return;
    case SORT.opened: {
      const { conn, protocol } = reached as Seen<'opened'>;
      const opened = { at, node, event, kind: 'opened', conn } as const;
      on.opened?.write(protocol === undefined ? opened : { ...opened, protocol });
      return;
    }
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

/** A fact in somebody's own words. */
export function seeCustom(
  { on }: Witness,
  { now: at, event }: Kernel,
  { id: node }: Node,
  { name, value }: CustomEffect,
): void {
  on.custom?.write({ at, node, event, kind: 'custom', name, value });
}

/** What is seen at the boundary of a protocol that has no words of its own. */
export const NEUTRAL: Vocabulary = {
  kinds: [],
  observer: {
    effect({ on }, { now: at, event }, { id: node }, seen) {
      const effect = seen as BoundaryEffect;
      switch (effect.type) {
        case 'produce': {
          const { stream, seq, value } = effect;
          on.produced?.write({ at, node, event, kind: 'produced', stream, seq, value });
          return;
        }
        case 'perform': {
          const { client, key } = effect;
          on.performed?.write({ at, node, event, kind: 'performed', client, key });
          return;
        }
        case 'deliver': {
          const { conn = 0, stream, seq, value, last = false } = effect;
          on.received?.write({ at, node, event, kind: 'received', conn, stream, seq, value, last });
          return;
        }
        case 'write': {
          const { stream, value } = effect;
          on.wrote?.write({ at, node, event, kind: 'wrote', stream, value });
          return;
        }
        case 'read': {
          const { stream, value } = effect;
          on.read?.write({ at, node, event, kind: 'read', stream, value });
          return;
        }
        case 'replace': {
          const { stream, value } = effect;
          const replaced = { at, node, event, kind: 'replaced', stream } as const;
          on.replaced?.write(value === undefined ? replaced : { ...replaced, value });
          return;
        }
        case 'submit': {
          const { key, bytes = 0 } = effect;
          on.submitted?.write({ at, node, event, kind: 'submitted', key, bytes });
          return;
        }
        case 'settle': {
          const { key, outcome, stream = 0 } = effect;
          on.settled?.write({ at, node, event, kind: 'settled', key, outcome, stream });
          return;
        }
        case 'report': {
          const { error, detail = '', stream } = effect;
          const told = { at, node, event, kind: 'told', error, detail } as const;
          on.told?.write(stream === undefined ? told : { ...told, stream });
          return;
        }
        case 'note': {
          const { text, data } = effect;
          on.noted?.write({ at, node, event, kind: 'noted', text, data });
          return;
        }
        case 'console': {
          const { level, text } = effect;
          on.console?.write({ at, node, event, kind: 'console', level, text });
          return;
        }
        case 'uncaught': {
          const { how, error, stack } = effect;
          on.uncaught?.write({ at, node, event, kind: 'uncaught', how, error, stack });
          return;
        }
        case 'socket': {
          if (on.socket === null) return;
          const { type: _type, ...state } = effect;
          on.socket.write({ at, node, event, kind: 'socket', ...state });
          return;
        }
        case 'held': {
          const { timers, sockets, listeners } = effect;
          on.held?.write({ at, node, event, kind: 'held', timers, sockets, listeners });
        }
      }
    },
    intent({ on }, { now: at, event }, { id: node }, intent) {
      if (intent.type !== 'submit') on.intent?.write({ at, node, event, kind: 'intent', intent: wordsOf(intent) });
      else {
        const { key, bytes = 0 } = intent as AnyIntent & BoundaryIntent;
        on.submitted?.write({ at, node, event, kind: 'submitted', key, bytes });
      }
    },
    message() {},
  },
};

/** A function that is called from outside is told with its arguments: `call send("m1")`. */
const wordsOf = ({ type, name, args }: AnyIntent): string =>
  type === 'call' && typeof args === 'string' ? `call ${name}(${args.slice(1, -1)})` : type;

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

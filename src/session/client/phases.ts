/**
 * The phase table: which event may matter in which phase, and where it may lead.
 *
 * It stands beside the switch in `session.ts` as a second, independent claim about the same machine. What a phase doesn't
 * list changes nothing there and has no effect; a law walks the machine at random and compares. Diagrams are made from
 * this table. A connected client (`replaying`, `live`) also lists what an attempt at a second connection hears.
 */
import type { ClientEvent, PhaseName } from './state.ts';

/** Events as the table names them: intents and transport by type, frames and timers by name. */
export type EventName =
  | 'start'
  | 'submit'
  | 'leave'
  | 'online'
  | 'offline'
  | 'moved'
  | 'busy'
  | 'take'
  | 'ready'
  | 'opened'
  | 'closed'
  | 'issued'
  | `frame ${'WELCOME' | 'DATA' | 'REPLAY_END' | 'RESET' | 'SNAPSHOT' | 'SEND_ACK' | 'GOAWAY' | 'ERROR' | 'PING' | 'STALLED' | 'other'}`
  | `timer ${'token' | 'connect' | 'welcome' | 'retry' | 'handover' | 'drained' | 'heartbeat' | 'liveness' | 'ack' | 'refresh'}`;

type Table = Readonly<Record<PhaseName, Readonly<Partial<Record<EventName, readonly PhaseName[]>>>>>;

/** Where a client goes that lost its only connection, or whose attempt failed. */
const AGAIN = ['backoff', 'suspended', 'failed'] as const;
/** The same, when an attempt at a second connection may already be under way. */
const LOST = [...AGAIN, 'token', 'connecting', 'handshaking'] as const;
/** Goes for a connection. */
const GO = ['token', 'connecting'] as const;

/** How much its application can take, which a client may be told at any time before its end. */
const pace = <Self extends PhaseName>(self: Self) => ({ busy: [self], take: [self], ready: [self] }) as const;

/** What a connected client hears in either phase, `self` being that phase. */
const connected = <Self extends 'replaying' | 'live'>(self: Self) =>
  ({
    submit: [self],
    leave: ['left'],
    online: [self],
    offline: [self],
    moved: [self],
    ...pace(self),
    opened: [self],
    closed: [self, ...LOST],
    issued: [self],
    'frame WELCOME': ['replaying', 'live', self],
    'frame DATA': [self, ...LOST],
    'frame RESET': [self, ...LOST],
    'frame SNAPSHOT': [self],
    'frame SEND_ACK': [self],
    'frame GOAWAY': [self],
    'frame ERROR': [self],
    'frame PING': [self],
    'frame STALLED': [self],
    'frame other': [self],
    'timer token': [self],
    'timer connect': [self],
    'timer welcome': [self],
    'timer retry': [self],
    'timer handover': [self],
    'timer drained': [self],
    'timer heartbeat': [self],
    'timer liveness': [self, ...LOST],
    'timer ack': [self],
    'timer refresh': [self],
  }) as const;

/** For each phase, the events that may matter and the phases that they may lead to. */
export const PHASES = {
  idle: {
    start: [...GO, 'suspended'],
    submit: ['idle'],
    leave: ['left'],
    online: ['idle'],
    offline: ['idle'],
    ...pace('idle'),
  },
  token: {
    submit: ['token'],
    leave: ['left'],
    offline: ['suspended'],
    moved: GO,
    ...pace('token'),
    issued: ['connecting'],
    'timer token': AGAIN,
  },
  connecting: {
    submit: ['connecting'],
    leave: ['left'],
    offline: ['suspended'],
    moved: GO,
    ...pace('connecting'),
    opened: ['handshaking'],
    closed: AGAIN,
    issued: ['connecting'],
    'timer connect': AGAIN,
  },
  handshaking: {
    submit: ['handshaking'],
    leave: ['left'],
    offline: ['suspended'],
    moved: GO,
    ...pace('handshaking'),
    closed: AGAIN,
    issued: ['handshaking'],
    'frame WELCOME': ['replaying', 'live', ...AGAIN],
    'frame ERROR': ['handshaking'],
    'timer welcome': AGAIN,
  },
  replaying: { ...connected('replaying'), 'frame REPLAY_END': ['replaying', 'live', ...LOST] },
  live: { ...connected('live'), 'frame REPLAY_END': ['live', ...LOST] },
  backoff: {
    submit: ['backoff'],
    leave: ['left'],
    online: GO,
    offline: ['suspended'],
    moved: GO,
    ...pace('backoff'),
    issued: ['backoff'],
    'timer retry': GO,
  },
  suspended: {
    submit: ['suspended'],
    leave: ['left'],
    online: GO,
    ...pace('suspended'),
    issued: ['suspended'],
  },
  /** A send after the end is settled as failed at once. */
  failed: { submit: ['failed'] },
  left: { submit: ['left'] },
} as const satisfies Table;

const FRAMES: readonly string[] = [
  'WELCOME',
  'DATA',
  'REPLAY_END',
  'RESET',
  'SNAPSHOT',
  'SEND_ACK',
  'GOAWAY',
  'ERROR',
  'PING',
  'STALLED',
];

/** The table's name for an event; null for what no phase knows. */
export function eventName(event: ClientEvent): EventName | null {
  switch (event.type) {
    case 'frame':
      return `frame ${FRAMES.includes(event.payload.type) ? event.payload.type : 'other'}` as EventName;
    case 'timer':
      return `timer ${event.timer}` as EventName;
    case 'message':
      return event.message.type === 'issued' ? 'issued' : null;
    case 'incoming':
    case 'ping':
    case 'pong':
    case 'drained':
    case 'ended':
      return null;
    default:
      return event.type;
  }
}

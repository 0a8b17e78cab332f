/** The timeline of a run in words: which event, when, who, what, why. `fold.ts` prints them. */
import { counted } from '../../src/count.ts';
import type { Entry, Piece } from '../../src/history.ts';
import { formatDuration } from '../../src/time.ts';
import { CONNS_PER_NODE, type ConnId } from '../../src/transport.ts';
import { visible } from '../../src/visible.ts';
import type { BreachReport } from '../core/outcome.ts';
import type { Tell, Words } from '../core/vocabulary.ts';

/** One line. A number that tells lines of one sort apart stands by itself, so that a run of them can be folded. */
export interface Line {
  readonly at: number;
  readonly event: number;
  readonly node: string;
  /** The text, or its part before the number. */
  readonly what: string;
  readonly number: number | null;
  /** The text behind the number. */
  readonly behind: string;
  /** Worth a look by itself: it is printed in bold. */
  readonly strong: boolean;
  /** What happens for each chunk and each beat: lines of this sort are folded. */
  readonly routine: boolean;
}

/** In the place of a node: a law was broken here. */
export const BROKEN = 'BROKEN';

/** A line's text by itself. */
export const textOf = ({ what, number, behind }: Line): string => `${what}${number ?? ''}${behind}`;

/** An entry of any protocol. */
export type Seen = Pick<Entry, 'at' | 'event' | 'node'> & { readonly kind: string };

/** `tell`: the words of the protocol, if it has any. */
export function lineOf(nameOf: (conn: ConnId) => string, seen: Seen, tell?: Tell): Line {
  const entry = seen as Entry;
  const told = tell?.entry(entry);
  if (told !== undefined && told !== null) return lineIn(entry, told.words, told.strong ?? false);
  const made = (words: Words, strong: boolean): Line => lineIn(entry, words, strong);
  const line = (what: string, { strong = false } = {}): Line => made([what, null, ''], strong);
  const numbered = (what: string, number: number, behind = ''): Line => made([what, number, behind], false);
  const conn = nameOf;
  switch (entry.kind) {
    case 'sent':
    case 'delivered': {
      const [what, number, behind] = messageIn(entry.payload, tell);
      return made(
        [`${entry.kind === 'sent' ? 'sends' : 'gets'} ${what}`, number, `${behind} on ${conn(entry.conn)}`],
        false,
      );
    }
    case 'lost': {
      const [what, number, behind] = messageIn(entry.payload, tell);
      return made([`loses ${what}`, number, `${behind} to ${entry.to} on ${conn(entry.conn)}: ${entry.why}`], false);
    }
    case 'produced':
    case 'received':
      return numbered(`${entry.kind} stream ${entry.stream} seq `, entry.seq);
    case 'wrote':
      return line(`writes ${pieceIn(entry.value)} to stream ${entry.stream}`);
    case 'read':
      return line(`is given ${pieceIn(entry.value)} of stream ${entry.stream}`);
    case 'replaced':
      return line(
        `has ${entry.value === undefined ? `nothing of stream ${entry.stream} any more` : `stream ${entry.stream} replaced by ${pieceIn(entry.value)}`}`,
      );
    case 'submitted':
      return line(`is asked to send ${entry.key}${entry.bytes > 0 ? ` (${counted(entry.bytes, 'byte')})` : ''}`);
    case 'settled':
      return line(
        `reports send ${entry.key}: ${entry.outcome}${entry.stream !== 0 && entry.stream !== '' ? `, answered by stream ${entry.stream}` : ''}`,
      );
    case 'performed':
      return line(`performs send ${entry.key}${entry.client === '' ? '' : ` of ${entry.client}`}`);
    case 'told':
      return line(`tells its application: ${entry.error}${entry.detail === '' ? '' : ` (${entry.detail})`}`, {
        strong: true,
      });
    case 'intent':
      return line(
        entry.intent === 'leave'
          ? 'application leaves'
          : entry.intent === 'start'
            ? 'application starts'
            : entry.intent === 'holds'
              ? 'is asked what it still holds'
              : entry.intent === 'unload'
                ? 'its page is closed'
                : DEVICE.includes(entry.intent)
                  ? `device ${entry.intent === 'moved' ? 'has another address' : `is ${entry.intent}`}`
                  : `is asked to ${entry.intent}`,
      );
    case 'dialled':
      return line(`dials ${entry.to} as ${conn(entry.conn)}`);
    case 'asked':
      return line(`is asked to take ${conn(entry.conn)}`);
    case 'accepted':
      return line(`takes ${conn(entry.conn)}`);
    case 'refused':
      return line(`refuses ${conn(entry.conn)} with ${entry.status}${patience(entry.retryAfter)}`);
    case 'opened':
      return line(`${conn(entry.conn)} is open`);
    case 'hungUp':
      return line(`hangs up ${conn(entry.conn)}: ${withReason(entry)}`);
    case 'closed':
      return line(
        `${conn(entry.conn)} closed: ${withReason(entry)}${entry.status > 0 ? ` (status ${entry.status}${patience(entry.retryAfter ?? 0)})` : ''}`,
      );
    case 'timerSet':
      return line(
        `waits ${formatDuration(entry.until - entry.at)} (${entry.timer}, attempt ${entry.attempt}, of ${formatDuration(entry.least)} to ${formatDuration(entry.most)})`,
      );
    case 'timerFired':
      return line(`timer ${entry.timer}${about(entry.key, conn)}`);
    case 'crashed':
      return line(entry.how === 'exit' ? 'exits' : `crashes (${entry.how})`, { strong: true });
    case 'restarted':
      return line('starts again', { strong: true });
    case 'reloaded':
      return line(entry.kept ? 'is reloaded' : 'is reloaded and has forgotten everything', { strong: true });
    case 'paused':
      return line(entry.begins ? 'stands still' : 'goes on', { strong: true });
    case 'throttled':
      return line(
        entry.resolution === 0
          ? 'fires its timers when they are due again'
          : `fires its timers only every ${formatDuration(entry.resolution)}`,
        { strong: true },
      );
    case 'clock':
      return line(entry.ahead === 0 ? 'has the right time' : `has a clock that is ${off(entry.ahead)}`, {
        strong: true,
      });
    case 'fault':
      return line(`fault ${entry.fault} ${entry.name} ${entry.begins ? 'begins' : 'ends'}`, { strong: true });
    case 'healed':
      return line('all faults are over: the network is healed', { strong: true });
    case 'rest':
      return line('nothing is left to happen');
    case 'noted':
      return line(`notes ${legible(entry.text)}${entry.data === undefined ? '' : ` ${shortly(entry.data)}`}`);
    case 'console':
      return line(`console.${entry.level}: ${legible(entry.text)}`, { strong: LOUD.includes(entry.level) });
    case 'uncaught':
      return line(
        `${entry.how === 'error' ? 'throws, and nobody catches' : 'rejects, and nobody handles'}: ${legible(entry.stack === '' ? entry.error : withStack(entry))}`,
        { strong: true },
      );
    case 'socket': {
      const { socket, url, state, code, reason = '' } = entry;
      return line(
        `socket ${socket} to ${visible(url)} is ${state}${code === undefined ? '' : `: ${withReason({ code, reason: visible(reason) })}`}`,
      );
    }
    case 'held': {
      const held = [...entry.timers, ...entry.sockets, ...entry.listeners];
      return line(held.length === 0 ? 'holds nothing any more' : `still holds ${held.map(legible).join('; ')}`);
    }
    case 'custom':
      return line(`${entry.name}${entry.value === undefined ? '' : ` ${shortly(entry.value)}`}`);
    default: {
      const { at: _at, event: _event, node: _node, kind, ...fields } = seen;
      return line(`${kind} ${shortly(fields)}`);
    }
  }
}

function lineIn({ at, event, node, kind }: Entry, [what, number, behind]: Words, strong: boolean): Line {
  return { at, event, node, what, number, behind, strong, routine: number !== null || kind === 'timerFired' };
}

const patience = (retryAfter: number): string =>
  retryAfter === 0 ? '' : `, retry after ${formatDuration(retryAfter)}`;

const off = (ahead: number): string => `${formatDuration(Math.abs(ahead))} ${ahead > 0 ? 'ahead' : 'behind'}`;

const withReason = ({ code, reason }: { readonly code: number; readonly reason: string }): string =>
  reason === '' ? String(code) : `${code} ${reason}`;

/** What a timer is about; connections are numbered above everything else. */
const about = (key: number, nameOf: (conn: ConnId) => string): string =>
  key === 0 ? '' : ` ${key > CONNS_PER_NODE ? nameOf(key) : key}`;

/** Levels of a console that are worth a look by themselves. */
const LOUD: readonly string[] = ['warn', 'error', 'assert'];

/** An error above its stack; most engines write it at the stack's head already. */
const withStack = ({ error, stack }: { readonly error: string; readonly stack: string }): string =>
  stack.startsWith(error) ? stack : `${error}\n${stack}`;

/** Somebody's own text: lines stay lines, and nothing else in it does more than be read. */
const legible = (text: string): string => text.replaceAll('\t', '  ').split('\n').map(visible).join('\n');

/** A piece of a stream, as much of it as stays one line. */
const pieceIn = (value: Piece): string =>
  typeof value === 'string' ? shortly(value) : `${counted(value.length, 'byte')} (${hexOf(value)})`;

/** The first bytes of some. */
function hexOf(bytes: Uint8Array): string {
  const first = Array.from(bytes.subarray(0, 8), (each) => each.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 8 ? `${first} …` : first;
}

/** What the device says of itself. */
const DEVICE: readonly string[] = ['online', 'offline', 'moved'];

/** A message in words: its protocol's, or its type and what stands in it. */
function messageIn(payload: unknown, tell: Tell | undefined): Words {
  const told = tell?.message(payload);
  if (told !== undefined && told !== null) return told;
  if (ArrayBuffer.isView(payload)) return [counted(payload.byteLength, 'byte'), null, ''];
  const type = (payload as { type?: unknown } | null)?.type;
  if (typeof type !== 'string') return [shortly(payload), null, ''];
  const { type: _, ...fields } = payload as object & { type: string };
  return [Object.keys(fields).length === 0 ? type : `${type} ${shortly(fields)}`, null, ''];
}

/** Plain data on one line, so much of it that a line stays one. */
function shortly(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
}
const SHORT = 60;

/** The lines of a run with its broken laws among them, each behind the event that broke it. */
export function withBreaches(lines: readonly Line[], breaches: readonly BreachReport[]): Line[] {
  const ahead = [...breaches].sort((a, b) => a.event - b.event);
  const all: Line[] = [];
  const put = (until: number): void => {
    for (let next = ahead[0]; next !== undefined && next.event < until; next = ahead[0]) {
      const what = `${next.law}: ${next.message}`;
      all.push({
        at: next.at,
        event: next.event,
        node: BROKEN,
        what,
        number: null,
        behind: '',
        strong: true,
        routine: false,
      });
      ahead.shift();
    }
  };
  for (const line of lines) {
    put(line.event);
    all.push(line);
  }
  put(Number.POSITIVE_INFINITY);
  return all;
}

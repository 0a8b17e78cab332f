/** The timeline of a run in words: which event, when, who, what, why. `fold.ts` prints it. */

import { counted } from '../../src/count.ts';
import type { Entry } from '../../src/history.ts';
import { formatDuration } from '../../src/time.ts';
import { CONNS_PER_NODE, type ConnId, type Payload } from '../../src/transport.ts';
import type { Cursor } from '../../src/wire/frames.ts';
import { FRAME_TYPES } from '../../src/wire/layout.ts';
import type { BreachReport } from '../outcome.ts';
import { shown } from '../shown.ts';

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

/** What a line says, as text around one number. */
type Words = readonly [what: string, number: number | null, behind: string];

/** A line's text by itself. */
export const textOf = ({ what, number, behind }: Line): string => `${what}${number ?? ''}${behind}`;

export function lineOf(nameOf: (conn: ConnId) => string, entry: Entry): Line {
  const made = ([what, number, behind]: Words, strong: boolean): Line => ({
    ...{ at: entry.at, event: entry.event, node: entry.node },
    ...{ what, number, behind, strong, routine: number !== null || entry.kind === 'timerFired' },
  });
  const line = (what: string, { strong = false } = {}): Line => made([what, null, ''], strong);
  const numbered = (what: string, number: number, behind = ''): Line => made([what, number, behind], false);
  const conn = nameOf;
  switch (entry.kind) {
    case 'sent':
    case 'delivered': {
      const [what, number, behind] = describe(entry.payload);
      return made(
        [`${entry.kind === 'sent' ? 'sends' : 'gets'} ${what}`, number, `${behind} on ${conn(entry.conn)}`],
        false,
      );
    }
    case 'lost': {
      const [what, number, behind] = describe(entry.payload);
      return made([`loses ${what}`, number, `${behind} to ${entry.to} on ${conn(entry.conn)}: ${entry.why}`], false);
    }
    case 'produced':
    case 'durable':
      return numbered(`${entry.kind} session ${entry.session} stream ${entry.stream}${epoch(entry)} seq `, entry.seq);
    case 'received':
      return numbered(`received stream ${entry.stream}${epoch(entry)} seq `, entry.seq);
    case 'replaced':
      return line(`has stream ${entry.stream} replaced by a snapshot of epoch ${entry.epoch}, 1 to ${entry.seq}`);
    case 'submitted':
      return line(`is asked to send ${entry.key} (${counted(entry.bytes, 'byte')})`);
    case 'settled':
      return line(
        `reports send ${entry.key}: ${entry.outcome}${entry.stream > 0 ? `, answered by stream ${entry.stream}` : ''}`,
      );
    case 'performed':
      return line(`performs send ${entry.key} of ${entry.client} (client_seq ${entry.clientSeq})`);
    case 'noted':
      return line(
        entry.about === 'tool'
          ? `notes the tool call ${entry.key} of ${entry.client}`
          : entry.about === 'memory'
            ? `remembers ${entry.key} for ${entry.client}`
            : `completes the step of ${entry.client}'s stream ${entry.key.slice(1)}`,
      );
    case 'restored':
      return line(
        `${entry.resumed ? 'resumed' : 'began'} session ${entry.session} at generation ${entry.generation}, ${counted(entry.context.turns, 'turn')} of context`,
      );
    case 'stalled':
      return line(`is told that stream ${entry.stream} stalls behind seq ${entry.seq}`, { strong: true });
    case 'custom':
      return numbered(`${entry.name} `, entry.value);
    case 'told':
      return line(`tells its application: ${entry.error} (${entry.detail})`, { strong: true });
    case 'intent':
      return line(
        entry.intent === 'leave'
          ? 'application leaves'
          : entry.intent === 'start'
            ? 'application starts'
            : `device ${entry.intent === 'moved' ? 'has another address' : `is ${entry.intent}`}`,
      );
    case 'owned':
      return line(
        entry.server === ''
          ? `session ${entry.session} of ${entry.client} ends`
          : `session ${entry.session} of ${entry.client} now belongs to ${entry.server}, generation ${entry.generation}`,
      );
    case 'issued':
      return line(`gives ${entry.token.subject} token ${entry.token.serial}`);
    case 'revoked':
      return line(`revokes the tokens of ${entry.subject} up to ${entry.serial}`, { strong: true });
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
  }
}

const patience = (retryAfter: number): string =>
  retryAfter === 0 ? '' : `, retry after ${formatDuration(retryAfter)}`;

const off = (ahead: number): string => `${formatDuration(Math.abs(ahead))} ${ahead > 0 ? 'ahead' : 'behind'}`;

const withReason = ({ code, reason }: { readonly code: number; readonly reason: string }): string =>
  reason === '' ? String(code) : `${code} ${reason}`;

const cursor = ({ stream, lastSeq, held }: Cursor): string =>
  `stream ${stream} behind ${lastSeq}${held === null ? '' : ` holding ${held.seq} of a snapshot`}`;

const epoch = (of: { readonly epoch: number }): string => (of.epoch > 1 ? ` epoch ${of.epoch}` : '');

/** What a timer is about; connections are numbered above everything else. */
const about = (key: number, nameOf: (conn: ConnId) => string): string =>
  key === 0 ? '' : ` ${key > CONNS_PER_NODE ? nameOf(key) : key}`;

function describe(payload: Payload): Words {
  switch (payload.type) {
    case 'DATA':
      return [`DATA stream ${payload.stream}${epoch(payload)} seq `, payload.seq, ''];
    case 'ACK':
      return [`ACK stream ${payload.stream} up to `, payload.seq, ''];
    case 'PING':
    case 'PONG':
      return [`${payload.type} `, payload.nonce, ''];
    default:
      return [inWords(payload), null, ''];
  }
}

function inWords(payload: Exclude<Payload, { readonly type: 'DATA' | 'ACK' | 'PING' | 'PONG' }>): string {
  switch (payload.type) {
    case 'HELLO':
      return payload.resume === null
        ? 'HELLO (new session)'
        : `HELLO (resume ${payload.resume.session}, ${payload.resume.streams.map(cursor).join(', ') || 'no streams'})`;
    case 'WELCOME':
      return `WELCOME session ${payload.session} generation ${payload.generation}${payload.resumed ? ' resumed' : ''}`;
    case 'REPLAY_END':
      return `REPLAY_END stream ${payload.stream} at ${payload.seq}`;
    case 'RESET':
      return `RESET stream ${payload.stream}: ${payload.reason}${payload.held > 0 ? `, behind ${payload.held} held` : ''}`;
    case 'SNAPSHOT':
      return `SNAPSHOT stream ${payload.stream}${epoch(payload)} up to ${payload.seq}: ${payload.chunks.length === 0 ? 'no bytes' : `bytes ${payload.chunks[0]?.start} to ${payload.chunks.at(-1)?.end}`}${payload.last ? ', the last' : ''}`;
    case 'SEND':
    case 'SEND_ACK':
      return `${payload.type} ${payload.key} (client_seq ${payload.clientSeq})`;
    case 'HELD':
      return `HELD stream ${payload.stream} up to ${payload.seq}, credit to byte ${payload.limit}`;
    case 'STALLED':
      return `STALLED stream ${payload.stream} behind ${payload.seq}`;
    case 'GOAWAY':
      return `GOAWAY within ${formatDuration(payload.deadline)}`;
    case 'ERROR':
      return `ERROR ${payload.code}: ${payload.reason}`;
    default:
      return (FRAME_TYPES as readonly string[]).includes(payload.type) ? payload.type : shown(payload);
  }
}

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

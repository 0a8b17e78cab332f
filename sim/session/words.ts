/** The timeline of our session protocol in words: its frames, and what happens in agents, store and token service. */
import { counted } from '../../src/count.ts';
import type { Entry } from '../../src/session/history.ts';
import type { Cursor, Frame } from '../../src/session/wire/frames.ts';
import { FRAME_TYPES } from '../../src/session/wire/layout.ts';
import { formatDuration } from '../../src/time.ts';
import type { Tell, Words } from '../core/vocabulary.ts';

export const TELL: Tell = {
  entry: (entry) => tellEntry(entry as Entry),
  message: (payload) => {
    const frame = payload as Frame;
    return (FRAME_TYPES as readonly string[]).includes(frame.type) ? describe(frame) : null;
  },
};

type Told = ReturnType<Tell['entry']>;

function tellEntry(entry: Entry): Told {
  const line = (what: string, { strong = false } = {}): Told => ({ words: [what, null, ''], strong });
  const numbered = (what: string, number: number): Told => ({ words: [what, number, ''] });
  switch (entry.kind) {
    case 'produced':
    case 'durable':
      return numbered(`${entry.kind} session ${entry.session} stream ${entry.stream}${epoch(entry)} seq `, entry.seq);
    case 'received':
      return numbered(`received stream ${entry.stream}${epoch(entry)} seq `, entry.seq);
    case 'replaced':
      return line(`has stream ${entry.stream} replaced by a snapshot of epoch ${entry.epoch}, 1 to ${entry.seq}`);
    case 'performed':
      return line(`performs send ${entry.key} of ${entry.client} (client_seq ${entry.clientSeq})`);
    case 'recorded':
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
    case 'owned':
      return line(
        entry.server === ''
          ? `session ${entry.session} of ${entry.client} ends`
          : `session ${entry.session} of ${entry.client} now belongs to ${entry.server}, generation ${entry.generation}`,
      );
    case 'rewound':
      return line(`has session ${entry.session} of ${entry.client} from a backup, at generation ${entry.generation}`, {
        strong: true,
      });
    case 'issued':
      return line(`gives ${entry.token.subject} token ${entry.token.serial}`);
    case 'requested':
      return line(entry.what === 'token' ? 'asks for a token' : 'asks the store for a session');
    case 'revoked':
      return line(`revokes the tokens of ${entry.subject} up to ${entry.serial}`, { strong: true });
    default:
      return null;
  }
}

const cursor = ({ stream, lastSeq, held }: Cursor): string =>
  `stream ${stream} behind ${lastSeq}${held === null ? '' : ` holding ${held.seq} of a snapshot`}`;

const epoch = (of: { readonly epoch: number }): string => (of.epoch > 1 ? ` epoch ${of.epoch}` : '');

function describe(payload: Frame): Words {
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

function inWords(payload: Exclude<Frame, { readonly type: 'DATA' | 'ACK' | 'PING' | 'PONG' }>): string {
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
      return payload.type;
  }
}

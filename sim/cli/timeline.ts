/** The timeline of a run in words: when, who, what, why. Runs of like entries are folded into one line. */
import pc from 'picocolors';
import type { Entry } from '../../src/history.ts';
import { formatDuration } from '../../src/time.ts';
import { CONNS_PER_NODE, type ConnId, type Payload } from '../../src/transport.ts';
import type { Cursor } from '../../src/wire/frames.ts';
import type { BreachReport } from '../outcome.ts';
import type { World } from '../scenario.ts';

/** One line, and what it is folded by: lines of the same fold that follow each other become one. */
export interface Line {
  readonly at: number;
  readonly node: string;
  readonly what: string;
  readonly fold: string | null;
  /** First and last of a numbered run, for the folded line. */
  readonly seq: number;
  readonly strong: boolean;
}

/** Connections by name: `c1#3` is the third that c1 dialled. */
export function connName(world: World, conn: ConnId): string {
  const index = Math.floor((conn - 1) / CONNS_PER_NODE) - 1;
  const dialler = world.clients[index]?.node ?? world.balancer.node;
  return `${dialler}#${conn - (index + 1) * CONNS_PER_NODE}`;
}

export function lineOf(world: World, entry: Entry): Line {
  const line = (what: string, options: Partial<Line> = {}): Line => ({
    at: entry.at,
    node: entry.node,
    what,
    fold: null,
    seq: 0,
    strong: false,
    ...options,
  });
  const conn = (id: ConnId): string => connName(world, id);
  switch (entry.kind) {
    case 'sent':
    case 'delivered': {
      const verb = entry.kind === 'sent' ? 'sends' : 'gets';
      const { payload } = entry;
      const on = `on ${conn(entry.conn)}`;
      if (payload.type === 'DATA')
        return line(`${verb} DATA stream ${payload.stream} ${on}`, {
          fold: `${entry.node} ${verb} DATA ${payload.stream} ${entry.conn}`,
          seq: payload.seq,
        });
      return line(`${verb} ${describe(payload)} ${on}`, {
        fold:
          payload.type === 'ACK' || payload.type === 'PING' || payload.type === 'PONG'
            ? `${entry.node} ${verb} ${payload.type} ${entry.conn}`
            : null,
      });
    }
    case 'lost':
      return line(`loses ${describe(entry.payload)} to ${entry.to} on ${conn(entry.conn)}: ${entry.why}`, {
        fold: `lost ${entry.conn} ${entry.to} ${entry.payload.type}`,
      });
    case 'produced':
    case 'durable':
    case 'received':
      return line(`${entry.kind} stream ${entry.stream}`, {
        fold: `${entry.node} ${entry.kind} ${entry.stream} ${entry.epoch}`,
        seq: entry.seq,
      });
    case 'replaced':
      return line(`has stream ${entry.stream} replaced by a snapshot of epoch ${entry.epoch}, 1 to ${entry.seq}`);
    case 'submitted':
      return line(`is asked to send ${entry.key} (${entry.bytes} bytes)`);
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
        `${entry.resumed ? 'resumed' : 'began'} session ${entry.session} at generation ${entry.generation}, ${entry.context.turns} turns of context`,
      );
    case 'stalled':
      return line(`is told that stream ${entry.stream} stalls behind seq ${entry.seq}`, { strong: true });
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
      return line(`is asked to take ${conn(entry.conn)}`, { fold: `${entry.node} asked` });
    case 'accepted':
      return line(`takes ${conn(entry.conn)}`, { fold: `${entry.node} accepted` });
    case 'refused':
      return line(`refuses ${conn(entry.conn)} with ${entry.status}${patience(entry.retryAfter)}`, {
        fold: `${entry.node} refused ${entry.status} ${entry.retryAfter}`,
      });
    case 'opened':
      return line(`${conn(entry.conn)} is open`);
    case 'hungUp':
      return line(`hangs up ${conn(entry.conn)}: ${entry.code} ${entry.reason}`);
    case 'closed':
      return line(
        `${conn(entry.conn)} closed: ${entry.code} ${entry.reason}${entry.status > 0 ? ` (status ${entry.status}${patience(entry.retryAfter ?? 0)})` : ''}`,
      );
    case 'timerSet':
      return line(
        `waits ${formatDuration(entry.until - entry.at)} (${entry.timer}, attempt ${entry.attempt}, of ${formatDuration(entry.least)} to ${formatDuration(entry.most)})`,
      );
    case 'timerFired':
      return line(`timer ${entry.timer}`, { fold: `${entry.node} timer ${entry.timer}` });
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

const cursor = ({ stream, lastSeq, held }: Cursor): string =>
  `stream ${stream} behind ${lastSeq}${held === null ? '' : ` holding ${held.seq} of a snapshot`}`;

function describe(payload: Payload): string {
  switch (payload.type) {
    case 'DATA':
      return `DATA stream ${payload.stream} seq ${payload.seq}`;
    case 'ACK':
      return `ACK stream ${payload.stream} up to ${payload.seq}`;
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
      return `SNAPSHOT stream ${payload.stream} (${payload.chunks.length} ${payload.chunks.length === 1 ? 'chunk' : 'chunks'}${payload.last ? ', last' : ''})`;
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

/** The lines of a run with its broken laws among them, each behind the event that broke it. */
export function withBreaches(
  lines: readonly { readonly event: number; readonly line: Line }[],
  breaches: readonly BreachReport[],
): Line[] {
  const ahead = [...breaches].sort((a, b) => a.event - b.event);
  const all: Line[] = [];
  const put = (until: number): void => {
    for (let next = ahead[0]; next !== undefined && next.event < until; next = ahead[0]) {
      const what = `${next.law}: ${next.message}`;
      all.push({ at: next.at, node: 'BROKEN', what, fold: null, seq: 0, strong: true });
      ahead.shift();
    }
  };
  for (const { event, line } of lines) {
    put(event);
    all.push(line);
  }
  put(Number.POSITIVE_INFINITY);
  return all;
}

/** Lines as text, folded unless `full`. */
export function print(lines: readonly Line[], full: boolean): string[] {
  const printed: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const first = lines[i] as Line;
    let end = i + 1;
    if (!full && first.fold !== null) while (lines[end]?.fold === first.fold) end++;
    const last = lines[end - 1] as Line;
    const count = end - i;
    const range = first.seq === 0 ? '' : count === 1 ? ` seq ${first.seq}` : ` seq ${first.seq}-${last.seq}`;
    const until = count > 1 ? ` until ${clock(last.at)}` : '';
    const text = `${clock(first.at)}  ${first.node.padEnd(7)} ${count > 1 ? `${count} x ` : ''}${first.what}${range}${until}`;
    printed.push(first.strong ? pc.bold(text) : text);
    i = end;
  }
  return printed;
}

const clock = (at: number): string => `${(at / 1_000_000).toFixed(6)} s`.padStart(14);

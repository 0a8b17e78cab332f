/**
 * What crossed between lanes. A message that arrives or is lost names the entry that sent it; handshakes and ends of
 * connections cross as well; and what one service told another is seen by its consequence in another lane.
 */
import type { RecordedEntry } from '../../core/trail.ts';
import type { Vocabulary } from '../../core/vocabulary.ts';
import type { Lanes } from './lanes.ts';
import { CLASS, FATE, type Messages, type Rows } from './model.ts';

interface Draft {
  from: number;
  to: number;
  begins: number;
  ends: number;
  fate: number;
  class: number;
  again: number;
  beat: number;
  sent: number;
  ended: number;
}

/** Fills in `rows.message`, too. */
export function messagesOf(
  history: readonly RecordedEntry[],
  rows: Rows,
  lanes: Lanes,
  vocabulary: Vocabulary | undefined,
  ended: number,
): Messages {
  const drafts: Draft[] = [];
  const open = new Map<number, Draft>();
  /** The last row that says something of a connection to its other end, which will hear of it. */
  const words = new Map<string, number>();
  const said = new Set<string>();
  const cross = (from: number, to: number, sort: number): void => {
    const a = rows.lane[from] as number;
    const b = rows.lane[to] as number;
    if (a < 0 || b < 0 || a === b) return;
    const begins = rows.at[from] as number;
    const ends = rows.at[to] as number;
    drafts.push({ from: a, to: b, begins, ends, fate: FATE.ok, class: sort, again: 0, beat: 0, sent: from, ended: to });
  };
  for (const [i, entry] of history.entries()) {
    switch (entry.kind) {
      case 'sent': {
        const { payload } = entry;
        const type = typeOf(payload);
        const sort = classOf(payload, type, vocabulary);
        const key = sort === CLASS.data ? keyOf(entry.node, type, payload) : null;
        const again = key !== null && said.has(key) ? 1 : 0;
        if (key !== null) said.add(key);
        const draft: Draft = {
          from: lanes.of(entry.node),
          to: -1,
          begins: entry.at,
          ends: ended,
          fate: FATE.inFlight,
          class: sort,
          again,
          beat: BEAT.test(type) ? 1 : 0,
          sent: i,
          ended: -1,
        };
        open.set(entry.id, draft);
        drafts.push(draft);
        break;
      }
      case 'delivered':
      case 'lost': {
        const draft = open.get(entry.cause);
        if (draft === undefined) break;
        open.delete(entry.cause);
        draft.to = lanes.of(entry.kind === 'lost' ? entry.to : entry.node);
        draft.ends = entry.at;
        draft.ended = i;
        // What its receiver's host still got was late; everything else died on its way.
        draft.fate = entry.kind === 'delivered' ? FATE.ok : LATE.test(entry.why) ? FATE.late : FATE.lost;
        break;
      }
      case 'dialled':
      case 'accepted':
      case 'refused':
        words.set(`${entry.conn} ${entry.kind === 'dialled' ? 'dial' : 'answer'}`, i);
        break;
      case 'hungUp':
        words.set(`${entry.conn} end ${entry.node}`, i);
        words.set(`${entry.conn} end`, i);
        break;
      case 'asked': {
        const from = words.get(`${entry.conn} dial`);
        if (from !== undefined) cross(from, i, CLASS.control);
        break;
      }
      case 'opened': {
        const from = words.get(`${entry.conn} answer`);
        if (from !== undefined) cross(from, i, CLASS.control);
        break;
      }
      case 'closed': {
        const from = words.get(`${entry.conn} end`) ?? words.get(`${entry.conn} answer`);
        const mine = words.get(`${entry.conn} end ${entry.node}`);
        if (from !== undefined && from !== mine && isOf(history[from]?.kind)) cross(from, i, CLASS.control);
        break;
      }
      default:
        // One service told another: nobody sees that on a wire, but what came of it stands in another lane.
        if (entry.cause > 0 && entry.kind !== 'fault') cross(entry.cause - 1, i, CLASS.post);
    }
  }
  const usual = usualTimes(drafts);
  for (const draft of drafts) {
    if (draft.to < 0) draft.to = draft.from;
    if (draft.fate !== FATE.ok || draft.class === CLASS.post) continue;
    const least = usual.get(draft.from * 4096 + draft.to) ?? 0;
    if (draft.ends - draft.begins > Math.max(HELD_US, 6 * least)) draft.fate = FATE.held;
  }
  drafts.sort((a, b) => a.begins - b.begins);
  return columns(drafts, rows);
}

const isOf = (kind: string | undefined): boolean => kind === 'hungUp' || kind === 'refused';

/** Longer than any path of the presets takes by itself. */
const HELD_US = 400_000;

const BEAT = /^(ping|pong|heartbeat|hb)$/i;
const LATE = /is gone|was over|closed/;

const typeOf = (payload: unknown): string => {
  const type = (payload as { readonly type?: unknown } | null)?.type;
  return typeof type === 'string' ? type : '';
};

function classOf(payload: unknown, type: string, vocabulary: Vocabulary | undefined): number {
  if (/ack/i.test(type)) return CLASS.ack;
  if (vocabulary?.bulk === type || /^(data|chunk|send|snapshot|event|item|message|publish|text)/i.test(type))
    return CLASS.data;
  return type === '' && (typeof payload === 'string' || ArrayBuffer.isView(payload)) ? CLASS.data : CLASS.control;
}

/** What tells a message apart from all others of its sender: its place in a stream, or a key; null where it has neither. */
function keyOf(node: string, type: string, payload: unknown): string | null {
  const { stream, epoch, seq, key } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  return seq === undefined && key === undefined ? null : `${node} ${type} ${stream} ${epoch} ${seq} ${key}`;
}

/** How long a message between two lanes takes by itself: the median. */
function usualTimes(drafts: readonly Draft[]): ReadonlyMap<number, number> {
  const all = new Map<number, number[]>();
  for (const { from, to, begins, ends, fate } of drafts) {
    if (fate !== FATE.ok) continue;
    const key = from * 4096 + to;
    const times = all.get(key);
    if (times === undefined) all.set(key, [ends - begins]);
    else times.push(ends - begins);
  }
  return new Map([...all].map(([key, times]) => [key, times.sort((a, b) => a - b)[times.length >> 1] as number]));
}

function columns(drafts: readonly Draft[], rows: Rows): Messages {
  const count = drafts.length;
  const made = {
    from: new Int16Array(count),
    to: new Int16Array(count),
    begins: new Float64Array(count),
    ends: new Float64Array(count),
    fate: new Uint8Array(count),
    class: new Uint8Array(count),
    again: new Uint8Array(count),
    beat: new Uint8Array(count),
    sent: new Int32Array(count),
    ended: new Int32Array(count),
  };
  let longest = 0;
  for (const [i, draft] of drafts.entries()) {
    made.from[i] = draft.from;
    made.to[i] = draft.to;
    made.begins[i] = draft.begins;
    made.ends[i] = draft.ends;
    made.fate[i] = draft.fate;
    made.class[i] = draft.class;
    made.again[i] = draft.again;
    made.beat[i] = draft.beat;
    made.sent[i] = draft.sent;
    made.ended[i] = draft.ended;
    longest = Math.max(longest, draft.ends - draft.begins);
    if (draft.class !== CLASS.post) {
      rows.message[draft.sent] = i;
      if (draft.ended >= 0) rows.message[draft.ended] = i;
    } else if (rows.message[draft.ended] === -1) rows.message[draft.ended] = i;
  }
  return { count, ...made, longest };
}

/**
 * Small histories written by hand, for showing that a law passes an honest one and catches a planted breach.
 *
 * The verbs write what an honest world would let a witness see; `say` writes anything at all. Each verb is an event of
 * its own, and time moves only by `wait`. One client `c1`, one server `s1` behind one hop, one store.
 */
import { PRESETS } from '../../../src/backoff/presets.ts';
import type { SendOutcome } from '../../../src/boundary.ts';
import { type Chunk, type Content, checksum } from '../../../src/content.ts';
import type { ApplicationError } from '../../../src/errors.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { Entry, EntryKind, EntryOf } from '../../../src/session/history.ts';
import { type ContextSummary, extendContext, type Frame, type Token } from '../../../src/session/wire/frames.ts';
import { at, type Duration, type Instant, ms, NEVER, START, seconds } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { Breach, Law } from './law.ts';

/** A text of one letter in chunks of 100 bytes; the sums are true, so that every law can believe them. */
function documentOf(content: number, count: number): Content {
  const name = `text-${content}`;
  const bytes = new Uint8Array(count * 100).fill(48 + content);
  const chunks = Array.from({ length: count }, (_, i) => ({
    content,
    start: i * 100,
    end: (i + 1) * 100,
    sum: checksum(bytes, i * 100, (i + 1) * 100),
    part: 0,
    fin: i === count - 1,
  }));
  return { name, kind: 'text', bytes, parts: [{ name, kind: 'text', start: 0, end: bytes.length }], chunks };
}

const DOCUMENTS: readonly Content[] = [documentOf(0, 6), documentOf(1, 6)];
export const CONTENTS: readonly (readonly Chunk[])[] = DOCUMENTS.map(({ chunks }) => chunks);

/** Chunk `seq` of a content; a test that asks for one that is not there has a mistake. */
export function chunk(seq: number, content = 0): Chunk {
  const found = CONTENTS[content]?.[seq - 1];
  if (found === undefined) throw new Error(`no chunk ${seq} in content ${content}`);
  return found;
}

export const FACTS: Facts = {
  roles: { c1: 'client', s1: 'server', s2: 'server', lb: 'balancer', store: 'store', auth: 'auth' },
  clients: [
    {
      node: 'c1',
      policy: PRESETS['full-jitter'].policy,
      deadAfter: seconds(10),
      connectTimeout: seconds(5),
      helloTimeout: seconds(5),
      tokenTimeout: seconds(5),
      credit: 400,
      outboxBytes: 1000,
      outboxCount: 3,
    },
  ],
  contents: CONTENTS,
  documents: DOCUMENTS,
  allowedErrors: ['session_expired', 'outbox_full'],
  convergeWithin: seconds(60),
  window: { count: 5, bytes: 1000, age: seconds(60) },
  server: { helloTimeout: seconds(5), callsWithin: seconds(4) },
  connBufferBytes: 2000,
  tokenLeeway: seconds(10),
  stall: { after: seconds(15), within: seconds(28) },
  fresh: { within: seconds(2), settle: seconds(1) },
  absence: { sessionTtl: seconds(300), backWithin: seconds(60) },
  admits: [{ node: 's1', rate: 10, turnsAway: false }],
  herd: { window: ms(100), most: 3, capacity: 10 },
};

/** The facts with other promises of the client. */
export const factsWith = (client: Partial<Facts['clients'][number]>): Facts => ({
  ...FACTS,
  clients: FACTS.clients.map((usual) => ({ ...usual, ...client })),
});

type Fields<K extends EntryKind> = Omit<EntryOf<K>, 'kind' | 'at' | 'node' | 'event'>;

interface Connecting {
  readonly session?: number;
  readonly generation?: number;
  readonly resumed?: boolean;
  readonly context?: ContextSummary;
}

/** A history in the making. */
export interface Written {
  readonly entries: Entry[];
  /** Time moves on. */
  wait(by: Duration): Written;
  /** Writes an entry as part of the present event. */
  say<K extends EntryKind>(kind: K, node: string, fields: Fields<K>): Written;
  /** Begins a new event. */
  next(): Written;
  intent(intent: EntryOf<'intent'>['intent']): Written;
  dial(conn: number): Written;
  open(conn: number): Written;
  /** The server claims the session, and WELCOME arrives. */
  welcome(conn: number, how?: Connecting): Written;
  /** Dial, handshake and WELCOME, 10 ms in all. */
  connect(conn: number, how?: Connecting): Written;
  /** A frame leaves a node and arrives at the other end at once. */
  carry(conn: number, from: string, to: string, payload: Frame, bytes?: number): Written;
  /** A frame leaves a node and is still under way. */
  send(conn: number, from: string, payload: Frame, bytes?: number): Written;
  hear(conn: number, payload: Frame): Written;
  submit(key: string, bytes?: number): Written;
  perform(key: string, clientSeq: number, session?: number): Written;
  settle(key: string, outcome?: SendOutcome, stream?: number): Written;
  /** A chunk is produced and becomes durable. */
  produce(seq: number, where?: { stream?: number; epoch?: number; content?: number; generation?: number }): Written;
  receive(seq: number, where?: { conn?: number; stream?: number; epoch?: number; content?: number }): Written;
  close(conn: number, code?: number): Written;
  hangUp(conn: number, code?: number): Written;
  /** The server hears that its client said goodbye. */
  farewell(conn: number): Written;
  /** The client sets its retry timer; with `asleep` false time stays where it is. */
  retry(delay: Duration, asleep?: boolean): Written;
  tell(error: ApplicationError): Written;
  heal(): Written;
  rest(): Written;
}

export function written(): Written {
  const entries: Entry[] = [];
  let now = 0;
  let event = 1;
  let hasToken = false;
  const self: Written = {
    entries,
    wait(by) {
      now += by;
      return self.next();
    },
    next() {
      event++;
      return self;
    },
    say(kind, node, fields) {
      entries.push({ at: at(now), node, event, kind, ...fields } as unknown as Entry);
      return self;
    },
    intent: (intent) => self.next().say('intent', 'c1', { intent }),
    dial: (conn) => self.next().say('dialled', 'c1', { conn, to: 'lb' }),
    open: (conn) => self.next().say('opened', 'c1', { conn }),
    welcome(conn, { session = 1, generation = 1, resumed = generation > 1, context = CLEAN } = {}) {
      self.next().say('owned', 'store', { session, generation, client: 'c1', server: 's1' });
      self.carry(conn, 's1', 'c1', welcome(session, generation, resumed, context));
      return self.say('restored', 'c1', { session, generation, resumed, context });
    },
    connect(conn, how = {}) {
      if (!hasToken) self.say('issued', 'auth', { token: TOKEN });
      hasToken = true;
      self.dial(conn).wait(ms(5)).open(conn);
      return self.carry(conn, 'c1', 's1', hello(conn)).wait(ms(5)).welcome(conn, how);
    },
    send: (conn, from, payload, bytes = 50) => self.next().say('sent', from, { conn, payload, bytes }),
    carry: (conn, from, to, payload, bytes = 50) =>
      self.send(conn, from, payload, bytes).next().say('delivered', to, { conn, payload, bytes }),
    hear: (conn, payload) => self.carry(conn, 's1', 'c1', payload),
    submit: (key, bytes = 100) => self.next().say('submitted', 'c1', { key, ask: 0, bytes }),
    perform: (key, clientSeq, session = 1) =>
      self.next().say('performed', 'store', { session, client: 'c1', clientSeq, key }),
    settle: (key, outcome = 'done', stream = 0) => self.next().say('settled', 'c1', { key, outcome, stream }),
    produce(seq, { stream = 1, epoch = 1, content = 0, generation = 1 } = {}) {
      const produced = { session: 1, stream, epoch, seq, chunk: chunk(seq, content) };
      self.next().say('produced', 'agent1', produced);
      return self.next().say('durable', 'store', { ...produced, generation });
    },
    receive: (seq, { conn = 1, stream = 1, epoch = 1, content = 0 } = {}) =>
      self.next().say('received', 'c1', { conn, stream, epoch, seq, chunk: chunk(seq, content) }),
    close: (conn, code = 1006) => self.next().say('closed', 'c1', { conn, code, reason: '', status: 0 }),
    hangUp: (conn, code = 1006) => self.next().say('hungUp', 'c1', { conn, code, reason: '' }),
    farewell: (conn) => self.next().say('closed', 's1', { conn, code: 1000, reason: '', status: 0 }),
    retry(delay, asleep = true) {
      const until = at(now + delay);
      self.say('timerSet', 'c1', { timer: 'retry', key: 0, until, attempt: 0, least: 0, most: 0 });
      return asleep ? self.wait(delay) : self;
    },
    tell: (error) => self.say('told', 'c1', { error, detail: 'as planned' }),
    heal: () => self.next().say('healed', 'lb', {}),
    rest: () => self.next().say('rest', 'lb', { timers: [], conns: [], sessions: [] }),
  };
  return self;
}

export const CLEAN: ContextSummary = { turns: 0, digest: 0 };

/** The context after these keys took effect as client_seq 1, 2, … */
export const contextOf = (...keys: string[]): ContextSummary => ({
  turns: keys.length,
  digest: keys.reduce((digest, key, i) => extendContext(digest, i + 1, key), 0),
});

/** The token of `c1`, which lives for eleven days. */
export const TOKEN: Token = { subject: 'c1', serial: 1, expiresAt: at(1e12), signature: 1 };

export const hello = (dial: number): Frame => ({
  type: 'HELLO',
  protoMin: 1,
  protoMax: 1,
  token: TOKEN,
  client: 'c1',
  dial,
  credit: 400,
  resume: null,
});

export const welcome = (session: number, generation: number, resumed: boolean, context = CLEAN): Frame => ({
  type: 'WELCOME',
  proto: 1,
  session,
  resumeToken: generation,
  generation,
  resumed,
  streams: [],
  sendAck: context.turns,
  context,
  sessionTtl: seconds(60),
  heartbeatInterval: seconds(5),
  deadAfter: seconds(10),
});

export const data = (seq: number, stream = 1): Frame => ({ type: 'DATA', stream, epoch: 1, seq, chunk: chunk(seq) });
export const unavailable = (retryAfter: Duration): Frame => ({
  type: 'ERROR',
  code: 'unavailable',
  reason: 'store',
  clientSeq: 0,
  retryAfter,
});
export const goaway: Frame = { type: 'GOAWAY', deadline: seconds(10), retryAfter: seconds(1), lastSend: 0 };

/** An honest run: a question, an answer in six chunks, a connection lost in the middle, a resume, a farewell. */
export function honest(): Written {
  const run = written().intent('start').connect(1).submit('k1').perform('k1', 1).settle('k1', 'done', 1);
  for (const seq of [1, 2, 3]) run.produce(seq).carry(1, 's1', 'c1', data(seq)).receive(seq);
  run
    .wait(ms(100))
    .close(1)
    .tell('connection_lost')
    .retry(ms(700))
    .connect(2, { generation: 2, context: contextOf('k1') });
  for (const seq of [4, 5, 6])
    run.produce(seq, { generation: 2 }).carry(2, 's1', 'c1', data(seq)).receive(seq, { conn: 2 });
  run.heal().wait(seconds(1)).intent('leave').hangUp(2, 1000).farewell(2);
  return run.next().say('owned', 'store', { session: 1, generation: 2, client: 'c1', server: '' }).rest();
}

/** What a law says of a history: its breaches in order, none for an honest one. */
export function verdict(
  law: Law,
  history: Written | readonly Entry[],
  { facts = FACTS, complete = true }: { facts?: Facts; complete?: boolean } = {},
): string[] {
  const breaches: string[] = [];
  const breach: Breach = Object.assign((message: string): void => void breaches.push(message), {
    nameOf: (conn: ConnId) => `#${conn}`,
  });
  const memory = law.remember(facts);
  const folds = law.on as unknown as {
    readonly [kind: string]: (memory: unknown, entry: Entry, breach: unknown) => void;
  };
  const entries: readonly Entry[] = Array.isArray(history) ? history : (history as Written).entries;
  let alarm: Instant = law.look?.(memory, breach, START) ?? NEVER;
  for (const entry of entries) {
    while (alarm < entry.at) alarm = law.look?.(memory, breach, alarm) ?? NEVER;
    folds[entry.kind]?.(memory, entry, breach);
    if ('payload' in entry) folds[`${entry.kind} ${entry.payload.type}`]?.(memory, entry, breach);
  }
  law.end?.(memory, breach, { complete, at: entries.at(-1)?.at ?? START });
  return breaches;
}

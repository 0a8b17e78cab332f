/**
 * A friendly world of one client: a path with a fixed delay, a token service, and a server that keeps the protocol.
 *
 * It is the smallest server that can be resumed: one replica, durable at once, one chunk every 10 ms for each answer. A
 * test bends it at one place (cuts the path, refuses dials, forgets a session, starts a new epoch) and looks at what
 * the application was given.
 */
import type { Chunk } from '../../../src/content.ts';
import { APPLICATION_ERRORS, type ApplicationError } from '../../../src/errors.ts';
import type { ApplicationEffect } from '../../../src/session/application.ts';
import type { ClientConfig } from '../../../src/session/client/config.ts';
import type { ClientEffect, ClientEvent } from '../../../src/session/client/state.ts';
import type { Frame, Hello, StreamStart } from '../../../src/session/wire/frames.ts';
import { at, minutes, ms, seconds, us } from '../../../src/time.ts';
import { type ClientMachine, CONFIG, type Driver, Driver as Drives, type Mode } from './driver.ts';
import { allWatches } from './watches.ts';

export const DELAY = ms(10);
const CHUNK = 100;

interface Stream {
  epoch: number;
  readonly content: number;
  head: number;
  /** How many chunks the answer has. */
  readonly length: number;
  /** Oldest sequence number that can be replayed. */
  oldest: number;
}

interface Session {
  readonly id: number;
  generation: number;
  readonly streams: Map<number, Stream>;
  nextStream: number;
  /** Stored results by client_seq. */
  readonly results: Map<number, { key: string; stream: number }>;
  owner: number;
}

interface Conn {
  session: Session | null;
  readonly limits: Map<number, number>;
  readonly sent: Map<number, number>;
  /** Replays under way: the head that ends each. */
  readonly replays: Map<number, number>;
  credit: number;
}

interface Planned {
  readonly at: number;
  readonly run: () => void;
}

export class World {
  readonly driver: Driver;
  #cut = false;
  /** Dials are refused with 503. */
  refusing = false;
  authDown = false;
  tokenTtl: number = minutes(10);
  /** Acknowledgements of sends that the server still swallows. */
  swallow = 0;
  /** Whether the record of a session that it does not know was damaged. */
  damaged = false;
  readonly dials: { readonly at: number; readonly conn: number; readonly url: string | undefined }[] = [];
  readonly told: ApplicationEffect[] = [];
  readonly hungUp: { readonly conn: number; readonly code: number }[] = [];
  readonly performed: string[] = [];
  readonly frames: { readonly conn: number; readonly frame: Frame }[] = [];
  /** In the order of planning, so that the first of those at one time was planned first. */
  readonly #agenda: Planned[] = [];
  readonly #sessions = new Map<number, Session>();
  readonly #conns = new Map<number, Conn>();
  #ids = 0;
  #serials = 0;

  /** `watched` false for a client that goes on with what another began: the watches would have to know that. */
  constructor(
    options: { config?: Partial<ClientConfig>; machine?: ClientMachine; mode?: Mode; watched?: boolean } = {},
  ) {
    const watches = options.watched === false ? [] : allWatches({ ...CONFIG, ...options.config });
    this.driver = new Drives({ ...options, watches });
  }

  // ---- what a test does ---------------------------------------------------------------------------------------------

  start(): this {
    this.tell({ type: 'start' });
    return this;
  }

  /** Asks for an answer of so many chunks. */
  submit(key: string, ask: number, bytes = 10): this {
    this.tell({ type: 'submit', key, ask, bytes });
    return this;
  }

  /** Lets the world go on for so long. */
  run(duration: number): this {
    const end = this.driver.now + duration;
    for (;;) {
      const timer = this.driver.next();
      const entry = this.#agenda.reduce<Planned | null>(
        (first, e) => (first === null || e.at < first.at ? e : first),
        null,
      );
      const next = Math.min(timer?.at ?? Number.POSITIVE_INFINITY, entry?.at ?? Number.POSITIVE_INFINITY);
      if (next > end) break;
      if (entry !== null && entry.at === next) {
        this.#agenda.splice(this.#agenda.indexOf(entry), 1);
        this.driver.now = at(Math.max(entry.at, this.driver.now));
        entry.run();
      } else this.#obey(this.driver.fire());
    }
    this.driver.now = at(end);
    return this;
  }

  tell(event: ClientEvent): void {
    this.#obey(this.driver.tell(event));
  }

  /** The connection that the server believes to own a session, or 0. */
  owner(): number {
    for (const session of this.#sessions.values()) if (this.#conns.has(session.owner)) return session.owner;
    return 0;
  }

  /** The server's end says this to the client. */
  say(conn: number, frame: Frame): void {
    this.#later(() => this.tell({ type: 'frame', conn, payload: frame, bytes: 1 }));
  }

  /** The server asks its client to go elsewhere within `retryAfter`, and closes with 1012 after `deadline`. */
  drain(retryAfter: number, deadline: number): number {
    const conn = this.owner();
    this.say(conn, { type: 'GOAWAY', deadline: us(deadline), retryAfter: us(retryAfter), lastSend: 0 });
    this.#agenda.push({ at: this.driver.now + deadline, run: () => this.close(conn, 1012) });
    return conn;
  }

  /** The server's end is closed with a code (1006: it dies). */
  close(conn: number, code: number, reason = ''): void {
    if (!this.#conns.delete(conn)) return;
    this.#later(() => this.tell({ type: 'closed', conn, code, reason, clean: code !== 1006, status: 0 }));
  }

  /** Nothing passes any more, in either direction, and what was open stays silent even when the path is back. */
  cut(): void {
    this.#cut = true;
    this.#conns.clear();
  }

  heal(): void {
    this.#cut = false;
  }

  /** The server forgets every session. */
  expire(): void {
    this.#sessions.clear();
  }

  /** Every answer is generated anew, in a new epoch. */
  regenerate(): void {
    for (const session of this.#sessions.values()) {
      for (const stream of session.streams.values()) Object.assign(stream, { epoch: stream.epoch + 1, head: 3 });
    }
  }

  /** The replay window moves up to the head. */
  trim(): void {
    for (const session of this.#sessions.values()) {
      for (const stream of session.streams.values()) stream.oldest = stream.head + 1;
    }
  }

  // ---- what came of it ----------------------------------------------------------------------------------------------

  /** The content of each stream as the application holds it: chunk ends, by stream. */
  received(): Map<number, { epoch: number; seqs: number[]; done: boolean }> {
    const streams = new Map<number, { epoch: number; seqs: number[]; done: boolean }>();
    for (const effect of this.told) {
      if (effect.type === 'restore' && !effect.resumed) streams.clear();
      if (effect.type === 'replace') {
        const seqs = effect.chunks.map((chunk) => chunk.end / CHUNK);
        streams.set(effect.stream, { epoch: effect.epoch, seqs, done: effect.chunks.at(-1)?.fin ?? false });
      }
      if (effect.type !== 'deliver') continue;
      const held = streams.get(effect.stream) ?? { epoch: effect.epoch, seqs: [], done: false };
      held.seqs.push(effect.chunk.end / CHUNK);
      held.done = effect.chunk.fin;
      streams.set(effect.stream, held);
    }
    return streams;
  }

  outcomes(): Record<string, string> {
    const outcomes: Record<string, string> = {};
    for (const effect of this.told) if (effect.type === 'settle') outcomes[effect.key] = effect.outcome;
    return outcomes;
  }

  /** What the application was told of the session as a whole. */
  errors(): string[] {
    return this.#reports().filter((error) => !APPLICATION_ERRORS[error].transient);
  }

  /** What the application was told of single connections and dials. */
  failures(): string[] {
    return this.#reports().filter((error) => APPLICATION_ERRORS[error].transient);
  }

  #reports(): ApplicationError[] {
    return this.told.flatMap((effect) => (effect.type === 'report' ? [effect.error] : []));
  }

  // ---- the path -----------------------------------------------------------------------------------------------------

  /** After the path's delay, unless the path is cut by then or was cut now. */
  #later(run: () => void, delay: number = DELAY): void {
    if (this.#cut) return;
    const there = this.driver.now + delay;
    this.#agenda.push({ at: there, run: () => (this.#cut ? undefined : run()) });
  }

  #obey(effects: readonly ClientEffect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'dial':
          this.dials.push({ at: this.driver.now, conn: effect.conn, url: effect.url });
          this.#later(() => this.#incoming(effect.conn), 2 * DELAY);
          break;
        case 'send':
          this.frames.push({ conn: effect.conn, frame: effect.payload });
          this.#later(() => this.#conns.has(effect.conn) && this.#hear(effect.conn, effect.payload));
          break;
        case 'close':
        case 'terminate':
          this.hungUp.push({ conn: effect.conn, code: effect.type === 'close' ? effect.code : 1006 });
          this.#later(() => this.#conns.delete(effect.conn));
          break;
        case 'post':
          if (!this.authDown) this.#later(() => this.#issue(), 2 * DELAY);
          break;
        case 'deliver':
        case 'replace':
        case 'settle':
        case 'restore':
        case 'report':
          this.told.push(effect);
      }
    }
  }

  #issue(): void {
    const token = {
      subject: 'c1',
      serial: ++this.#serials,
      expiresAt: at(this.driver.now + this.tokenTtl),
      signature: 1,
    };
    this.tell({ type: 'message', from: 'auth', message: { type: 'issued', op: this.#serials, token } });
  }

  // ---- the server ---------------------------------------------------------------------------------------------------

  #incoming(conn: number): void {
    if (this.refusing) {
      this.tell({ type: 'closed', conn, code: 1006, reason: '', clean: false, status: 503 });
      return;
    }
    this.#conns.set(conn, { session: null, limits: new Map(), sent: new Map(), replays: new Map(), credit: 0 });
    this.tell({ type: 'opened', conn });
  }

  #hear(conn: number, frame: Frame): void {
    const held = this.#conns.get(conn) as Conn;
    const { session } = held;
    if (frame.type === 'HELLO') this.#welcome(conn, held, frame);
    else if (frame.type === 'PING') this.say(conn, { type: 'PONG', nonce: frame.nonce });
    else if (frame.type === 'AUTH') this.say(conn, frame);
    else if (session === null || session.owner !== conn) return;
    else if (frame.type === 'ACK') {
      held.limits.set(frame.stream, frame.limit);
      const stream = session.streams.get(frame.stream);
      // What is complete and processed is not needed any more.
      if (frame.seq === stream?.length && frame.epoch === stream.epoch) session.streams.delete(frame.stream);
      this.#pump(session);
    } else if (frame.type === 'SEND') {
      let result = session.results.get(frame.clientSeq);
      if (result === undefined) {
        this.performed.push(frame.key);
        result = { key: frame.key, stream: frame.ask > 0 ? this.#answer(session, frame.ask) : 0 };
        session.results.set(frame.clientSeq, result);
      }
      if (this.swallow > 0) this.swallow--;
      else this.say(conn, { type: 'SEND_ACK', clientSeq: frame.clientSeq, ...result });
    }
  }

  #welcome(conn: number, held: Conn, hello: Hello): void {
    const known = this.#sessions.get(hello.resume?.session ?? 0);
    const session: Session = known ?? {
      id: ++this.#ids,
      generation: 0,
      streams: new Map(),
      nextStream: 1,
      results: new Map(),
      owner: 0,
    };
    this.#sessions.set(session.id, session);
    session.generation++;
    const before = session.owner;
    session.owner = conn;
    held.session = session;
    held.credit = hello.credit;
    const streams: StreamStart[] = [];
    for (const [number, stream] of session.streams) {
      const cursor = hello.resume?.streams.find((c) => c.stream === number);
      const last = cursor?.lastSeq ?? 0;
      const reason =
        cursor !== undefined && cursor.epoch !== stream.epoch
          ? 'epoch_changed'
          : last < stream.oldest - 1
            ? 'window_exceeded'
            : null;
      streams.push({ stream: number, epoch: stream.epoch, headSeq: stream.head, resumed: reason === null, reason });
      held.replays.set(number, stream.head);
      held.limits.set(number, cursor?.limit ?? hello.credit);
      held.sent.set(number, reason === null ? last : stream.head);
    }
    if (known === undefined && this.damaged)
      this.say(conn, { type: 'ERROR', code: 'state_corrupt', reason: '', clientSeq: 0, retryAfter: us(0) });
    this.say(conn, {
      type: 'WELCOME',
      proto: 1,
      session: session.id,
      resumeToken: session.generation,
      generation: session.generation,
      resumed: known !== undefined,
      streams,
      sendAck: session.results.size,
      context: { turns: session.results.size, digest: 0 },
      sessionTtl: seconds(120),
      heartbeatInterval: seconds(2),
      deadAfter: seconds(5),
    });
    if (hello.resume !== null && known === undefined)
      this.say(conn, { type: 'RESET', stream: 0, reason: 'unknown_session', epoch: 0, oldestSeq: 0, held: 0 });
    for (const { stream, epoch, reason } of streams) {
      if (reason === null) continue;
      const { head } = session.streams.get(stream) as Stream;
      const pieces = hello.resume?.streams.find((c) => c.stream === stream)?.held ?? null;
      const held = pieces?.epoch === epoch && pieces.seq < head ? pieces.seq : 0;
      this.say(conn, { type: 'RESET', stream, reason, epoch, oldestSeq: head + 1, held });
      const all = Array.from({ length: head }, (_, i) => this.#chunk(session.streams.get(stream) as Stream, i + 1));
      const half = Math.floor((held + head) / 2);
      this.say(conn, { type: 'SNAPSHOT', stream, epoch, seq: head, chunks: all.slice(held, half), last: false });
      this.say(conn, { type: 'SNAPSHOT', stream, epoch, seq: head, chunks: all.slice(half), last: true });
    }
    this.#pump(session);
    if (before !== 0 && before !== conn) this.close(before, 4001);
  }

  /** Opens a stream, and grows it by a chunk every 10 ms. */
  #answer(session: Session, length: number): number {
    const number = session.nextStream++;
    const stream: Stream = { epoch: 1, content: number, head: 0, length, oldest: 1 };
    session.streams.set(number, stream);
    const grow = (): void => {
      if (stream.head >= stream.length || !this.#sessions.has(session.id)) return;
      stream.head++;
      this.#pump(session);
      this.#agenda.push({ at: this.driver.now + ms(10), run: grow });
    };
    this.#agenda.push({ at: this.driver.now + ms(10), run: grow });
    return number;
  }

  #pump(session: Session): void {
    const held = this.#conns.get(session.owner);
    if (held === undefined) return;
    for (const [number, stream] of session.streams) {
      for (let seq = (held.sent.get(number) ?? 0) + 1; seq <= stream.head; seq++) {
        const chunk = this.#chunk(stream, seq);
        if (chunk.end > (held.limits.get(number) ?? held.credit)) break;
        held.sent.set(number, seq);
        this.say(session.owner, { type: 'DATA', stream: number, epoch: stream.epoch, seq, chunk });
      }
      const seq = held.replays.get(number);
      if (seq === undefined || (held.sent.get(number) ?? 0) < seq) continue;
      held.replays.delete(number);
      this.say(session.owner, { type: 'REPLAY_END', stream: number, epoch: stream.epoch, seq });
    }
  }

  #chunk({ content, length }: Stream, seq: number): Chunk {
    return { content, start: (seq - 1) * CHUNK, end: seq * CHUNK, sum: 1, part: 0, fin: seq === length };
  }
}

/** A world in which the client is connected. */
export const connected = (options: ConstructorParameters<typeof World>[0] = {}): World =>
  new World(options).start().run(ms(200));

/** One peer at work: where it is in its script, on which connection, and what it waits for. */
import { webSocketClient } from '../../src/http/client.ts';
import type { ClientSaid, WebSocketClient } from '../../src/http/endpoint.ts';
import { OPCODES } from '../../src/http/frame-reader.ts';
import { fragments } from '../../src/http/frame-writer.ts';
import { utf8 } from '../../src/http/utf8.ts';
import type { Context } from '../../src/machine.ts';
import { after, formatDuration, ms } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import { shown } from '../core/shown.ts';
import { type Rude, rudeness } from './fuzz.ts';
import type { Message } from './host-server.ts';
import type { Expected, PeerOptions, Speaker, Step } from './peer.ts';
import { type Effect, Speaking } from './speaking.ts';

/** Whatever a peer is told, with the fields that some of it has. */
interface Event {
  readonly type: string;
  readonly conn: ConnId;
  readonly payload: Uint8Array;
  readonly clean: boolean;
  readonly reason: string;
  readonly buffered: number;
  readonly timer: string;
}

/** Between the loss of a connection and the next try. */
const PAUSE = [ms(500), ms(1500)] as const;
/** So many messages that nobody expects are kept for a later `expect`. */
const KEPT = 1000;

/** What it does now, besides taking what comes. */
type Phase = 'away' | 'connecting' | 'working' | 'left';

export class PeerProcess extends Speaking implements Speaker {
  readonly #steps: readonly Step[];
  readonly #options: PeerOptions;
  #phase: Phase = 'away';
  #at = 0;
  /** The last `connect`, to which it goes back. */
  #connect = 0;
  /** How often a repetition was done, by its place. */
  readonly #rounds = new Map<number, number>();
  #conn: ConnId = -1;
  #endpoint: WebSocketClient | null = null;
  /** Messages that came and that no step has taken. */
  #inbox: Message[] = [];
  #said = 0;
  /** What is left to be written of something rude. */
  #rude: (Rude & { next: number }) | null = null;
  /** Since when the present step expects something. */
  #since = 0;

  constructor(steps: readonly Step[], options: PeerOptions, node: string) {
    super(node);
    this.#steps = steps;
    this.#options = options;
  }

  step(event: { readonly type: string }, context: Context): readonly Effect[] {
    this.begins(context);
    this.#take(event as Event);
    return this.effects;
  }

  #take(event: Event): void {
    const { type, conn } = event;
    if (type === 'start') this.#go(0);
    else if (type === 'timer') this.#fired(event.timer);
    else if (type === 'leave') this.#leave();
    else if (conn === undefined || conn !== this.#conn || this.#endpoint === null) return;
    else if (type === 'opened') this.#carry(this.#endpoint.connected());
    else if (type === 'frame') this.#carry(this.#endpoint.received(event.payload));
    else if (type === 'drained') this.#carry(this.#endpoint.kept(event.buffered));
    else if (type === 'closed') {
      this.#carry(this.#endpoint.ended(event.clean, event.reason));
      this.#lost();
    }
  }

  #fired(timer: string): void {
    if (timer === 'wire') this.#carry(this.#endpoint?.overdue() ?? []);
    else if (timer === 'step') this.#step();
  }

  /** The time of the present step is over. */
  #step(): void {
    const step = this.#steps[this.#at];
    if (this.#phase === 'away') this.#go(this.#connect);
    else if (this.#rude !== null) this.#speak();
    else if (step?.does === 'expect') {
      const value = { expected: inWords(step.what), since: this.#since, within: formatDuration(step.within) };
      this.say({ type: 'custom', name: UNEXPECTED, value });
      // As a client does that has waited for long enough.
      this.say({ type: 'terminate', conn: this.#conn, how: 'fin' });
      this.#lost();
    } else if (step?.does === 'wait') this.#go(this.#at + 1);
  }

  /** The steps from there on, until one takes time. */
  #go(at: number): void {
    this.#at = at;
    for (let step = this.#steps[at]; step !== undefined; step = this.#steps[++this.#at]) {
      switch (step.does) {
        case 'connect':
          this.#dial(step);
          return;
        case 'send':
          this.#send(step);
          break;
        case 'expect':
          if (this.#took(step.what)) break;
          this.#since = this.context.now;
          this.#wait(step.within);
          return;
        case 'wait':
          this.#wait(this.between(step.for[0], step.for[1]));
          return;
        case 'close':
          this.#carry(this.#endpoint?.close(step.code, step.reason) ?? []);
          break;
        case 'cut':
          this.#hangUp('rst');
          break;
        case 'fuzz':
          this.#rude = { ...rudeness(this.#luck, step.hostility), next: 0 };
          this.note(`says ${this.#rude.what}`);
          if (!this.#speak()) return;
          break;
        case 'again': {
          const rounds = (this.#rounds.get(this.#at) ?? 0) + 1;
          this.#rounds.set(this.#at, rounds < step.times ? rounds : 0);
          if (rounds < step.times) this.#at -= step.steps + 1;
        }
      }
    }
  }

  #dial({ url, protocols, fields }: Step & { readonly does: 'connect' }): void {
    if (this.#endpoint !== null) this.#hangUp('fin');
    this.#connect = this.#at;
    this.#phase = 'connecting';
    this.#inbox = [];
    for (const place of this.#rounds.keys()) if (place > this.#at) this.#rounds.delete(place);
    this.#conn = this.context.newConn();
    const draw = (): number => this.context.random('mask');
    this.#endpoint = webSocketClient({ url, protocols, fields: Object.entries(fields), draw });
    this.say({ type: 'dial', conn: this.#conn, to: url, over: 'bytes' });
    this.#carry(this.#endpoint.begin());
  }

  #send({ what, pieces }: Step & { readonly does: 'send' }): void {
    const message = typeof what === 'function' ? what(++this.#said, this) : what;
    if (typeof message !== 'string' && !(message instanceof Uint8Array))
      throw new Error(`peer: send: expected text or bytes, got ${shown(message)}`);
    if (pieces === 1) this.#carry(this.#endpoint?.send(message) ?? []);
    else {
      const bytes = typeof message === 'string' ? utf8(message) : message;
      const opcode = typeof message === 'string' ? OPCODES.text : OPCODES.binary;
      const size = Math.floor(bytes.length / pieces);
      const sizes = Array.from({ length: pieces - 1 }, () => size);
      for (const frame of fragments(opcode, bytes, sizes, () => this.context.random('mask'))) this.#write(frame);
    }
  }

  /** What is left of something rude, as far as it is written at once; true when all of it is. */
  #speak(): boolean {
    const rude = this.#rude as Rude & { next: number };
    while (rude.next < rude.pieces.length) {
      this.#write(rude.pieces[rude.next++] as Uint8Array);
      if (rude.pause > 0 && rude.next < rude.pieces.length) {
        this.#wait(ms(rude.pause));
        return false;
      }
    }
    this.#rude = null;
    if (rude.pause > 0) this.#go(this.#at + 1);
    return true;
  }

  #carry(said: readonly ClientSaid[]): void {
    for (const each of said)
      switch (each.type) {
        case 'write':
          this.#write(each.bytes);
          break;
        case 'end':
          this.say({ type: 'close', conn: this.#conn, code: 1000, reason: '' });
          break;
        case 'terminate':
          this.say({ type: 'terminate', conn: this.#conn, how: each.how });
          break;
        case 'wait':
          if (each.for === null) this.say({ type: 'clearTimer', timer: 'wire', key: 0 });
          else this.say({ type: 'setTimer', timer: 'wire', key: 0, at: after(this.context.now, each.for) });
          break;
        case 'drain':
          this.say({ type: 'drain', conn: this.#conn, below: each.below });
          break;
        case 'opened':
          this.#phase = 'working';
          this.#go(this.#at + 1);
          break;
        case 'message':
          this.#hear(each.data);
          break;
        case 'closed':
          this.#lost();
      }
  }

  #hear(message: Message): void {
    this.#options.message?.(message, this);
    if (this.#inbox.length < KEPT) this.#inbox.push(message);
    const step = this.#steps[this.#at];
    if (this.#phase !== 'working' || step?.does !== 'expect' || !this.#took(step.what)) return;
    this.say({ type: 'clearTimer', timer: 'step', key: 0 });
    this.#go(this.#at + 1);
  }

  /** Whether a message came that is expected; it, and those before it, are taken. */
  #took(what: Expected): boolean {
    const at = this.#inbox.findIndex((message) => fits(message, what));
    if (at < 0) return false;
    this.#inbox.splice(0, at + 1);
    return true;
  }

  /** Its connection is over, whoever ended it. */
  #lost(): void {
    if (this.#endpoint === null) return;
    this.#endpoint = null;
    this.#rude = null;
    this.say({ type: 'clearTimer', timer: 'wire', key: 0 });
    if (this.#phase === 'left') return;
    const step = this.#steps[this.#at];
    // What waits on purpose, and goes on to another connection, is left alone.
    if (step?.does === 'wait' && this.#steps[this.#at + 1]?.does === 'connect') return;
    this.#phase = 'away';
    this.#wait(this.between(PAUSE[0], PAUSE[1]));
  }

  #hangUp(how: 'fin' | 'rst'): void {
    if (this.#endpoint === null) return;
    this.#endpoint = null;
    this.say({ type: 'clearTimer', timer: 'wire', key: 0 });
    this.say({ type: 'terminate', conn: this.#conn, how });
  }

  #leave(): void {
    const wasOpen = this.#phase === 'working';
    this.#phase = 'left';
    this.#at = this.#steps.length;
    this.#rude = null;
    this.say({ type: 'clearTimer', timer: 'step', key: 0 });
    if (wasOpen) this.#carry(this.#endpoint?.close(1000, '') ?? []);
    else this.#hangUp('fin');
  }

  #wait(time: number): void {
    this.say({ type: 'setTimer', timer: 'step', key: 0, at: this.context.now + time });
  }

  #write(payload: Uint8Array): void {
    this.say({ type: 'send', conn: this.#conn, payload, bytes: payload.length });
  }

  get #luck() {
    return { between: this.between.bind(this), pick: this.pick.bind(this), mask: () => this.context.random('mask') };
  }
}

/** What a peer says by the effect `custom` where something that it expects does not come. */
export const UNEXPECTED = 'peer/unexpected';

const fits = (message: Message, what: Expected): boolean =>
  typeof what === 'function'
    ? what(message)
    : typeof message === 'string' && (typeof what === 'string' ? message === what : what.test(message));

const inWords = (what: Expected): string =>
  typeof what === 'string' ? JSON.stringify(what) : typeof what === 'function' ? 'a message' : String(what);

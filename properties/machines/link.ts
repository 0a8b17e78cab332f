/** A link whose ends are played by the test: it notes what reaches which end and when, and what never will. */
import type { LinkConfig, PathConfig } from '../../src/link/config.ts';
import { closedEvent } from '../../src/link/ended.ts';
import { link } from '../../src/link/link.ts';
import type { LinkState } from '../../src/link/tcp/state.ts';
import type { End, LinkEffect, LinkEvent } from '../../src/link/vocabulary.ts';
import { ms, ZERO } from '../../src/time.ts';
import type { ConnId, TimerEvent, TransportEvent } from '../../src/transport.ts';
import { Drive } from './drive.ts';

/** One direction without a limit, 50 ms long. */
export const CLEAR: PathConfig = {
  ...{ delay: ms(50), jitter: ZERO, rate: 0, queue: 65_536 },
  ...{ loss: { num: 0, of: 1 }, bursts: null, trace: null },
};
/** One direction that loses everything. */
export const DEAF: PathConfig = { ...CLEAR, loss: { num: 1, of: 1 } };

const CONFIG: LinkConfig = { node: 'a-b', ends: ['a', 'b'], up: CLEAR, down: CLEAR, handshakeRoundTrips: 2 };

/** The timer of an end that hears of the end of a stream. */
const STREAM_OVER = 'stream over';

/** Something that an end hears, and when. */
export interface Heard {
  readonly end: End;
  readonly at: number;
  readonly event: TransportEvent;
}

type Lost = LinkEffect & { readonly type: 'lose' };

export class PlayedLink extends Drive<LinkConfig, LinkState, LinkEvent, LinkEffect> {
  /** Everything that reaches an end, in the order in which the link said so. */
  readonly heard: Heard[] = [];
  readonly lost: Lost[] = [];
  /** Whether each end goes on when the other has ended its stream of raw bytes. */
  readonly halfOpen: [boolean, boolean] = [false, false];
  readonly #told = new Set<number>();

  constructor(config: Partial<LinkConfig> = {}) {
    super(link, { ...CONFIG, ...config });
  }

  override tell(event: LinkEvent): readonly LinkEffect[] {
    const effects = super.tell(event.type === 'timer' ? this.#ownTimer(event) : event);
    for (const effect of effects)
      if (effect.type === 'arrive') this.#hear(effect);
      else if (effect.type === 'lose') this.lost.push(effect);
    return effects;
  }

  #hear({ end, at, event }: LinkEffect & { type: 'arrive' }): void {
    const { conn } = event;
    const key = conn * 2 + end;
    if (event.type === 'closed') {
      // An end is told once, whatever of its connection was still inside the network.
      if (this.#told.has(key)) return;
      this.#told.add(key);
    }
    if (event.type !== 'ended' || this.halfOpen[end]) this.heard.push({ end, at, event });
    else this.plan(STREAM_OVER, key, at);
  }

  /** An end hears of the end of a stream: its own is ended, as the universe does it for whoever does not want to go on. */
  #ownTimer(event: TimerEvent): LinkEvent {
    if (event.timer !== STREAM_OVER) return event;
    const end: End = event.key % 2 === 0 ? 0 : 1;
    const conn = Math.floor(event.key / 2);
    // A reset that is still on its way comes too late.
    const late = this.heard.findIndex(
      (heard) => heard.end === end && heard.at > this.now && heard.event.type === 'closed' && heard.event.conn === conn,
    );
    if (late >= 0) {
      this.heard.splice(late, 1);
      this.#told.delete(event.key);
    }
    this.#hear({ type: 'arrive', end, at: this.now, event: closedEvent(conn, 1000, '', true, 0) });
    return { type: 'close', end, conn, code: 1000, reason: '' };
  }

  /** Dials and accepts; returns when both ends have heard of it. */
  open(conn: number): void {
    this.tell({ type: 'dial', end: 0, conn: conn as ConnId });
    this.pass(ms(150));
    this.tell({ type: 'accept', end: 1, conn: conn as ConnId });
    this.pass(ms(50));
  }

  /** A message of that size; its number tells it from others. */
  send(end: End, bytes: number, nonce = 0, conn = 1): void {
    this.tell({ type: 'send', end, conn: conn as ConnId, payload: { type: 'PING', nonce }, bytes });
  }

  /** The numbers of the messages that reach an end, with their instants. */
  frames(end: End, conn = 1): { readonly nonce: number; readonly at: number }[] {
    return this.heard.flatMap(({ end: to, at, event }) =>
      to === end && event.type === 'frame' && event.conn === conn
        ? [{ nonce: (event.payload as { nonce: number }).nonce, at }]
        : [],
    );
  }

  /** How often and how an end is told that a connection is over. */
  ends(end: End, conn = 1): { readonly at: number; readonly code: number; readonly reason: string }[] {
    return this.heard.flatMap(({ end: to, at, event }) =>
      to === end && event.type === 'closed' && event.conn === conn
        ? [{ at, code: event.code, reason: event.reason }]
        : [],
    );
  }
}

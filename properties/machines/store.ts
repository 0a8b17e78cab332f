/** A store whose servers and agents are played by the test. */
import type { Message } from '../../src/session/services.ts';
import type { StoreConfig } from '../../src/session/store/config.ts';
import type { StoreState } from '../../src/session/store/state.ts';
import { type StoreEffect, type StoreEvent, store } from '../../src/session/store/store.ts';
import { minutes, ms } from '../../src/time.ts';
import { Drive } from './drive.ts';
import { chunk } from './server.ts';

export const CONFIG: StoreConfig = {
  node: 'store',
  fsyncDelay: ms(2),
  sessionTtl: minutes(5),
  windowCount: 100,
  windowBytes: 1_000_000,
  windowAge: minutes(10),
  regenerate: false,
  contents: 2,
};

type Said<Type extends Message['type']> = Extract<Message, { readonly type: Type }>;

export class PlayedStore extends Drive<StoreConfig, StoreState, StoreEvent, StoreEffect> {
  #op = 0;

  constructor(config: Partial<StoreConfig> = {}) {
    super(store, { ...CONFIG, ...config });
  }

  hear(message: Message, from = 's1'): void {
    this.tell({ type: 'message', from, message });
  }

  /** The fsync under way completes. */
  sync(): void {
    this.pass(CONFIG.fsyncDelay);
  }

  /** What it said in the last step, of one type. */
  said<Type extends Message['type']>(type: Type, to?: string): Said<Type>[] {
    return this.effects('post').flatMap((effect) =>
      effect.message.type === type && (to === undefined || effect.to === to) ? [effect.message as Said<Type>] : [],
    );
  }

  /** Claims a session (0: a new one) and returns the answer. */
  claim(
    dial: number,
    { from = 's1', session = 0, resumeToken = 0, op = ++this.#op, client = 'c1', settled = 1 } = {},
  ): Said<'claimed'> {
    this.hear({ type: 'claim', op, conn: dial, client, dial, session, resumeToken, settled }, from);
    this.sync();
    return this.said('claimed')[0] as Said<'claimed'>;
  }

  /** A send that asks for an answer, in session 1. */
  submit(clientSeq: number, { generation = 1, from = 's1' } = {}): void {
    const key = `k${clientSeq}`;
    this.hear({ type: 'submit', op: ++this.#op, session: 1, generation, clientSeq, key, ask: 0, bytes: 10 }, from);
  }

  append(seq: number, { generation = 1, from = 'agent1', fin = false, epoch = 1 } = {}): void {
    this.hear(
      { type: 'append', session: 1, generation, stream: 1, epoch, seq, chunk: chunk(seq, fin), note: null },
      from,
    );
  }

  /** Session 1 with a stream that has so many chunks. */
  stream(count: number): Said<'claimed'> {
    const claimed = this.claim(1);
    this.submit(1);
    this.sync();
    for (let seq = 1; seq <= count; seq++) this.append(seq);
    this.sync();
    this.sync();
    return claimed;
  }

  read(from: number, { generation = 1, epoch = 1, op = 900 } = {}): void {
    this.hear({ type: 'read', op, session: 1, generation, stream: 1, epoch, from, bytes: 10_000 });
  }
}

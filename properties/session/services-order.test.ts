/**
 * Two servers and their store, joined by a channel that keeps to no order: it holds requests and answers up for as long
 * as it likes, brings them again, and loses them, while connections come and go, processes die, and the disk refuses
 * writes. Nobody may be left in the store as attached who is attached nowhere, whatever was held up.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLOSE } from '../../src/close-codes.ts';
import type { PostEffect } from '../../src/post.ts';
import type { Message } from '../../src/session/services.ts';
import type { Frame } from '../../src/session/wire/frames.ts';
import { at, seconds, us } from '../../src/time.ts';
import type { TransportEffect } from '../../src/transport.ts';
import { Played } from '../machines/server.ts';
import { PlayedStore } from '../machines/store.ts';

const SERVERS = ['s1', 's2'] as const;
const CLIENTS = ['c1', 'c2'] as const;

/** What happens next; numbers choose among what there is, counted around. */
type Act =
  | { readonly act: 'dial'; readonly client: number; readonly server: number; readonly resumes: boolean }
  | { readonly act: 'end'; readonly which: number; readonly leaves: boolean }
  | { readonly act: 'deliver'; readonly which: number; readonly again: boolean }
  | { readonly act: 'lose'; readonly which: number }
  | { readonly act: 'pass'; readonly who: number; readonly time: number }
  | { readonly act: 'restart'; readonly server: number }
  | { readonly act: 'crash'; readonly keep: number }
  | { readonly act: 'fail'; readonly share: number };

interface Sent {
  readonly from: string;
  readonly to: string;
  readonly message: Message;
}

class Channel {
  readonly store = new PlayedStore();
  readonly servers = SERVERS.map((node) => started(new Played({ node })));
  /** On which server each open connection is; they are numbered in order, as the dials of every client are. */
  readonly open = new Map<number, number>();
  /** What is on its way, and every request that ever was. */
  readonly flying: Sent[] = [];
  readonly asked: Sent[] = [];
  readonly #known = CLIENTS.map((): { session: number; resumeToken: number } | null => null);
  readonly #whose = new Map<number, number>();
  #conns = 0;

  constructor() {
    for (const [i, server] of this.servers.entries()) this.#take(SERVERS[i] as string, server.last);
  }

  do(act: Act): void {
    switch (act.act) {
      case 'dial':
        this.#dial(act.client, act.server, act.resumes);
        return;
      case 'end': {
        const id = [...this.open.keys()][act.which % Math.max(1, this.open.size)];
        if (id !== undefined) this.end(id, act.leaves);
        return;
      }
      case 'deliver': {
        const index = act.which % Math.max(1, this.flying.length);
        const sent = this.flying[index];
        if (sent === undefined) return;
        if (!act.again) this.flying.splice(index, 1);
        this.deliver(sent);
        return;
      }
      case 'lose':
        this.flying.splice(act.which % Math.max(1, this.flying.length), 1);
        return;
      case 'pass':
        this.pass(act.who, act.time);
        return;
      case 'restart':
        this.#restart(act.server);
        return;
      case 'crash':
        this.#take('store', this.store.tell({ type: 'crash', keep: act.keep }));
        this.#take('store', this.store.tell({ type: 'started' }));
        return;
      case 'fail':
        this.store.tell({ type: 'fail', share: act.share });
    }
  }

  end(conn: number, leaves: boolean): void {
    const server = this.open.get(conn) as number;
    const [code, clean] = leaves ? [CLOSE.normal, true] : [1006, false];
    const effects = (this.servers[server] as Played).tell({
      type: 'closed',
      ...{ conn, code, clean, reason: '', status: 0 },
    });
    this.open.delete(conn);
    this.#take(SERVERS[server] as string, effects);
  }

  deliver({ from, to, message }: Sent): void {
    const index = SERVERS.indexOf(to as (typeof SERVERS)[number]);
    const target = index < 0 ? this.store : (this.servers[index] as Played);
    this.#take(to, target.tell({ type: 'message', from, message }));
  }

  /** Time passes for the store (0) or a server: a process may stand still while others go on. */
  pass(who: number, time: number): void {
    if (who === 0) this.#take('store', this.store.pass(time));
    else this.#take(SERVERS[who - 1] as string, (this.servers[who - 1] as Played).pass(time));
  }

  /** From here on all goes as it should: what is on its way comes in order, and everything is answered. */
  settle(): void {
    this.store.tell({ type: 'fail', share: 0 });
    for (let round = 0; round < 40; round++) {
      while (this.flying.length > 0) {
        this.deliver(this.flying.shift() as Sent);
        this.pass(0, 5_000);
      }
      if (this.servers.every(({ state }) => Object.keys(state.calls).length === 0)) return;
      for (let who = 1; who <= SERVERS.length; who++) this.pass(who, 500_000);
    }
    throw new Error('the servers came to no end');
  }

  /** Sessions that the store takes for attached, with nobody who is attached to them. */
  orphans(): string[] {
    return Object.entries(this.store.state.sessions).flatMap(([session, { owner, generation, detached }]) => {
      const state = this.servers[SERVERS.indexOf(owner as (typeof SERVERS)[number])]?.state;
      const conn = state?.conns[state.sessions[Number(session)] ?? 0];
      return detached || conn?.generation === generation ? [] : [`${session} of ${owner}`];
    });
  }

  #dial(client: number, server: number, resumes: boolean): void {
    const conn = ++this.#conns;
    const known = this.#known[client] ?? null;
    const resume = resumes && known !== null ? { ...known, streams: [] } : null;
    const played = this.servers[server] as Played;
    this.open.set(conn, server);
    this.#whose.set(conn, client);
    played.greet(conn, { client: CLIENTS[client] as string, dial: conn, resume });
    const { op } = played.asked('verify');
    const message: Message = { type: 'verified', op, verdict: 'ok', expiresAt: at(2 ** 50), lives: us(2 ** 50) };
    this.#take(SERVERS[server] as string, played.tell({ type: 'message', from: 'auth', message }));
  }

  #restart(server: number): void {
    const old = this.servers[server] as Played;
    const node = SERVERS[server] as string;
    for (const [conn, where] of this.open) if (where === server) this.open.delete(conn);
    const young = new Played({ node });
    young.now = at(old.now + seconds(1));
    this.servers[server] = started(young);
    this.#take(node, young.last);
  }

  #take(from: string, effects: readonly { readonly type: string }[]): void {
    for (const effect of effects) {
      if (effect.type === 'post') {
        const { to, message } = effect as PostEffect<Message>;
        if (to !== 'store' && from !== 'store') continue;
        const sent = { from, to, message };
        this.flying.push(sent);
        if (to === 'store') this.asked.push(sent);
      } else if (effect.type === 'send') this.#sent(effect as TransportEffect<Frame> & { readonly type: 'send' });
      else if (effect.type === 'close' || effect.type === 'terminate')
        this.open.delete((effect as TransportEffect & { readonly type: 'close' }).conn);
    }
  }

  #sent({ conn, payload }: TransportEffect<Frame> & { readonly type: 'send' }): void {
    if (payload.type !== 'WELCOME') return;
    const { session, resumeToken } = payload;
    this.#known[this.#whose.get(conn) as number] = { session, resumeToken };
  }
}

function started(server: Played): Played {
  server.tell({ type: 'started' });
  return server;
}

const some = fc.nat(1_000);
const which = (count: number): fc.Arbitrary<number> => fc.nat(count - 1);
const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('dial' as const),
      ...{ client: which(CLIENTS.length), server: which(SERVERS.length), resumes: fc.boolean() },
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('end' as const), which: some, leaves: fc.boolean() }) },
  { weight: 12, arbitrary: fc.record({ act: fc.constant('deliver' as const), which: some, again: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lose' as const), which: some }) },
  {
    weight: 10,
    arbitrary: fc.record({
      act: fc.constant('pass' as const),
      who: which(SERVERS.length + 1),
      time: fc.constantFrom(2_000, 10_000, 500_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('restart' as const), server: which(SERVERS.length) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('crash' as const), keep: some }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('fail' as const), share: fc.constantFrom(0, 300) }) },
);

test('in whatever order requests and answers come, and however often, no session is left that nobody is attached to', () => {
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 60 }), fc.infiniteStream(some), (list, luck) => {
      const draw = (count: number): number => (luck.next().value as number) % count;
      const channel = new Channel();
      for (const act of list) channel.do(act);
      channel.settle();
      expect(channel.orphans()).toEqual([]);
      for (const conn of [...channel.open.keys()]) channel.end(conn, draw(2) === 0);
      channel.settle();
      expect(channel.orphans()).toEqual([]);
      // Everything that was ever asked comes once more, in any order, and answers to it as well.
      const copies = [...channel.asked];
      while (copies.length > 0) {
        channel.deliver(copies.splice(draw(copies.length), 1)[0] as Sent);
        channel.pass(0, 5_000);
      }
      channel.settle();
      expect(channel.orphans()).toEqual([]);
      channel.pass(0, channel.store.state.config.sessionTtl);
      expect(channel.store.state.sessions).toEqual({});
      expect(channel.store.timers()).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

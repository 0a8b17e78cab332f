/** Small histories at the boundary of somebody's own code: what it says of its streams, keys and sockets. */
import type { Facts, Promises } from '../../../src/facts.ts';
import type { Piece } from '../../../src/history.ts';
import { us } from '../../../src/time.ts';
import type { Law } from '../law.ts';
import { History, verdict } from '../neutral/written.ts';

/** A history with short words for what stands in most of them: `s1` writes, `c1` reads. */
export class Story extends History {
  after(seconds: number): this {
    return this.wait(us(Math.round(seconds * 1_000_000)));
  }

  wrote(value: Piece, stream = 'answer', node = 's1'): this {
    return this.say('wrote', node, { stream, value });
  }

  read(value: Piece, stream = 'answer', node = 'c1'): this {
    return this.say('read', node, { stream, value });
  }

  start(node = 'c1'): this {
    return this.say('intent', node, { intent: 'start' });
  }

  leave(node = 'c1'): this {
    return this.say('intent', node, { intent: 'leave' });
  }

  submit(key: string, node = 'c1'): this {
    return this.say('submitted', node, { key, bytes: 1 });
  }

  perform(key: string, client = '', node = 's1'): this {
    return this.say('performed', node, { client, key });
  }

  settle(key: string, outcome: 'done' | 'failed' | 'unknown' = 'done', node = 'c1'): this {
    return this.say('settled', node, { key, outcome, stream: 0 });
  }

  dial(conn: number, node = 'c1', url = 'wss://s1/chat'): this {
    return this.say('dialled', node, { conn, to: 's1', url });
  }

  open(conn: number, node = 'c1'): this {
    return this.say('opened', node, { conn });
  }

  lose(conn: number, node = 'c1', code = 1006): this {
    return this.say('closed', node, { conn, code, reason: '', status: 0 });
  }

  heal(): this {
    return this.say('healed', 's1', {});
  }

  rest(): this {
    return this.say('rest', 's1', { timers: [], conns: [], sessions: [] });
  }
}

/** What a law says of a story in a world of `c1`, `c2` and `s1` that promises so much. */
export const judged = (law: Law, story: History, promises: Promises, more: Partial<Facts> = {}): string[] =>
  verdict(law, story, {
    clients: [
      { node: 'c1', connected: true },
      { node: 'c2', connected: true },
    ],
    roles: { c1: 'client', c2: 'client', s1: 'server' },
    promises,
    ...more,
  });

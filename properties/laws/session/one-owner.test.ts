/** The law of one owner: generations fence at the store, and the newest WELCOME fences at the client. */
import { describe, expect, test } from 'vitest';
import { oneOwner } from './one-owner.ts';
import { honest, verdict, type Written, welcome, written } from './written.ts';

const own = (run: Written, generation: number, server: string, client = 'c1'): Written =>
  run.next().say('owned', 'store', { session: 1, generation, client, server });

describe('an honest history holds', () => {
  test('across a lost connection', () => {
    expect(verdict(oneOwner, honest())).toEqual([]);
  });

  test('in a handover, where the first connection delivers until the second is welcomed', () => {
    const run = written().connect(1).produce(1).dial(2).receive(1).produce(2);
    expect(verdict(oneOwner, run.welcome(2, { generation: 2 }).receive(2, { conn: 2 }))).toEqual([]);
  });

  test('when the WELCOME of a connection that was given up still arrives', () => {
    const run = written()
      .connect(1)
      .dial(2)
      .hangUp(2)
      .hear(2, welcome(1, 2, true));
    expect(verdict(oneOwner, run.produce(1).receive(1))).toEqual([]);
  });

  test('when one server takes its own session over and an older append of its agent commits', () => {
    expect(verdict(oneOwner, own(written().connect(1), 2, 's1').produce(1, { generation: 1 }))).toEqual([]);
  });
});

describe('a backup', () => {
  const rewound = (run: Written, generation: number, client = 'c1'): Written =>
    run.next().say('rewound', 'store', { session: 1, generation, client });

  test('brings a session back, ended since or not, which is nobody else from there on', () => {
    const run = (): Written => rewound(own(own(written().connect(1), 2, 's2'), 2, ''), 100);
    expect(verdict(oneOwner, own(run(), 101, 's1'))).toEqual([]);
    expect(verdict(oneOwner, own(run(), 3, 's1'))).toEqual([
      's1 took session 1 at generation 3, but a backup had brought it back at generation 100.',
    ]);
  });

  test('at a generation that somebody had, or to somebody else, is a breach', () => {
    const run = (): Written => own(written().connect(1), 7, 's2');
    expect(verdict(oneOwner, rewound(run(), 7))).toEqual([
      'A backup brought session 1 of c1 back at generation 7, although c1 had it at generation 7.',
    ]);
    expect(verdict(oneOwner, rewound(run(), 100, 'c2'))).toHaveLength(1);
  });

  test('leaves nothing to whoever had it: a chunk of the old owner changes nothing', () => {
    const run = rewound(own(written().connect(1), 2, 's2'), 100).produce(1, { generation: 2 });
    expect(verdict(oneOwner, run)).toHaveLength(1);
  });
});

describe('a breach is caught', () => {
  test('a generation that does not rise', () => {
    expect(verdict(oneOwner, own(own(written().connect(1), 3, 's2'), 3, 's1'))).toEqual([
      's1 took session 1 at generation 3, but s2 already owned it at generation 3.',
    ]);
  });

  test('a session that is taken after its end, or for somebody else', () => {
    expect(verdict(oneOwner, own(own(written().connect(1), 1, ''), 2, 's1'))).toEqual([
      's1 took session 1 at generation 2 after it had ended at generation 1.',
    ]);
    expect(verdict(oneOwner, own(written().connect(1), 2, 's1', 'c2'))[0]).toContain('belongs to c1');
  });

  test('a chunk of a fenced server that becomes durable', () => {
    expect(verdict(oneOwner, own(written().connect(1), 2, 's2').produce(1, { generation: 1 }))).toEqual([
      'Seq 1 of stream 1 became durable in session 1 at generation 1, although s2 had owned it since generation 2.',
    ]);
  });

  test('a chunk of the process that died, after another of its name took over', () => {
    const run = written().connect(1).next().say('crashed', 's1', { how: 'process' });
    expect(verdict(oneOwner, own(run, 2, 's1').produce(1, { generation: 1 }))).toEqual([
      'Seq 1 of stream 1 became durable in session 1 at generation 1, although s1 had owned it since generation 2.',
    ]);
  });

  test('a send that takes effect in a session that ended, is not known, or is not its own', () => {
    expect(verdict(oneOwner, own(written().connect(1), 1, '').perform('k1', 1))).toEqual([
      "c1's send k1 took effect in session 1 after that session had ended.",
    ]);
    expect(verdict(oneOwner, written().connect(1).perform('k1', 1, 8))[0]).toContain('session 8, which nobody owns');
    const run = written().connect(1).next();
    run.say('performed', 'store', { session: 1, client: 'c2', clientSeq: 1, key: 'k1' });
    expect(verdict(oneOwner, run)[0]).toBe("c2's send k1 took effect in session 1, which belongs to c1.");
  });

  test('a chunk on an older connection after a newer one was welcomed', () => {
    const run = written().connect(1).connect(2, { generation: 2 }).produce(1).receive(1, { conn: 1 });
    expect(verdict(oneOwner, run)).toEqual([
      'c1 was handed stream 1 seq 1 of epoch 1 on connection #1, although connection #2 owns session 1 at generation 2.',
    ]);
  });

  test('a replacement on an older connection', () => {
    const run = written().connect(1).connect(2, { generation: 2 }).next();
    run.say('replaced', 'c1', { conn: 1, stream: 1, epoch: 2, seq: 0, chunks: [] });
    expect(verdict(oneOwner, run)[0]).toContain('although connection #2 owns session 1');
  });

  test('a chunk on a connection that was never welcomed, or that the client had given up', () => {
    expect(verdict(oneOwner, written().dial(1).receive(1))[0]).toContain('before any connection was welcomed');
    expect(verdict(oneOwner, written().connect(1).hangUp(1).receive(1))[0]).toContain('after it had hung up on it');
    expect(verdict(oneOwner, written().connect(1).close(1).receive(1))[0]).toContain(
      'after it had been told of its end',
    );
  });
});

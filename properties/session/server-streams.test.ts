/** A server serves the streams of a connection, by script: log, credit, snapshots, and answers that begin anew. */
import { describe, expect, test } from 'vitest';
import { NOTHING } from '../../src/machine.ts';
import { CONFIG, CREDIT, chunk, chunks, cursor, Played, record } from '../machines/server.ts';

/** Credit for thirty chunks. */
const WHOLE = 3000;

describe('a stream', () => {
  test('is forgotten once the client has it whole', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2, done: true })], cursors: [cursor(0)] });
    played.answer(chunks(1, 2, true));
    expect(played.sent('DATA')).toHaveLength(2);
    played.ack(1, 1);
    expect(played.state.conns[1]?.streams[1]).toBeDefined();
    played.ack(1, 2);
    expect(played.state.conns[1]?.streams).toEqual({});
    expect(played.posted('acked')).toHaveLength(1);
  });

  // The store died with the word of its end, and still has it whole.
  test.each(['before', 'behind'])(
    'that is forgotten is not opened again by the answer to its SEND, which came %s its last ACK',
    (order) => {
      const played = new Played();
      played.attach(1, { streams: [record({ head: 2, done: true })], cursors: [cursor(0)] });
      played.answer(chunks(1, 2, true));
      if (order === 'behind') played.ack(1, 2);
      played.send(1, 1);
      const { op } = played.asked('submit');
      if (order === 'before') played.ack(1, 2);
      const stream = record({ head: 2, done: true });
      played.hear({ type: 'submitted', op, session: 1, clientSeq: 1, key: 'k1', stream });
      expect(played.sent('SEND_ACK')[0]?.stream).toBe(1);
      expect(played.posted('read')).toEqual([]);
      expect(played.state.conns[1]).toMatchObject({ streams: {}, sends: 0, sendsBytes: 0 });
    },
  );

  test('goes on behind a snapshot only when the client has granted credit for it', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 30, oldest: 25 })], cursors: [cursor(0)], credit: WHOLE });
    expect(played.sent('RESET')[0]?.reason).toBe('window_exceeded');
    played.piece(chunks(1, 30));
    expect(played.sent('REPLAY_END')).toHaveLength(1);
    played.hear({
      type: 'durable',
      session: 1,
      generation: 1,
      stream: 1,
      epoch: 1,
      seq: 31,
      chunk: chunk(31),
    });
    expect(played.sent('DATA')).toEqual([]);
    played.ack(1, 30);
    played.answer([chunk(31)], { head: 31 });
    expect(played.sent('DATA')).toHaveLength(1);
  });

  test('that the window leaves behind again goes on behind the snapshot that it had', () => {
    const played = new Played();
    const behind = { head: 40, oldest: 36 };
    played.attach(1, { streams: [record({ head: 30, oldest: 25 })], cursors: [cursor(0)], credit: WHOLE });
    played.piece(chunks(1, 30));
    // The log moves on, and its window with it, while the first is on its way.
    played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 1, seq: 40, chunk: chunk(40) });
    played.answer([], behind);
    expect(played.sent('RESET')).toMatchObject([{ reason: 'window_exceeded', held: 30 }]);
    expect(played.asked('readSnapshot')).toMatchObject({ from: 30, asOf: 0 });
    // There is no credit of its own for it: what the client grants for the first is what there is.
    played.piece(chunks(31, 40), { asOf: 40 });
    expect(played.sent('SNAPSHOT')).toEqual([]);
    played.ack(1, 30);
    played.piece(chunks(31, 40), { asOf: 40 });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ chunks: chunks(31, 40), last: true }]);
  });

  test('that the window leaves behind on a living connection goes on behind all that was sent on it', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2 })], cursors: [cursor(2)] });
    for (let seq = 3; seq <= 13; seq++)
      played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 1, seq, chunk: chunk(seq) });
    played.ack(1, 4);
    played.answer([], { head: 40, oldest: 36 });
    expect(played.sent('RESET')).toMatchObject([{ held: 12 }]);
    played.piece(chunks(13, 40), { asOf: 40 });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ chunks: chunks(13, 14), last: false }]);
  });

  test('that HELLO named no cursor of goes on behind what was sent only when an ACK says that it arrived', () => {
    const begin = (acked: boolean): number | undefined => {
      const played = new Played();
      played.attach(1, { streams: [record({ head: 2 })], cursors: [] });
      played.answer(chunks(1, 2), { head: 2 });
      if (acked) played.ack(1, 1);
      played.pass(CONFIG.heartbeatInterval);
      played.answer([], { head: 40, oldest: 36 });
      return played.sent('RESET')[0]?.held;
    };
    expect([begin(true), begin(false)]).toEqual([2, 0]);
  });

  test('that began anew has the credit of a new one, not what the old epoch had left', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 0, epoch: 2 })], cursors: [cursor(50)] });
    expect(played.sent('RESET')[0]?.reason).toBe('epoch_changed');
    played.piece([], { asOf: 0, epoch: 2 });
    expect(played.state.conns[1]?.streams[1]?.limit).toBe(CREDIT);
    for (let seq = 1; seq <= 11; seq++)
      played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 2, seq, chunk: chunk(seq) });
    expect(played.state.conns[1]?.streams[1]).toMatchObject({ sent: 10, starved: true });
  });

  test('that begins anew while it is read loses the credit of its old epoch', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 50 })], cursors: [cursor(40)] });
    played.answer([], { head: 2, epoch: 2 });
    expect(played.sent('RESET')[0]).toMatchObject({ reason: 'epoch_changed', epoch: 2 });
    expect(played.state.conns[1]?.streams[1]).toMatchObject({ epoch: 2, limit: CREDIT });
    // What was durable of the old epoch is no measure for the new one.
    played.piece(chunks(1, 2), { asOf: 2, epoch: 2 });
    expect(played.sent('SNAPSHOT')).toHaveLength(1);
  });

  test('that HELLO named no cursor of starts over once, when the first ACK names an older epoch', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2, epoch: 2 })], cursors: [] });
    played.answer(chunks(1, 2), { head: 2, epoch: 2 });
    expect(played.sent('DATA').map(({ seq }) => seq)).toEqual([1, 2]);
    played.frame(1, { type: 'ACK', stream: 1, epoch: 1, seq: 1, limit: CREDIT });
    expect(played.sent('RESET')).toMatchObject([{ reason: 'epoch_changed', epoch: 2 }]);
    played.piece(chunks(1, 2), { asOf: 2, epoch: 2 });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ epoch: 2, seq: 2, last: true }]);
    played.frame(1, { type: 'ACK', stream: 1, epoch: 1, seq: 1, limit: CREDIT });
    expect(played.sent('RESET')).toEqual([]);
    played.frame(1, { type: 'ACK', stream: 1, epoch: 2, seq: 2, limit: CREDIT });
    played.frame(1, { type: 'ACK', stream: 1, epoch: 1, seq: 1, limit: CREDIT });
    expect(played.sent('RESET')).toEqual([]);
  });

  test('that HELLO named a cursor of takes no notice of an ACK for an older epoch', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2, epoch: 2 })], cursors: [cursor(1, 2)] });
    played.frame(1, { type: 'ACK', stream: 1, epoch: 1, seq: 1, limit: CREDIT });
    expect(played.sent('RESET')).toEqual([]);
  });

  test('takes no notice of an ACK for an epoch that it has not come to', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2 })], cursors: [] });
    played.frame(1, { type: 'ACK', stream: 1, epoch: 2, seq: 1, limit: CREDIT });
    expect(played.last).toBe(NOTHING);
  });

  test('takes no answer from a replica that is behind, and asks again', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 5, epoch: 2 })], cursors: [cursor(2, 2)] });
    const read = played.asked('read');
    played.answer(chunks(3, 4), { head: 4, epoch: 2 });
    expect(played.last).toBe(NOTHING);
    played.pass(CONFIG.callTimeout);
    expect(played.asked('read')).toEqual(read);
    played.answer(chunks(1, 9), { head: 9, epoch: 1 });
    expect(played.last).toBe(NOTHING);
    played.pass(CONFIG.callTimeout);
    played.answer(chunks(3, 5), { head: 5, epoch: 2 });
    expect(played.sent('DATA').map(({ seq }) => seq)).toEqual([3, 4, 5]);
  });

  test('takes no snapshot that is older than what the client may have seen', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 30, oldest: 25 })], cursors: [cursor(0)], credit: WHOLE });
    played.piece(chunks(1, 20));
    expect(played.last).toBe(NOTHING);
    played.pass(CONFIG.callTimeout);
    played.piece(chunks(1, 30));
    expect(played.sent('SNAPSHOT')).toHaveLength(1);
  });

  test('that the store has dropped ends its replay', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 3, done: true })], cursors: [cursor(1)] });
    played.hear({ type: 'dropped', op: played.asked('read').op, session: 1, stream: 1 });
    expect(played.sent('REPLAY_END')[0]?.seq).toBe(3);
    expect(played.state.conns[1]?.streams).toEqual({});
  });

  test('is replayed behind the cursor that is one before the oldest, and no other before it', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 9, oldest: 4 })], cursors: [cursor(3)] });
    expect(played.asked('read').from).toBe(4);
    const other = new Played();
    other.attach(1, { streams: [record({ head: 9, oldest: 4 })], cursors: [cursor(2)] });
    expect(other.sent('RESET')[0]?.reason).toBe('window_exceeded');
  });

  test('that the client has whole already is asked for no more, and forgotten with its ACK', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2, done: true })], cursors: [cursor(2)] });
    expect([played.sent('REPLAY_END').length, played.posted('read')]).toEqual([1, []]);
    expect(played.pass(CONFIG.heartbeatInterval).filter(({ type }) => type === 'post')).toEqual([]);
    played.ack(1, 2);
    expect(played.state.conns[1]?.streams).toEqual({});
  });

  test('whose snapshot holds its end is forgotten with the ACK of that', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 30, oldest: 25, done: true })], cursors: [cursor(0)], credit: WHOLE });
    played.piece(chunks(1, 30, true));
    played.ack(1, 30);
    expect(played.state.conns[1]?.streams).toEqual({});
  });

  test('takes no notice of chunks of another epoch', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2, epoch: 2 })], cursors: [cursor(2, 2)] });
    for (const epoch of [1, 3]) {
      played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch, seq: 3, chunk: chunk(3) });
      expect(played.last).toBe(NOTHING);
    }
    expect(played.state.conns[1]?.streams[1]).toMatchObject({ sent: 2, head: 2 });
  });

  test('keeps the credit that it had when an ACK names less', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2 })], cursors: [cursor(2)] });
    played.ack(1, 2, { limit: 250 });
    played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 1, seq: 3, chunk: chunk(3) });
    expect(played.sent('DATA')).toHaveLength(1);
  });
});

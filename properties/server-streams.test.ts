/** A server serves the streams of a connection, by script: log, credit, snapshots, and answers that begin anew. */
import { describe, expect, test } from 'vitest';
import { NOTHING } from '../src/machine.ts';
import { CONFIG, CREDIT, chunk, chunks, cursor, Played, record } from './machines/server.ts';

/** Credit for thirty chunks, and for ten more. */
const WHOLE = 3000;
const MORE = 4000;

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

  test('that is forgotten is not opened again by the late answer to its SEND', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2, done: true })], cursors: [cursor(0)] });
    played.answer(chunks(1, 2, true));
    played.send(1, 1);
    const { op } = played.asked('submit');
    played.ack(1, 2);
    played.hear({
      type: 'submitted',
      op,
      session: 1,
      clientSeq: 1,
      key: 'k1',
      stream: record({ head: 2, done: true }),
    });
    expect(played.sent('SEND_ACK')[0]?.stream).toBe(1);
    expect(played.posted('read')).toEqual([]);
    expect(played.state.conns[1]).toMatchObject({ streams: {}, forgotten: [], sends: 0, sendsBytes: 0 });
  });

  test('goes on behind a snapshot only when the client has granted credit for it', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 30, oldest: 25 })], cursors: [cursor(3)], credit: WHOLE });
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

  test('gets no second snapshot before the client has acknowledged the first', () => {
    const played = new Played();
    const behind = { head: 40, oldest: 36 };
    played.attach(1, { streams: [record({ head: 30, oldest: 25 })], cursors: [cursor(3)], credit: WHOLE });
    played.piece(chunks(1, 30));
    // The log moves on, and its window with it, while the first is on its way.
    played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 1, seq: 40, chunk: chunk(40) });
    played.answer([], behind);
    expect([played.sent('RESET'), played.posted('readSnapshot')]).toEqual([[], []]);
    played.ack(1, 29);
    played.answer([], behind);
    expect([played.sent('RESET'), played.posted('readSnapshot')]).toEqual([[], []]);
    played.ack(1, 30);
    played.answer([], behind);
    expect([played.sent('RESET').length, played.posted('readSnapshot').length]).toEqual([1, 1]);
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
    played.attach(1, { streams: [record({ head: 30, oldest: 25 })], cursors: [cursor(3)], credit: WHOLE });
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
    played.attach(1, { streams: [record({ head: 30, oldest: 25, done: true })], cursors: [cursor(3)], credit: WHOLE });
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

describe('a snapshot', () => {
  const behind = record({ head: 30, oldest: 25 });
  const begun = () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(3)], credit: MORE });
    return played;
  };
  const grant = (played: Played, seq: number, epoch = 1): void =>
    played.frame(1, { type: 'HELD', stream: 1, epoch, seq, limit: seq * 100 + CREDIT });

  test('stays within the credit, which what the client holds of it extends', () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(3)] });
    played.piece(chunks(1, 8), { asOf: 30, last: false });
    played.piece(chunks(9, 16), { asOf: 30, last: false });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ chunks: chunks(9, 10), last: false }]);
    expect(played.posted('readSnapshot')).toEqual([]);
    grant(played, 8);
    expect(played.asked('readSnapshot')).toMatchObject({ from: 10, asOf: 30 });
    played.piece(chunks(11, 30), { asOf: 30 });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ chunks: chunks(11, 18), last: false }]);
    grant(played, 20);
    played.piece(chunks(19, 30), { asOf: 30 });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ chunks: chunks(19, 30), last: true }]);
  });

  test('that finds no credit at all sends no empty piece', () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(3)] });
    played.piece(chunks(1, 10), { asOf: 30, last: false });
    played.piece(chunks(11, 20), { asOf: 30, last: false });
    expect(played.last).toBe(NOTHING);
  });

  test('takes no credit from another epoch, and none that is less than it has', () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(3)] });
    played.piece(chunks(1, 20), { asOf: 30, last: false });
    grant(played, 20, 2);
    expect(played.last).toBe(NOTHING);
    grant(played, 5);
    played.piece(chunks(11, 20), { asOf: 30, last: false });
    grant(played, 3);
    expect(played.state.conns[1]?.streams[1]?.limit).toBe(1500);
  });

  test('is read once at a time, however much credit comes meanwhile', () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(3)] });
    played.piece(chunks(1, 20), { asOf: 30, last: false });
    grant(played, 8);
    expect(played.posted('readSnapshot')).toHaveLength(1);
    grant(played, 10);
    expect(played.last).toBe(NOTHING);
  });

  test('is read once at a time, although its stream grows behind the cursor', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2 })], cursors: [cursor(2)] });
    played.pass(CONFIG.heartbeatInterval);
    played.answer([], { head: 2, epoch: 2 });
    const { op } = played.asked('readSnapshot');
    const durable = { session: 1, generation: 1, stream: 1, epoch: 2, seq: 3, chunk: { ...chunk(3), end: 9000 } };
    played.hear({ type: 'durable', ...durable });
    grant(played, 1, 2);
    expect(played.posted('readSnapshot').filter((message) => message.op !== op)).toEqual([]);
  });

  test('goes on behind what the client holds of it, with the credit for that', () => {
    const played = new Played();
    const held = { epoch: 1, seq: 12, limit: 1800 };
    played.attach(1, { streams: [behind], cursors: [cursor(3, 1, held)] });
    expect(played.sent('RESET')).toMatchObject([{ reason: 'window_exceeded', held: 12 }]);
    expect(played.asked('readSnapshot')).toMatchObject({ from: 12, asOf: 0 });
    played.piece(chunks(13, 30), { asOf: 30 });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ chunks: chunks(13, 18), last: false }]);
  });

  test('begins at its first chunk where the client holds another one, or more than there is', () => {
    for (const held of [
      { epoch: 2, seq: 12, limit: 9000 },
      { epoch: 1, seq: 30, limit: 9000 },
    ]) {
      const played = new Played();
      played.attach(1, { streams: [behind], cursors: [cursor(3, 1, held)] });
      expect(played.sent('RESET')).toMatchObject([{ held: 0 }]);
      expect(played.asked('readSnapshot').from).toBe(0);
      expect(played.state.conns[1]?.streams[1]?.limit).toBe(CREDIT);
    }
  });

  test('that is not owed leaves what the client holds of one alone', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 30 })], cursors: [cursor(3, 1, { epoch: 1, seq: 12, limit: 9000 })] });
    expect(played.sent('RESET')).toEqual([]);
    expect(played.asked('read').from).toBe(4);
    expect(played.state.conns[1]?.streams[1]?.limit).toBe(300 + CREDIT);
  });

  test('of several pieces is finished as of its first, also when the log grows meanwhile', () => {
    const played = begun();
    played.piece(chunks(1, 20), { asOf: 30, last: false });
    const next = played.asked('readSnapshot');
    expect(next).toMatchObject({ from: 20, asOf: 30 });
    played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 1, seq: 31, chunk: chunk(31) });
    const { op, session, stream, from } = next;
    const rest = { epoch: 1, asOf: 30, from, chunks: chunks(21, 30), last: true };
    played.hear({ type: 'snapshotPiece', op, session, stream, ...rest });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ seq: 30, last: true }]);
  });

  test('of an answer that began anew meanwhile begins anew, too', () => {
    const played = begun();
    played.piece(chunks(1, 2), { asOf: 2, epoch: 2 });
    expect(played.sent('SNAPSHOT')).toEqual([]);
    expect(played.sent('RESET')).toMatchObject([{ reason: 'epoch_changed', epoch: 2 }]);
    expect(played.asked('readSnapshot')).toMatchObject({ epoch: 2, from: 0, asOf: 0 });
  });

  test('lets nothing else of its stream out before it is complete', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2 })], cursors: [cursor(2)] });
    played.pass(CONFIG.heartbeatInterval);
    played.answer([], { head: 2, epoch: 2 });
    expect(played.sent('RESET')).toHaveLength(1);
    played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 2, seq: 3, chunk: chunk(3) });
    expect(played.last).toBe(NOTHING);
  });

  test('is known to be the newest there is: a read that comes from before it is no answer', () => {
    const played = begun();
    played.piece(chunks(1, 40));
    played.ack(1, 40);
    played.pass(CONFIG.heartbeatInterval);
    played.answer([], { head: 35, oldest: 25 });
    expect(played.last).toBe(NOTHING);
    expect(played.state.conns[1]?.streams[1]?.reading).toBe(true);
  });

  test('of a new epoch goes on at once, whatever the old one waited for', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2 })], cursors: [{ ...cursor(1), limit: 150 }] });
    const { op } = played.asked('read');
    played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 1, seq: 2, chunk: chunk(2) });
    const anew = { epoch: 2, from: 2, chunks: [], head: 1, oldest: 1 };
    played.hear({ type: 'entries', op, session: 1, stream: 1, ...anew });
    const piece = played.asked('readSnapshot');
    played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 2, seq: 1, chunk: chunk(1) });
    played.hear({ ...piece, type: 'snapshotPiece', asOf: 1, from: 0, chunks: chunks(1, 1), last: true });
    played.hear({ type: 'durable', session: 1, generation: 1, stream: 1, epoch: 2, seq: 3, chunk: chunk(3) });
    expect(played.asked('read')).toMatchObject({ epoch: 2, from: 2 });
  });

  test.each([2, 3])('is under way once and alone, whatever a read of before it brings (epoch %i)', (epoch) => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 3, epoch: 2 })], cursors: [] });
    const { op } = played.asked('read');
    played.frame(1, { type: 'ACK', stream: 1, epoch: 1, seq: 1, limit: CREDIT });
    expect(played.posted('readSnapshot')).toHaveLength(1);
    const late = { epoch, from: 1, chunks: chunks(1, 3), head: 3, oldest: 1 };
    played.hear({ type: 'entries', op, session: 1, stream: 1, ...late });
    expect(played.last).toBe(NOTHING);
  });

  test('holds what a read of before it brings, so that is not sent again', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 3, epoch: 2 })], cursors: [] });
    const { op } = played.asked('read');
    // The client has an older epoch, which another connection brought.
    played.frame(1, { type: 'ACK', stream: 1, epoch: 1, seq: 1, limit: CREDIT });
    played.piece(chunks(1, 3), { asOf: 3, epoch: 2 });
    const late = { epoch: 2, from: 1, chunks: chunks(1, 4), head: 4, oldest: 1 };
    played.hear({ type: 'entries', op, session: 1, stream: 1, ...late });
    expect(played.sent('DATA').map(({ seq }) => seq)).toEqual([4]);
  });
});

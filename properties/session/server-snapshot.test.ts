/** What a server does when a cursor cannot be served: RESET and a SNAPSHOT in pieces, behind what the client has. */
import { describe, expect, test } from 'vitest';
import { NOTHING } from '../../src/machine.ts';
import { CONFIG, CREDIT, chunk, chunks, cursor, Played, record } from '../machines/server.ts';

/** Credit for forty chunks. */
const MORE = 4000;

describe('a snapshot', () => {
  const behind = record({ head: 30, oldest: 25 });
  const begun = () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(0)], credit: MORE });
    return played;
  };
  const grant = (played: Played, seq: number, epoch = 1): void =>
    played.frame(1, { type: 'HELD', stream: 1, epoch, seq, limit: seq * 100 + CREDIT });

  test('stays within the credit, which what the client holds of it extends', () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(0)] });
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
    played.attach(1, { streams: [behind], cursors: [cursor(0)] });
    played.piece(chunks(1, 10), { asOf: 30, last: false });
    played.piece(chunks(11, 20), { asOf: 30, last: false });
    expect(played.last).toBe(NOTHING);
  });

  test('takes no credit from another epoch, and none that is less than it has', () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(0)] });
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
    played.attach(1, { streams: [behind], cursors: [cursor(0)] });
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

  test('goes on behind the cursor, with its credit', () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [cursor(3)] });
    expect(played.sent('RESET')).toMatchObject([{ reason: 'window_exceeded', held: 3 }]);
    expect(played.asked('readSnapshot')).toMatchObject({ from: 3, asOf: 0 });
    played.piece(chunks(4, 30), { asOf: 30 });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ chunks: chunks(4, 13), last: false }]);
  });

  test('goes on behind the cursor where the client holds less, another one, or more than there is', () => {
    for (const held of [
      { epoch: 1, seq: 2, limit: 9000 },
      { epoch: 2, seq: 12, limit: 9000 },
      { epoch: 1, seq: 30, limit: 9000 },
    ]) {
      const played = new Played();
      played.attach(1, { streams: [behind], cursors: [cursor(3, 1, held)] });
      expect(played.sent('RESET')).toMatchObject([{ held: 3 }]);
      expect(played.asked('readSnapshot').from).toBe(3);
      expect(played.state.conns[1]?.streams[1]?.limit).toBe(300 + CREDIT);
    }
  });

  test('begins at its first chunk where the cursor is of another epoch, or ahead of the log', () => {
    for (const at of [cursor(3, 2), cursor(31), cursor(3, 2, { epoch: 1, seq: 30, limit: 9000 })]) {
      const played = new Played();
      played.attach(1, { streams: [behind], cursors: [at] });
      expect(played.sent('RESET')).toMatchObject([{ held: 0 }]);
      expect(played.asked('readSnapshot').from).toBe(0);
      expect(played.state.conns[1]?.streams[1]?.limit).toBe(CREDIT);
    }
  });

  test('takes the credit of an ACK that was on its way before it, and goes on', () => {
    const played = new Played();
    played.attach(1, { streams: [behind], cursors: [{ ...cursor(3), limit: 300 }] });
    played.piece(chunks(4, 30), { asOf: 30 });
    expect(played.last).toBe(NOTHING);
    played.ack(1, 3, { epoch: 2, limit: 9000 });
    expect(played.last).toBe(NOTHING);
    played.ack(1, 3, { limit: 500 });
    expect(played.asked('readSnapshot')).toMatchObject({ from: 3, asOf: 30 });
    played.piece(chunks(4, 30), { asOf: 30 });
    expect(played.sent('SNAPSHOT')).toMatchObject([{ chunks: chunks(4, 5), last: false }]);
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

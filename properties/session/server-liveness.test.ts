/** What a server hears of its clients, and when that is too little, by script; and what it says of streams that stall. */
import { describe, expect, test } from 'vitest';
import { at, seconds } from '../../src/time.ts';
import { CONFIG, chunks, cursor, Played, record } from '../machines/server.ts';

/** Time passes in one jump, and what fell due in it comes late. */
const standStill = (played: Played, duration: number): void => {
  played.now = at(played.now + duration);
  played.pass(0);
};

describe('a server that hears nothing', () => {
  test('gives the connection up after dead_after, and detaches its session', () => {
    const played = new Played();
    played.attach(1);
    played.pass(CONFIG.deadAfter - 1);
    expect(played.effects('terminate')).toEqual([]);
    played.pass(1);
    expect(played.effects('terminate')).toHaveLength(1);
    expect(played.posted('detach')).toHaveLength(1);
  });

  test('because it stood still probes once, and judges a heartbeat later', () => {
    const played = new Played();
    played.attach(1);
    standStill(played, CONFIG.deadAfter + seconds(3));
    expect(played.effects('terminate')).toEqual([]);
    expect(played.sent('PING').length).toBeGreaterThan(0);
    played.pass(CONFIG.heartbeatInterval - 1);
    expect(played.effects('terminate')).toEqual([]);
    played.pass(1);
    expect(played.effects('terminate')).toHaveLength(1);
  });

  test('and stands still again while it waits for the answer probes again', () => {
    const played = new Played();
    played.attach(1);
    for (let times = 0; times < 3; times++) {
      standStill(played, CONFIG.deadAfter + seconds(3));
      expect(played.effects('terminate')).toEqual([]);
      expect(played.sent('PING').length).toBeGreaterThan(0);
    }
    played.pass(CONFIG.heartbeatInterval);
    expect(played.effects('terminate')).toHaveLength(1);
  });

  test('and stood still keeps the connection that answers its probe, for as long as any other', () => {
    const played = new Played();
    played.attach(1);
    standStill(played, CONFIG.deadAfter + seconds(3));
    played.pass(seconds(1));
    played.frame(1, { type: 'PONG', nonce: 1 });
    played.pass(CONFIG.deadAfter - 1);
    expect(played.effects('terminate')).toEqual([]);
    played.pass(1);
    expect(played.effects('terminate')).toHaveLength(1);
  });
});

describe('a stream whose agent says nothing', () => {
  /** The client answers every PING, and the log nothing. */
  const quiet = (played: Played, duration: number): number => {
    let told = 0;
    for (let passed = 0; passed < duration; passed += CONFIG.heartbeatInterval) {
      played.pass(CONFIG.heartbeatInterval);
      told += played.sent('STALLED').length;
      played.frame(1, { type: 'PONG', nonce: 1 });
    }
    return told;
  };

  test('does not stall while its snapshot is under way', () => {
    const played = new Played({ callAttempts: 1000 });
    played.attach(1, { streams: [record({ epoch: 2 })], cursors: [cursor(50)] });
    expect(quiet(played, 2 * CONFIG.stallAfter)).toBe(0);
  });

  test('stalls once at each place, and that of another epoch is another place', () => {
    const played = new Played({ callAttempts: 1000 });
    played.attach(1, { streams: [record({ head: 2 })], cursors: [cursor(2)] });
    expect(quiet(played, 2 * CONFIG.stallAfter)).toBe(1);
    const { op } = Object.values(played.state.calls).map(({ message }) => message as { op: number })[0] ?? { op: 0 };
    const anew = { epoch: 2, from: 3, chunks: [], head: 2, oldest: 1 };
    played.hear({ type: 'entries', op, session: 1, stream: 1, ...anew });
    played.piece(chunks(1, 2), { epoch: 2 });
    expect(quiet(played, 2 * CONFIG.stallAfter)).toBe(1);
  });
});

/** What a sender believes of its round trip, against the arithmetic of `tcp_rtt_estimator`, and that only an acknowledgement changes it. */
import { describe, expect, test } from 'vitest';
import { expectAck } from '../../src/link/tcp/acknowledgement.ts';
import { reap, recover, reduceSlowly } from '../../src/link/tcp/congestion.ts';
import { newEstimate, sample, timeoutOf } from '../../src/link/tcp/estimate.ts';
import { newLanes } from '../../src/link/tcp/state.ts';
import { at, ms, seconds } from '../../src/time.ts';
import { CLEAR, PlayedLink } from '../machines/link.ts';

/** A stream with a round trip of 300 ms, one message each 30 ms, every second of which is acknowledged: ten segments a window. */
function streamed(rounds: number): number[] {
  const estimate = newEstimate();
  sample(estimate, 300_000, 0, 0);
  sample(estimate, 300_000, 1, 1);
  const variances: number[] = [];
  let acked = 1;
  for (let round = 0; round < rounds; round++)
    for (let pair = 0; pair < 6; pair++) {
      acked += 2;
      sample(estimate, 330_000, acked, acked + 9);
      if (pair === 0) variances.push(Math.round(estimate.variance / 1000));
    }
  return variances;
}

describe('the time-out', () => {
  // Measured on Linux 6.18 (TCP_INFO) with such a stream: 848 - 304, 800 - 317, 736 - 324, 688 - 328, 652 - 329 ms, in ticks of 4.
  test('falls by a quarter of its excess a round trip, no further than to 200 ms beyond the round trip', () => {
    expect(streamed(5)).toEqual([542, 482, 411, 359, 319]);
    expect(streamed(60).at(-1)).toBe(200);
  });

  test('rises at once when a round trip takes longer, and less when it takes shorter', () => {
    const waits = (took: number): number => {
      const estimate = newEstimate();
      for (let i = 0; i < 100; i++) sample(estimate, 100_000, i, i);
      sample(estimate, took, 100, 100);
      return timeoutOf(estimate) / 1000;
    };
    expect(waits(100_000)).toBe(300);
    // 100 + 2000 / 8 + 2000, in ticks.
    expect(waits(2_100_000)).toBe(2352);
    expect(waits(1_000)).toBe(288);
  });

  test('is never longer than two minutes', () => {
    const estimate = newEstimate();
    sample(estimate, 600_000_000, 0, 0);
    expect(timeoutOf(estimate)).toBe(120_000_000);
  });

  test('does not change while nothing is acknowledged, however long that lasts', () => {
    const first = (idle: number): number => {
      const slow = { ...CLEAR, delay: ms(150) };
      const link = new PlayedLink({ up: slow, down: slow });
      link.tell({ type: 'dial', end: 0, conn: 1 });
      link.pass(ms(450));
      link.tell({ type: 'accept', end: 1, conn: 1 });
      link.pass(seconds(1) + seconds(idle) - link.now);
      link.tell({ type: 'cut', direction: 'down' });
      const sent = link.now;
      link.send(1, 50);
      const timers = link.pass(seconds(4)).flatMap((effect) => (effect.type === 'setTimer' ? [effect.at - sent] : []));
      return timers[0] ?? 0;
    };
    expect(first(60)).toBe(first(0));
    // Nothing but the handshake was acknowledged: a probe after 2 x 300 + 200 ms, a time-out after 300 + 2 x 300 ms more;
    // the slots of the timers are 32 ms wide.
    expect(first(60)).toBeGreaterThanOrEqual(1_700_000);
    expect(first(60)).toBeLessThanOrEqual(1_764_000);
  });
});

describe('the window', () => {
  test('that a second loss leaves is a share of what the first one left, not of what its repair lets go', () => {
    const lane = newLanes()[0];
    const { congestion, flight } = lane;
    congestion.window = 100;
    recover(congestion, at(1));
    expect(congestion.threshold).toBe(70);
    // Most of what was under way is lost: the repair goes out one by one.
    flight.sent = 20;
    congestion.noted = 1;
    reduceSlowly(lane);
    expect(congestion.window).toBe(21);
    // What was sent since is lost, too; an acknowledgement of what was sent at 2 s tells that the first loss is repaired.
    congestion.wholeFrom = at(2);
    congestion.laterRepair = at(3);
    expectAck(flight, at(4), 1, at(2));
    reap(lane, at(4));
    expect([congestion.prior, congestion.threshold]).toEqual([70, 49]);
  });
});

/** What a sender does about a loss, no more and no less than its acknowledgements tell it; and what its receiver tells it when. */
import { describe, expect, test } from 'vitest';
import { transfers } from '../../sim/validate/link/experiments.ts';
import { expectAck, putOffBy } from '../../src/link/tcp/acknowledgement.ts';
import { reap, recover } from '../../src/link/tcp/congestion.ts';
import { newEstimate, sample } from '../../src/link/tcp/estimate.ts';
import { ladder } from '../../src/link/tcp/patience.ts';
import { type Lane, MSS, newItem, newLanes } from '../../src/link/tcp/state.ts';
import type { MessageEvent } from '../../src/post.ts';
import { at, ms, seconds, us } from '../../src/time.ts';
import { CLEAR, DEAF, PlayedLink } from '../machines/link.ts';

const newLane = (): Lane => newLanes()[0];

/** The lane of the server of a fresh connection, to which its client has said nothing lately. */
function served(up = CLEAR): { link: PlayedLink; lane: Lane } {
  const link = new PlayedLink({ up: CLEAR });
  link.open(1);
  link.pass(seconds(1));
  if (up !== CLEAR) link.tell({ type: 'degrade', up, down: CLEAR });
  return { link, lane: (link.state.conns[1] as { lanes: readonly Lane[] }).lanes[1] as Lane };
}

describe('a repair', () => {
  test('is over when an acknowledgement says so, however long ago it arrived', () => {
    const lane = newLane();
    const { congestion, flight } = lane;
    recover(congestion, at(1));
    congestion.window = 3;
    congestion.wholeFrom = at(2);
    reap(lane, at(seconds(10)));
    expect([congestion.recovering, congestion.window]).toEqual([true, 3]);
    expectAck(flight, at(seconds(11)), 1, at(1));
    expectAck(flight, at(seconds(12)), 1, at(2));
    reap(lane, at(seconds(11)));
    expect(congestion.recovering).toBe(true);
    reap(lane, at(seconds(12)));
    expect([congestion.recovering, congestion.window]).toEqual([false, 7]);
  });

  test('begins to count anew what the window grows by', () => {
    const { congestion } = newLane();
    congestion.counted = 5;
    recover(congestion, at(1));
    expect(congestion.counted).toBe(0);
  });

  test('of a queue that overflowed takes as long as measured, to a thousandth', () => {
    // A slow start that overshoots, two reductions one after the other, and PRR: 4,810.3 to 4,810.8 ms.
    expect(transfers({ rtt: 300, mbps: 2 }, 1_000_000, 1)[0]).toBeCloseTo(4810.5, -1);
  });
});

describe('a time-out', () => {
  test('that was spurious takes nothing of the window', () => {
    const { link, lane } = served();
    link.tell({ type: 'cut', direction: 'up' });
    link.send(1, 50);
    link.send(1, 50);
    link.pass(seconds(2));
    link.send(1, 50);
    expect(lane.congestion.window).toBe(1);
    link.tell({ type: 'heal', direction: 'up' });
    link.pass(seconds(5));
    link.send(1, 50);
    link.pass(seconds(1));
    link.send(1, 50);
    expect(lane.congestion.window).toBeGreaterThanOrEqual(10);
  });

  test('comes when the probe is lost, too, with nothing else to send', () => {
    const { link, lane } = served(DEAF);
    link.send(1, 50);
    link.pass(seconds(5));
    link.send(1, 50);
    expect(lane.timeouts).toBeGreaterThan(1);
    expect(lane.congestion.window).toBe(1);
  });
});

describe('a receiver', () => {
  test('puts off what it says of a full segment from the middle of a backlog', () => {
    const { link, lane } = served();
    lane.congestion.window = 1;
    lane.congestion.threshold = 1;
    const start = link.now;
    for (let n = 0; n < 3; n++) link.send(1, 1024, n);
    link.pass(seconds(1));
    const when = link.frames(0).map((frame) => frame.at - start);
    // The first ends what there is to send; the second travels with the beginning of the third.
    expect(when.slice(0, 2)).toEqual([ms(50), ms(150)]);
    expect(when[2]).toBeGreaterThanOrEqual(ms(290));
    expect(when[2]).toBeLessThanOrEqual(ms(294));
  });

  test('says of what arrives at once all or nothing', () => {
    const fates = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const { link, lane } = served({ ...CLEAR, loss: { num: 1, of: 2 } });
      // Requests of its own move the dice along.
      for (let skip = 0; skip < i; skip++)
        link.tell({ type: 'relay', end: 0, to: 'tokens', message: {} as MessageEvent, bytes: 1 });
      lane.flight.chatty = false;
      for (let n = 0; n < 3; n++) link.send(1, 50, n);
      fates.add(lane.flight.unacked);
    }
    expect([...fates].sort()).toEqual([0, 3]);
  });

  test('puts nothing off beyond 40 ms for longer than its own round trip', () => {
    const known = (rtt: number) => {
      const estimate = newEstimate();
      sample(estimate, ms(rtt), 0, 0);
      return estimate;
    };
    expect(putOffBy(ms(30), known(20))).toBe(ms(40));
    expect(putOffBy(ms(30), known(50))).toBe(ms(52));
    expect(putOffBy(ms(30), known(100))).toBe(ms(56));
  });
});

describe('a sender whose window is full', () => {
  test('probes before an acknowledgement that is put off', () => {
    const lane = newLane();
    const { flight, congestion, estimate } = lane;
    sample(estimate, ms(20), 0, 0);
    congestion.window = 2;
    lane.lastSent = at(seconds(1));
    lane.waiting.push(newItem('frame', 1024));
    expectAck(flight, at(seconds(1) + ms(70)), 2, at(seconds(1)));
    flight.owedAt = seconds(1) + ms(70);
    const wake = ladder(lane, 0, at(seconds(1))) - seconds(1);
    expect(wake).toBeGreaterThanOrEqual(ms(48));
    expect(wake).toBeLessThanOrEqual(ms(56));
  });

  test('leaves its last place until two are free, if an acknowledgement is near', () => {
    const { link, lane } = served();
    lane.congestion.window = 7;
    lane.congestion.threshold = 7;
    for (let n = 0; n < 4; n++) link.send(1, 1024, n);
    link.pass(us(99_500));
    link.send(1, 6 * MSS);
    expect(lane.flight.sent).toBe(6);
    link.pass(us(400));
    link.send(1, 1024);
    expect(lane.flight.sent).toBe(6);
    link.pass(seconds(1));
    expect(link.frames(0)).toHaveLength(6);
  });
});

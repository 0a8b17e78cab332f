/** Figures of recovery and of deadlines over histories written by hand: what each shows, and what it makes of a misdeed. */
import { describe, expect, test } from 'vitest';
import type { Figures } from '../../sim/session/figures/measured.ts';
import type { Frame } from '../../src/session/wire/frames.ts';
import { at, type Duration, minutes, ms, seconds, us } from '../../src/time.ts';
import { data, goaway, honest, type Written, welcome, written } from '../laws/session/written.ts';
import { allowing, begun, figuresOf } from './measured.ts';

/** A story whose client started, connected and lost its connection, and the next one is open after `outage`. */
const lostFor = (outage: Duration): Written => begun().close(1).wait(outage).dial(2).open(2);
const resumedOn = (conn: number, run: Written, generation = conn): Written => run.welcome(conn, { generation });

const replayEnd = (stream: number): Frame => ({ type: 'REPLAY_END', stream, epoch: 1, seq: 0 });
/** WELCOME of a resume whose replay has that many streams. */
const welcomeWith = (streams: number): Frame => {
  const frame = welcome(1, 2, true) as Frame & { type: 'WELCOME' };
  return {
    ...frame,
    streams: Array.from({ length: streams }, (_, i) => ({ stream: i + 1, epoch: 1, resumed: true })) as never,
  };
};

const faulty = (run: Written, name: string, node: string, begins: boolean): Written =>
  run.next().say('fault', node, { fault: 0, name: name as never, begins });
const crashed = (run: Written, how: 'process' | 'host' | 'exit' = 'process'): Written =>
  run.next().say('crashed', 's1', { how });

describe('an honest history', () => {
  const figures = figuresOf(honest());

  test('is measured from the loss, in all its legs', () => {
    expect(figures.connect).toEqual([10_000]);
    expect(figures.reconnect).toEqual([710_000]);
    expect(figures.recovery).toEqual([710_000]);
    expect(figures.contextRestored).toEqual([5_000]);
    expect(figures.contextBrief).toEqual([5_000]);
    expect(figures).toMatchObject({ disconnects: 1, recoverable: 1, recovered: 1, longestWait: 700_000 });
  });

  test('completes its stream with the real bytes, and sends nothing twice', () => {
    expect(figures).toMatchObject({ streamsOwed: 1, streamsCompleted: 1, streamsIntact: 1, bytesResent: 0 });
  });
});

describe('deadlines', () => {
  const dialled = (): Written => written().intent('start').dial(1);
  const opened = (): Written => dialled().wait(ms(5)).open(1);
  const live = (): Written => begun();
  const draining = (): Written => begun().next().say('dialled', 'lb', { conn: 9, to: 's1' }).send(9, 's1', goaway);
  const serverHangsUp = (run: Written): Written => run.next().say('hungUp', 's1', { conn: 9, code: 1012, reason: '' });

  const cases: readonly (readonly [string, () => Written, Duration, (run: Written) => Written])[] = [
    ['a dial that is not answered', dialled, seconds(5), (run) => run.hangUp(1)],
    ['an opening without a WELCOME', opened, seconds(5), (run) => run.hangUp(1)],
    ['silence on a live connection', live, seconds(10), (run) => run.hangUp(1)],
    ['the end of a drain', draining, seconds(10), serverHangsUp],
  ];
  for (const [what, begin, deadline, act] of cases) {
    test(`${what}: acted on at its time is kept, a microsecond later is missed`, () => {
      const kept = figuresOf(act(begin().wait(deadline)));
      expect([kept.deadlinesPassed, kept.deadlinesKept]).toEqual([1, 1]);
      const missed = figuresOf(act(begin().wait(us(deadline + 1))));
      expect([missed.deadlinesPassed, missed.deadlinesKept]).toEqual([1, 0]);
      const early = figuresOf(act(begin().wait(us(deadline - 1))));
      expect([early.deadlinesPassed, early.deadlinesKept]).toEqual([0, 0]);
    });
  }

  test('is judged once, however the connection ends after it', () => {
    const once = { deadlinesPassed: 1, deadlinesKept: 1 };
    expect(figuresOf(live().wait(seconds(10)).hangUp(1).wait(ms(5)).close(1))).toMatchObject(once);
    expect(figuresOf(dialled().wait(seconds(5)).hangUp(1).wait(ms(5)).close(1))).toMatchObject(once);
    const drained = serverHangsUp(draining().wait(seconds(10))).wait(ms(5));
    expect(figuresOf(drained.say('closed', 's1', { conn: 9, code: 1012, reason: '', status: 0 }))).toMatchObject(once);
    const late = opened().wait(seconds(5)).hangUp(1).wait(ms(5));
    expect(figuresOf(late.hear(1, welcome(1, 1, false)))).toMatchObject(once);
  });

  test('an opening on its way when the dial was given up changes nothing; one that was waited for too long is missed', () => {
    const late = (run: Written): Written => run.wait(ms(1)).open(1);
    expect(figuresOf(late(dialled().wait(seconds(5)).hangUp(1)))).toMatchObject({
      deadlinesPassed: 1,
      deadlinesKept: 1,
    });
    expect(figuresOf(late(dialled().wait(seconds(5))))).toMatchObject({ deadlinesPassed: 1, deadlinesKept: 0 });
  });

  test('a frame after a silence that should have ended the connection is a missed deadline', () => {
    expect(figuresOf(live().wait(seconds(11)).hear(1, data(1)))).toMatchObject({
      deadlinesPassed: 1,
      deadlinesKept: 0,
    });
    expect(figuresOf(live().wait(seconds(9)).hear(1, data(1)))).toMatchObject({ deadlinesPassed: 0 });
    expect(
      figuresOf(
        opened()
          .wait(seconds(6))
          .hear(1, welcome(1, 1, false)),
      ),
    ).toMatchObject({
      deadlinesPassed: 1,
      deadlinesKept: 0,
    });
  });

  test('of a process that stands still, or whose timers are throttled, are not counted', () => {
    const standing = live().next().say('paused', 'c1', { begins: true }).wait(seconds(60));
    const woken = standing.next().say('paused', 'c1', { begins: false }).wait(seconds(1)).hangUp(1);
    expect(figuresOf(woken)).toMatchObject({ deadlinesPassed: 0 });
    const untilThen = live()
      .say('paused', 'c1', { begins: true })
      .wait(seconds(10))
      .say('paused', 'c1', { begins: false });
    expect(figuresOf(untilThen.wait(ms(1)).hangUp(1))).toMatchObject({ deadlinesPassed: 0 });
    const hidden = live().next().say('throttled', 'c1', { resolution: 1_000_000 }).wait(ms(10_500)).hangUp(1);
    expect(figuresOf(hidden)).toMatchObject({ deadlinesPassed: 0 });
    const wasHidden = live().say('throttled', 'c1', { resolution: 1_000_000 }).wait(seconds(11));
    const shownLater = wasHidden.say('throttled', 'c1', { resolution: 0 }).wait(seconds(1)).hangUp(1);
    expect(figuresOf(shownLater)).toMatchObject({ deadlinesPassed: 0 });
    const shown = live().next().say('throttled', 'c1', { resolution: 0 }).wait(ms(10_500)).hangUp(1);
    expect(figuresOf(shown)).toMatchObject({ deadlinesPassed: 1, deadlinesKept: 0 });
  });

  test('of a drain end with the process that set them', () => {
    expect(figuresOf(serverHangsUp(crashed(draining()).wait(seconds(11))))).toMatchObject({ deadlinesPassed: 0 });
  });
});

describe('recovery', () => {
  test('that never comes is missing from the share', () => {
    expect(figuresOf(lostFor(seconds(1)))).toMatchObject({ recoverable: 1, recovered: 0 });
  });

  test('nobody waits for is not asked for: the application left, or was told what the scenario allows', () => {
    expect(figuresOf(begun().close(1).wait(ms(5)).intent('leave'))).toMatchObject({ recoverable: 0, recovered: 0 });
    const gaveUp = (): Written => begun().close(1).wait(ms(5)).tell('attempts_exhausted');
    expect(figuresOf(gaveUp(), allowing('attempts_exhausted'))).toMatchObject({
      recoverable: 0,
      errors: { attempts_exhausted: 1 },
    });
    expect(figuresOf(gaveUp())).toMatchObject({ recoverable: 1, recovered: 0 });
    expect(figuresOf(begun().tell('attempts_exhausted').close(1))).toMatchObject({ disconnects: 0, recoverable: 0 });
  });

  test('is none before a connection is back, whatever the application is still given', () => {
    expect(figuresOf(begun().close(1).wait(ms(5)).receive(1))).toMatchObject({ recoverable: 1, recovered: 0 });
  });

  test('of a page that was loaded again is asked for only if its state was kept', () => {
    const reloaded = (kept: boolean): Written => begun().next().say('reloaded', 'c1', { kept }).wait(seconds(1));
    expect(figuresOf(reloaded(true))).toMatchObject({ recoverable: 1, recovered: 0 });
    expect(figuresOf(resumedOn(2, reloaded(true).dial(2).open(2)))).toMatchObject({ recovered: 1 });
    expect(figuresOf(reloaded(false))).toMatchObject({ recoverable: 0, disconnects: 1 });
  });

  test('into a clean session is none', () => {
    const clean = lostFor(minutes(6)).welcome(2, { session: 2, generation: 1 });
    expect(figuresOf(clean)).toMatchObject({ recoverable: 0, recovered: 0, recovery: [], contextRestored: [] });
    // Where no session may be lost it is a failure to recover.
    expect(figuresOf(clean, allowing())).toMatchObject({ recoverable: 1, recovered: 0 });
  });

  test('is not owed for a WELCOME that reaches a client which has hung up', () => {
    const early = (): Written => written().intent('start').dial(1).open(1).wait(ms(5)).hangUp(1).wait(ms(5));
    const late = early()
      .hear(1, welcome(1, 1, false))
      .close(1)
      .wait(seconds(1));
    expect(figuresOf(late)).toMatchObject({ connect: [], disconnects: 0, recoverable: 0 });
    // As in midstream/text@2g4: the session of that WELCOME ends with the HELLO of the next connection, which is the first.
    const first = late.dial(2).open(2).welcome(2, { session: 2, generation: 1 });
    expect(figuresOf(first)).toMatchObject({ disconnects: 0, recoverable: 0, recovered: 0, reconnect: [] });
    expect(figuresOf(first).connect).toHaveLength(1);
  });

  test('is told by the length of the outage', () => {
    const of = (outage: Duration): Figures => figuresOf(resumedOn(2, lostFor(outage).wait(ms(7))));
    expect(of(seconds(29))).toMatchObject({ contextBrief: [7_000], contextMedium: [] });
    expect(of(seconds(31))).toMatchObject({ contextBrief: [], contextMedium: [7_000] });
    expect(of(minutes(6))).toMatchObject({ contextBrief: [], contextMedium: [], contextRestored: [7_000] });
    // Until the opening: what comes after it is the time that is measured.
    expect(of(us(29_999_999))).toMatchObject({ contextBrief: [7_000], contextMedium: [] });
    expect(of(seconds(30))).toMatchObject({ contextBrief: [], contextMedium: [7_000] });
    expect(of(minutes(5))).toMatchObject({ contextBrief: [], contextMedium: [7_000] });
    expect(of(us(300_000_001))).toMatchObject({ contextBrief: [], contextMedium: [] });
  });

  test('of a stream begins with WELCOME and ends with its first new byte', () => {
    const run = lostFor(seconds(1)).carry(2, 's1', 'c1', welcomeWith(1)).wait(ms(40)).receive(1, { conn: 2 });
    const figures = figuresOf(run.wait(ms(60)).carry(2, 's1', 'c1', replayEnd(1)));
    expect(figures).toMatchObject({ streamResumed: [40_000], recovery: [1_040_000], resume: [100_000] });
    // No stream was to be resumed.
    expect(figuresOf(resumedOn(2, lostFor(seconds(1))))).toMatchObject({ streamResumed: [], recovery: [1_000_000] });
  });

  test('ends with the replay of the connection that is current, not of the one before it', () => {
    const second = begun()
      .close(1)
      .wait(seconds(1))
      .dial(2)
      .open(2)
      .carry(2, 's1', 'c1', welcomeWith(1))
      .dial(3)
      .open(3);
    const third = second.carry(3, 's1', 'c1', welcomeWith(1)).wait(ms(5)).carry(2, 's1', 'c1', replayEnd(1));
    expect(figuresOf(third)).toMatchObject({ resume: [], recovered: 0 });
    expect(figuresOf(third.wait(ms(5)).carry(3, 's1', 'c1', replayEnd(1)))).toMatchObject({ resume: [10_000] });
  });

  test('counts a connection lost again before it as one outage', () => {
    const twice = resumedOn(2, begun().close(1).wait(seconds(1)).dial(2).open(2));
    expect(figuresOf(twice).recovery).toHaveLength(1);
    const again = lostFor(seconds(1)).carry(2, 's1', 'c1', welcomeWith(1)).close(2).wait(seconds(1)).dial(3).open(3);
    expect(figuresOf(resumedOn(3, again))).toMatchObject({ recovery: [2_000_000], recoverable: 1, disconnects: 2 });
  });

  test('has its closes and the longest wait', () => {
    const retried = begun().close(1, 1012).retry(seconds(61)).retry(seconds(5));
    const waited = { timer: 'token', key: 0, until: at(1e12), attempt: 0, least: 0, most: 0 };
    const figures = figuresOf(retried.say('timerSet', 'c1', waited));
    expect(figures).toMatchObject({ closes: { 1012: 1 }, longestWait: 61_000_000 });
    const refused = begun().next().say('closed', 'c1', { conn: 1, code: 1006, reason: '', status: 503 });
    expect(figuresOf(refused).closes).toEqual({ 'http 503': 1 });
  });
});

describe('restarts', () => {
  test('graceful: from the notice to the end of replay elsewhere', () => {
    const noticed = (): Written => begun().hear(1, goaway).wait(ms(100)).hear(1, goaway).wait(ms(200));
    const moved = (): Written => noticed().dial(2).open(2).wait(ms(50)).welcome(2, { generation: 2 });
    expect(figuresOf(moved())).toMatchObject({ graceful: [350_000], recoverable: 0, recovery: [] });
    // The notice is used up by the move, and by a clean session too.
    const lostLater = moved().close(2).wait(seconds(1)).dial(3).open(3);
    expect(figuresOf(resumedOn(3, lostLater))).toMatchObject({ graceful: [350_000], recovery: [1_000_000] });
    const clean = noticed().close(1).dial(2).open(2).welcome(2, { session: 2, generation: 1 });
    const cleanLater = clean.close(2).wait(minutes(1)).dial(3).open(3).welcome(3, { session: 2, generation: 2 });
    expect(figuresOf(cleanLater)).toMatchObject({ graceful: [], recovery: [60_000_000] });
  });

  test('emergency: from the death of the server to the recovery of its client, by another process', () => {
    const run = crashed(begun()).wait(seconds(2)).close(1).wait(seconds(1)).dial(2).open(2).wait(ms(9));
    expect(figuresOf(run.welcome(2, { generation: 2 }))).toMatchObject({
      emergency: [3_009_000],
      recovery: [1_009_000],
      stateRestored: [9_000],
    });
    const sameProcess = resumedOn(2, lostFor(seconds(1)));
    expect(figuresOf(sameProcess)).toMatchObject({ emergency: [], stateRestored: [] });
    const twice = crashed(crashed(begun()).wait(seconds(2)))
      .close(1)
      .wait(seconds(1))
      .dial(2)
      .open(2);
    expect(figuresOf(resumedOn(2, twice)).emergency).toEqual([3_000_000]);
    const elsewhere = lostFor(seconds(1)).next().say('crashed', 's2', { how: 'process' });
    expect(figuresOf(resumedOn(2, elsewhere))).toMatchObject({ emergency: [], recovery: [1_000_000] });
    const exited = crashed(begun(), 'exit').close(1).wait(seconds(1)).dial(2).open(2);
    expect(figuresOf(resumedOn(2, exited))).toMatchObject({ emergency: [], recovery: [1_000_000] });
  });

  test('emergency: a client that had moved away before it missed the dead server is in none, then or later', () => {
    const moving = crashed(begun().hear(1, goaway).dial(2).open(2), 'host').wait(ms(50));
    const moved = resumedOn(2, moving).close(1).wait(minutes(1)).close(2).wait(seconds(1)).dial(3).open(3);
    expect(figuresOf(resumedOn(3, moved))).toMatchObject({ graceful: [50_000], emergency: [], recovery: [1_000_000] });
  });

  test('rolling: all interruptions of a client, once two servers were replaced', () => {
    const replaced = (run: Written, node: string, how: 'exit' | 'process' = 'exit'): Written =>
      run.next().say('crashed', node, { how }).wait(ms(5)).next().say('restarted', node, {});
    const interrupted = (): Written => resumedOn(2, lostFor(seconds(2)));
    expect(figuresOf(replaced(interrupted(), 's2')).rolling).toEqual([]);
    expect(figuresOf(replaced(replaced(interrupted(), 's2'), 's3')).rolling).toEqual([2_000_000]);
    expect(figuresOf(replaced(replaced(interrupted(), 's2'), 's3', 'process')).rolling).toEqual([]);
    const again = resumedOn(3, interrupted().close(2).wait(seconds(3)).dial(3).open(3));
    expect(figuresOf(replaced(replaced(again, 's2'), 's3')).rolling).toEqual([5_000_000]);
  });
});

describe('comparisons inside a run', () => {
  /** Cycles of an outage of a second; the nth takes `took(n)` from opening to context. */
  function cycles(count: number, took: (nth: number) => Duration, bytes: (nth: number) => number = () => 50): Written {
    // Somebody else's connection holds 20 bytes all the time: memory is that of all together.
    const run = begun().send(99, 'c9', data(1), 20);
    for (let nth = 1; nth <= count; nth++) {
      run.next().say('sent', 'lb', { conn: nth, payload: data(1), bytes: bytes(nth) });
      run.next().say('delivered', 'c1', { conn: nth, payload: data(1), bytes: bytes(nth) });
      run
        .close(nth)
        .wait(seconds(1))
        .dial(nth + 1)
        .open(nth + 1)
        .wait(took(nth));
      resumedOn(nth + 1, run);
    }
    return run;
  }

  test('late cycles are compared with early ones, from ten cycles on', () => {
    expect(figuresOf(cycles(9, () => ms(10)))).toMatchObject({ cycled: 0 });
    expect(figuresOf(cycles(10, () => ms(10)))).toMatchObject({ cycled: 1, cyclesBetween: 5 });
    expect(figuresOf(cycles(12, () => ms(10)))).toMatchObject({
      cycled: 1,
      cyclesBetween: 7,
      cycleEarly: 10_000,
      cycleLate: 10_000,
      memoryEarly: 70,
      memoryLate: 70,
    });
    const worse = figuresOf(
      cycles(
        12,
        (nth) => ms(10 + nth),
        (nth) => 50 + nth,
      ),
    );
    expect(worse).toMatchObject({ cycleEarly: 13_000, cycleLate: 20_000, memoryEarly: 75, memoryLate: 82 });
    const falling = cycles(
      12,
      () => ms(10),
      (nth) => 100 - nth,
    );
    expect(figuresOf(falling)).toMatchObject({ memoryEarly: 119, memoryLate: 112 });
  });

  test('another address is compared with the same one, on one network', () => {
    const still = resumedOn(2, lostFor(seconds(1)).wait(ms(10)));
    const moved = faulty(still, 'rebind', 'c1-lb', true).close(2).wait(seconds(1)).dial(3).open(3).wait(ms(30));
    expect(figuresOf(resumedOn(3, moved))).toMatchObject({ moves: 1, movedMean: 30_000, stillMean: 10_000 });
    const away = resumedOn(2, lostFor(seconds(1)).wait(ms(10)));
    // Two moves away, and one back: it is not home yet.
    for (const begins of [true, true, false]) faulty(away, 'addressChange', 'c1', begins);
    away.close(2).wait(seconds(1)).dial(3).open(3).wait(ms(99));
    expect(figuresOf(resumedOn(3, away))).toMatchObject({ moves: 0 });
    faulty(away, 'addressChange', 'c1', false).close(3).wait(seconds(1)).dial(4).open(4).wait(ms(20));
    expect(figuresOf(resumedOn(4, away))).toMatchObject({ moves: 1, movedMean: 20_000, stillMean: 10_000 });
  });
});

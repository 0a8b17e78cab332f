/** Figures of what crosses connections and of the streams that applications have of it, over histories written by hand. */
import { describe, expect, test } from 'vitest';
import { stepBegins, stepOf } from '../../sim/figures/series.ts';
import type { SessionWorld } from '../../sim/session/world.ts';
import type { Chunk } from '../../src/content.ts';
import type { Frame } from '../../src/session/wire/frames.ts';
import { ms, seconds, us } from '../../src/time.ts';
import {
  CONTENTS,
  chunk,
  data,
  FACTS,
  factsWith,
  honest,
  type Written,
  welcome,
  written,
} from '../laws/session/written.ts';
import { allowing, begun, figuresOf, known } from './measured.ts';

describe('the wire', () => {
  test('what is sent again after a disconnect is measured against the credit', () => {
    const run = begun();
    for (const seq of [1, 2, 3, 4, 5, 6]) run.carry(1, 'lb', 'c1', data(seq));
    run.close(1).wait(ms(5)).dial(2).open(2);
    // The credit is 400 bytes, a chunk 100.
    for (const seq of [1, 2, 3, 4]) run.carry(2, 'lb', 'c1', data(seq));
    expect(figuresOf(run)).toMatchObject({ bytesSent: 1000, bytesResent: 400, resentPermille: 1000 });
    expect(figuresOf(run.carry(2, 'lb', 'c1', data(5)))).toMatchObject({ bytesResent: 500, resentPermille: 1250 });
  });

  test('the credit is the least of all clients, and a share of it is rounded up', () => {
    const [one] = factsWith({ credit: 300 }).clients;
    const facts = { ...FACTS, clients: [one, { ...one, node: 'c2', credit: 900 }] };
    const run = begun().carry(1, 'lb', 'c1', data(1)).carry(1, 'lb', 'c1', data(1));
    expect(figuresOf(run, { ...known, facts } as unknown as SessionWorld).resentPermille).toBe(334);
  });

  test('what an answer that began anew sends is sent for the first time', () => {
    const anew = { ...data(1), epoch: 2 } as Frame;
    const run = begun().carry(1, 'lb', 'c1', data(1)).carry(1, 'lb', 'c1', data(2)).carry(1, 'lb', 'c1', anew);
    expect(figuresOf(run)).toMatchObject({ bytesSent: 300, bytesResent: 0 });
    const chunks = [chunk(1), chunk(2)];
    const snapshot: Frame = { type: 'SNAPSHOT', stream: 1, epoch: 3, seq: 2, chunks, last: true };
    const reset: Frame = { type: 'RESET', stream: 1, reason: 'regenerated', epoch: 3, oldestSeq: 3, held: 0 } as never;
    run.carry(1, 'lb', 'c1', reset).carry(1, 'lb', 'c1', snapshot);
    expect(figuresOf(run)).toMatchObject({ bytesSent: 500, bytesResent: 0 });
  });

  test('dials are those of clients', () => {
    expect(figuresOf(begun().say('dialled', 'lb', { conn: 9, to: 's1' }))).toMatchObject({ dials: 1 });
  });

  test('a snapshot sends again what of it had gone out before, on whichever connection', () => {
    const reset = (held: number): Frame => ({
      type: 'RESET',
      stream: 1,
      reason: 'window_exceeded',
      epoch: 1,
      oldestSeq: 6,
      held,
    });
    const piece = (from: number, to: number, last = false): Frame => {
      const chunks = (CONTENTS[0] ?? []).slice(from - 1, to);
      return { type: 'SNAPSHOT', stream: 1, epoch: 1, seq: 6, chunks, last };
    };
    const run = begun();
    for (const seq of [1, 2]) run.carry(1, 'lb', 'c1', data(seq));
    run.close(1).wait(ms(5)).dial(2).open(2);
    run.carry(2, 'lb', 'c1', reset(0)).carry(2, 'lb', 'c1', piece(1, 3)).carry(2, 'lb', 'c1', piece(4, 5));
    expect(figuresOf(run)).toMatchObject({ bytesSent: 700, bytesResent: 200, resentPermille: 500 });
    // Of five, the client holds three.
    run.close(2).wait(ms(5)).dial(3).open(3);
    run.carry(3, 'lb', 'c1', reset(3)).carry(3, 'lb', 'c1', piece(4, 6, true));
    expect(figuresOf(run)).toMatchObject({ bytesSent: 1000, bytesResent: 400, resentPermille: 500 });
  });

  test('bytes under way are held, by one connection and by all together, until they arrive or are lost', () => {
    const run = begun().dial(7).send(1, 'c1', data(1), 300).send(7, 'c1', data(1), 200);
    expect(figuresOf(run)).toMatchObject({ peakBufferBytes: 300, peakTogetherBytes: 500 });
    run
      .next()
      .say('lost', 'c1-lb', { to: 'lb', conn: 1, payload: data(1), bytes: 300, why: 'cut' })
      .send(7, 'c1', data(1), 50);
    expect(figuresOf(run)).toMatchObject({ peakBufferBytes: 300, peakTogetherBytes: 500 });
  });

  test('the series shows the peak of each step, and what is held through the quiet ones', () => {
    const run = written().dial(1).send(1, 'c1', data(1), 300).wait(seconds(1)).carry(1, 'c1', 'lb', data(1), 20);
    expect(figuresOf(run.wait(ms(500)).rest()).buffers).toEqual([300, 300, 300, 300, 320, 300, 300]);
  });

  test('steps of the series cover time without a gap, and each instant lies in its own', () => {
    for (let step = 0; step < 400; step++) {
      expect(stepOf(stepBegins(step))).toBe(step);
      expect(stepOf(stepBegins(step + 1) - 1)).toBe(step);
    }
    expect(stepBegins(1)).toBe(250_000);
    expect(stepBegins(32)).toBe(8_000_000);
    expect(stepBegins(33)).toBe(8_500_000);
  });
});

describe('streams', () => {
  test('with a chunk that is not the one produced are complete and not intact', () => {
    const run = honest();
    const received = run.entries.findIndex((entry) => entry.kind === 'received' && entry.seq === 5);
    const entry = run.entries[received];
    if (entry?.kind !== 'received') throw new Error('no chunk 5');
    run.entries[received] = { ...entry, chunk: { ...entry.chunk, sum: entry.chunk.sum + 1 } };
    expect(figuresOf(run)).toMatchObject({ streamsOwed: 1, streamsCompleted: 1, streamsIntact: 0 });
  });

  test('with a gap, or a chunk of another epoch, are complete and not intact', () => {
    const broken = { streamsOwed: 1, streamsCompleted: 1, streamsIntact: 0 };
    const run = honest();
    const entries = run.entries.filter((entry) => entry.kind !== 'received' || entry.seq !== 3);
    expect(figuresOf({ ...run, entries })).toMatchObject(broken);
    const mixed = run.entries.map((entry) =>
      entry.kind === 'received' && entry.seq > 3 ? { ...entry, epoch: 2 } : entry,
    );
    expect(figuresOf({ ...run, entries: mixed })).toMatchObject(broken);
  });

  /** An answer whose first chunk is missing. */
  const begunWrong = (): Written => written().settle('k1', 'done', 1).dial(1).receive(2);
  const replaced = (run: Written, chunks: readonly Chunk[]): Written =>
    run.next().say('replaced', 'c1', { conn: 1, stream: 1, epoch: 2, seq: chunks.length, chunks });

  test('that are replaced are what they were replaced by', () => {
    const whole = CONTENTS[0] ?? [];
    const intact = figuresOf(replaced(begunWrong(), whole));
    expect(intact).toMatchObject({ streamsOwed: 1, streamsCompleted: 1, streamsIntact: 1 });
    const wrong = figuresOf(replaced(begunWrong(), [...whole.slice(1), chunk(6)]));
    expect(wrong).toMatchObject({ streamsOwed: 1, streamsCompleted: 1, streamsIntact: 0 });
    const part = replaced(begunWrong(), whole.slice(0, 2));
    expect(figuresOf(part)).toMatchObject({ streamsOwed: 1, streamsCompleted: 0 });
    for (const seq of [3, 4, 5, 6]) part.receive(seq, { epoch: 2 });
    expect(figuresOf(part)).toMatchObject({ streamsCompleted: 1, streamsIntact: 1 });
  });

  test('of which the application is told are lost, and owed no more where it may be told so, unless they were complete', () => {
    const gone = { error: 'stream_gone', detail: 'as planned', stream: 1 } as const;
    const unfinished = written().settle('k1', 'done', 1).dial(1).receive(1).say('told', 'c1', gone);
    expect(figuresOf(unfinished, allowing('stream_gone'))).toMatchObject({ streamsLost: 1, streamsOwed: 0 });
    expect(figuresOf(unfinished)).toMatchObject({ streamsLost: 1, streamsOwed: 1, streamsCompleted: 0 });
    expect(figuresOf(honest().say('told', 'c1', gone), allowing('stream_gone'))).toMatchObject({
      streamsLost: 0,
      streamsOwed: 1,
    });
  });

  test('of an old session stay complete; the unfinished ones are lost with it, and owed no more', () => {
    const ended = (seqs: readonly number[]): Written => {
      const run = begun().settle('k1', 'done', 1).settle('k2', 'done', 2);
      for (const seq of seqs) run.receive(seq);
      return run.close(1).dial(2).open(2).welcome(2, { session: 2, generation: 1 });
    };
    const run = ended([1, 2, 3, 4, 5, 6]);
    expect(figuresOf(run)).toMatchObject({ streamsLost: 1, streamsOwed: 1, streamsCompleted: 1, streamsIntact: 1 });
    // With a gap, as broken as before.
    expect(figuresOf(ended([1, 2, 4, 5, 6]))).toMatchObject({ streamsCompleted: 1, streamsIntact: 0 });
    // The new session numbers its streams from 1 again.
    run.settle('k3', 'done', 1).receive(1, { conn: 2 });
    expect(figuresOf(run)).toMatchObject({ streamsOwed: 2, streamsCompleted: 1, streamsIntact: 1 });
  });

  test('are owed to who sent what has an answer, and complete though a busy application takes them late', () => {
    expect(figuresOf(begun().settle('k1', 'done', 0))).toMatchObject({ streamsOwed: 0 });
    const run = begun().settle('k1', 'done', 1);
    for (const seq of [1, 2, 3, 4, 5, 6]) run.receive(seq, { conn: 0 });
    expect(figuresOf(run)).toMatchObject({ streamsOwed: 1, streamsCompleted: 1, streamsIntact: 1 });
  });

  test('are owed to nobody who was told, and may be, that it is over', () => {
    const run = begun().settle('k1', 'done', 1);
    expect(figuresOf(run)).toMatchObject({ streamsOwed: 1 });
    run.tell('attempts_exhausted');
    expect(figuresOf(run, allowing('attempts_exhausted'))).toMatchObject({ streamsOwed: 0 });
    expect(figuresOf(run)).toMatchObject({ streamsOwed: 1, streamsCompleted: 0 });
  });

  test('without their end are owed and not complete', () => {
    const run = honest();
    const entries = run.entries.filter((entry) => entry.kind !== 'received' || entry.seq !== 6);
    expect(figuresOf({ ...run, entries })).toMatchObject({ streamsOwed: 1, streamsCompleted: 0 });
  });
});

describe('the rush at the servers', () => {
  /** A client dials, and a server answers, so many microseconds after the start. */
  const knocking = (
    ...times: readonly (readonly [at: number, answer: 'accepted' | 'refused' | 'turned away'])[]
  ): Written => {
    const run = begun();
    let now = 0;
    for (const [i, [at, answer]] of times.entries()) {
      const conn = 10 + i;
      run
        .wait(us(at - now))
        .say('dialled', 'c1', { conn: 100 + i, to: 'lb' })
        .say('asked', 's1', { conn });
      now = at;
      if (answer === 'refused') run.say('refused', 's1', { conn, status: 503, retryAfter: seconds(1) });
      else run.say('accepted', 's1', { conn });
      if (answer === 'turned away') run.say('hungUp', 's1', { conn, code: 1013, reason: 'unavailable' });
      else if (answer === 'accepted') run.send(conn, 's1', welcome(i, 1, false));
    }
    return run;
  };

  test('is counted: arrivals, refusals at the handshake and behind it, and admissions', () => {
    const run = knocking([0, 'accepted'], [10, 'refused'], [20, 'turned away'], [30, 'accepted']);
    // The first client was welcomed besides.
    expect(figuresOf(run)).toMatchObject({ arrivals: 4, refusals: 2, admitted: 3 });
  });

  test('has its peak in any second, a second being less than a million microseconds from the first to the last', () => {
    const times = [0, 400_000, 999_999, 1_000_000, 1_400_000, 5_000_000];
    const run = knocking(...times.map((at) => [at, 'refused'] as const));
    expect(figuresOf(run)).toMatchObject({ peakArrivals1s: 3, peakRefusals1s: 3 });
  });

  test('is set against what the servers admit together, where they have a limit', () => {
    const run = knocking([0, 'refused'], [1, 'refused'], [2, 'accepted']);
    const admits = (...rates: number[]): SessionWorld => {
      const facts = { ...FACTS, admits: rates.map((rate, i) => ({ node: `s${i + 1}`, rate, turnsAway: false })) };
      return { ...known, facts } as unknown as SessionWorld;
    };
    expect(figuresOf(run, admits(1, 1)).peakArrivalsPermille).toBe(1500);
    expect(figuresOf(run, admits()).peakArrivalsPermille).toBe(0);
  });

  test('does not take an attached connection that is sent away for a refusal', () => {
    const run = knocking([0, 'accepted']).say('hungUp', 's1', { conn: 10, code: 1013, reason: 'unavailable' });
    expect(figuresOf(run)).toMatchObject({ refusals: 0, admitted: 2 });
  });
});

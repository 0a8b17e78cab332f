/** The law of backoff: it counts retries itself, resets only when that was earned, and knows which dials are free. */
import { describe, expect, test } from 'vitest';
import { envelope } from '../../../src/backoff/envelope.ts';
import { POLICY_DEFAULTS, type Policy } from '../../../src/backoff/policy.ts';
import type { Frame } from '../../../src/session/wire/frames.ts';
import { type Duration, ms, seconds, us, ZERO } from '../../../src/time.ts';
import { backoff } from './backoff.ts';
import { chunk, data, factsWith, goaway, honest, unavailable, verdict, type Written, written } from './written.ts';

/** 1, 2, 4, 8 s … exactly, so that every count shows; at most 4 retries, within 60 s. */
const policy: Policy = {
  ...POLICY_DEFAULTS,
  delay: { kind: 'exponential', base: seconds(1), factor: { num: 2, of: 1 }, compounds: false },
  jitter: { kind: 'none' },
  retryAfterSpread: ZERO,
  attemptsMax: 4,
  elapsedMax: seconds(60),
};
const judged = (run: Written, knobs: Partial<Policy> = {}): string[] =>
  verdict(backoff, run, { facts: factsWith({ policy: { ...policy, ...knobs } }) });

const begun = (): Written => written().intent('start').connect(1);
/** A dial that fails at once, after a wait. */
const fails = (run: Written, conn: number, wait: Duration): Written => run.retry(wait).dial(conn).close(conn);

describe('an honest history holds', () => {
  test('across a lost connection', () => {
    expect(verdict(backoff, honest())).toEqual([]);
  });

  test('when waits grow through an outage, and start again after progress or enough uptime', () => {
    const run = fails(fails(begun().close(1), 2, seconds(1)), 3, seconds(2)).retry(seconds(4));
    run.connect(4, { generation: 2 }).receive(1, { conn: 4 }).close(4).retry(seconds(1));
    run.connect(5, { generation: 3 }).wait(seconds(6)).close(5).retry(seconds(1));
    expect(judged(run.connect(6, { generation: 4 }))).toEqual([]);
  });

  test('when a WELCOME without stability resets nothing', () => {
    const run = begun().close(1).retry(seconds(1)).connect(2, { generation: 2 }).wait(seconds(4)).close(2);
    expect(judged(run.retry(seconds(2)).connect(3, { generation: 3 }))).toEqual([]);
  });

  test('when uptime is exactly what the policy asks for, either count', () => {
    const run = (wait: Duration): Written =>
      begun().close(1).retry(seconds(1)).connect(2, { generation: 2 }).wait(seconds(5)).close(2).retry(wait);
    expect(judged(run(seconds(1)))).toEqual([]);
    expect(judged(run(seconds(2)))).toEqual([]);
  });

  test('when a token is fetched between the wait and the dial', () => {
    expect(judged(begun().close(1).retry(seconds(1)).wait(ms(80)).connect(2, { generation: 2 }))).toEqual([]);
  });

  test('when the network comes back and the client dials at once', () => {
    const run = begun().close(1).intent('offline').wait(seconds(9)).intent('online').dial(2).close(2);
    expect(judged(run.retry(seconds(1), false).wait(ms(10)).intent('online').dial(3))).toEqual([]);
  });

  test('when a draining server is left for another one', () => {
    const run = begun().hear(1, goaway).wait(ms(300)).connect(2, { generation: 2 }).hangUp(1, 1000).close(2);
    expect(judged(run.retry(seconds(1)).dial(3))).toEqual([]);
  });

  test('when the second socket of a handover fails and is tried again by the policy', () => {
    const run = fails(begun().hear(1, goaway).dial(2).close(2), 3, seconds(1)).retry(seconds(2));
    expect(judged(run.connect(4, { generation: 2 }))).toEqual([]);
  });

  test('when the server asks for more time than the policy would take', () => {
    const run = begun()
      .hear(1, unavailable(seconds(7)))
      .close(1, 1013)
      .retry(seconds(7));
    expect(judged(run.dial(2).close(2).retry(seconds(2)))).toEqual([]);
  });

  test('when the hint of a connection is forgotten because another one was lost', () => {
    const run = begun()
      .hear(1, goaway)
      .dial(2)
      .hear(2, unavailable(seconds(7)));
    expect(judged(run.close(1).close(2).retry(seconds(7)).dial(3))).toEqual([]);
  });

  test('when a foreign client shows no timers but keeps to the delays', () => {
    expect(judged(begun().close(1).wait(seconds(1)).dial(2).close(2).wait(seconds(2)).dial(3))).toEqual([]);
  });

  test('when attempts or time are really used up', () => {
    const outage = fails(fails(begun().close(1), 2, seconds(1)), 3, seconds(2));
    const exhausted = fails(fails(outage, 4, seconds(4)), 5, seconds(8));
    expect(judged(exhausted.tell('attempts_exhausted'))).toEqual([]);
    const late = begun().close(1).retry(seconds(1)).dial(2).wait(seconds(58)).close(2);
    expect(judged(late.tell('elapsed_exhausted'))).toEqual([]);
  });
});

describe('a second connection that was sought in vain', () => {
  const vain = (): Written =>
    begun().receive(1).hear(1, goaway).dial(2).close(2).wait(seconds(59)).receive(2).wait(ms(500));

  test('leaves all attempts and all time to the outage that begins when the first is lost', () => {
    expect(judged(vain().close(1).retry(seconds(1)).dial(3))).toEqual([]);
    expect(judged(vain().close(1).tell('elapsed_exhausted'))[0]).toContain('gave up with elapsed_exhausted 0 s into');
    expect(judged(vain().close(1).tell('attempts_exhausted'))[0]).toContain('after 0 retries');
  });

  test('counts for the outage while it is still sought', () => {
    const sought = begun().receive(1).hear(1, goaway).dial(2).close(2).retry(seconds(1), false).close(1);
    expect(judged(sought.wait(seconds(1)).dial(3).close(3).retry(seconds(2)))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a wait outside the envelope, short or long', () => {
    expect(judged(begun().close(1).retry(ms(999)))).toEqual([
      "c1 waits 999 ms for retry 1 of this outage, outside the policy's 1 s to 1 s.",
    ]);
    expect(judged(begun().close(1).retry(ms(1001)))[0]).toContain('waits 1.001 s');
  });

  test('a counter that does not grow', () => {
    expect(judged(fails(begun().close(1), 2, seconds(1)).retry(seconds(1)))[0]).toBe(
      "c1 waits 1 s for retry 2 of this outage, outside the policy's 1.999999 s to 2 s.",
    );
  });

  test('a counter that is reset by WELCOME alone', () => {
    const run = begun().close(1).retry(seconds(1)).connect(2, { generation: 2 }).close(2).retry(seconds(1));
    expect(judged(run)[0]).toContain('for retry 2 of this outage');
  });

  test('a counter that is reset by a connection twice', () => {
    const run = begun().carry(1, 's1', 'c1', data(1)).receive(1).hear(1, goaway).dial(2).close(2);
    expect(judged(fails(run, 3, seconds(1)).retry(seconds(1)))[0]).toContain('for retry 2 of this outage');
  });

  test('a counter that is not reset after progress', () => {
    const run = begun().close(1).retry(seconds(1)).connect(2, { generation: 2 }).receive(1, { conn: 2 }).close(2);
    expect(judged(run.retry(seconds(2)))[0]).toContain('for retry 1 of this outage');
  });

  test('a counter that is not reset after a piece of a snapshot', () => {
    const piece: Frame = { type: 'SNAPSHOT', stream: 1, epoch: 1, seq: 6, chunks: [chunk(1)], last: false };
    const run = (wait: Duration): Written =>
      begun().close(1).retry(seconds(1)).connect(2, { generation: 2 }).hear(2, piece).close(2).retry(wait);
    expect(judged(run(seconds(1)))).toEqual([]);
    expect(judged(run(seconds(2)))[0]).toContain('for retry 1 of this outage');
  });

  test("a server's retry-after that is not honoured", () => {
    expect(
      judged(
        begun()
          .hear(1, unavailable(seconds(7)))
          .close(1, 1013)
          .retry(seconds(1)),
      ),
    ).toEqual(["c1 waits 1 s for retry 1 of this outage, outside the policy's 7 s to 7 s (the server asked for 7 s)."]);
  });

  test('a dial before the end of the wait', () => {
    const run = begun().close(1).retry(seconds(1), false).wait(ms(400)).dial(2);
    expect(judged(run)).toEqual(['c1 dialled 600 ms before the end of its wait.']);
  });

  test('a dial without any wait, or without any failure', () => {
    expect(judged(begun().close(1).dial(2))).toEqual([
      "c1 dialled after 0 s for retry 1 of this outage, outside the policy's 1 s to 1 s.",
    ]);
    expect(judged(begun().dial(2))).toEqual(['c1 dialled connection #2 although nothing had failed.']);
  });

  test('a second socket of a handover that is hammered', () => {
    expect(judged(begun().hear(1, goaway).dial(2).close(2).dial(3))[0]).toContain('dialled after 0 s for retry 1');
  });

  test('more retries than the policy permits, and later ones', () => {
    const outage = fails(fails(begun().close(1), 2, seconds(1)), 3, seconds(2));
    const exhausted = fails(fails(outage, 4, seconds(4)), 5, seconds(8)).retry(seconds(16));
    expect(judged(exhausted)).toEqual(['c1 waits 16 s for retry 5 of this outage, but its policy permits 4.']);
    const late = begun().close(1).retry(seconds(1)).dial(2).wait(seconds(58)).close(2).retry(seconds(2));
    expect(judged(late)).toEqual([
      'c1 waits 2 s, to dial 1 min 1 s after the outage began; its policy gives up after 1 min.',
    ]);
  });

  test('a client that gives up too early', () => {
    expect(judged(begun().close(1).tell('attempts_exhausted'))).toEqual([
      'c1 gave up with attempts_exhausted after 0 retries, but its policy permits 4.',
    ]);
    expect(judged(begun().close(1).tell('attempts_exhausted'), { attemptsMax: null })[0]).toContain('any number');
    expect(judged(begun().close(1).tell('elapsed_exhausted'))).toEqual([
      'c1 gave up with elapsed_exhausted 10 ms into the outage, when its next dial would come 1.01 s into it at the latest; its policy gives up after 1 min.',
    ]);
  });
});

test('a wait anywhere in a jittered envelope holds, and one beyond either end is caught', () => {
  const knobs: Partial<Policy> = { jitter: { kind: 'equal' } };
  const { least, most } = envelope({ ...policy, ...knobs }, 0, ZERO);
  for (const wait of [least, us((least + most) / 2), most]) {
    expect(judged(begun().close(1).retry(wait), knobs)).toEqual([]);
  }
  for (const wait of [least - 1, most + 1]) expect(judged(begun().close(1).retry(us(wait)), knobs)).toHaveLength(1);
});

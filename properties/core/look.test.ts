/** A law that looks at instants of its own choice: it sees all that happened by then, and may end the run there. */
import { describe, expect, test } from 'vitest';
import { open, run } from '../../sim/core/run.ts';
import type { RunError } from '../../sim/core/run-error.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { server } from '../../src/session/server/server.ts';
import { at, type Instant } from '../../src/time.ts';
import { type Law, law } from '../laws/law.ts';

const text = scenarioNamed('midstream/text') as SessionScenario;

/** Looks every so many microseconds, and notes each look with the last thing that happened before. */
function looker(every: number, seen: [look: number, last: number][], more: Partial<Law> = {}): Law {
  return {
    ...law<{ last: number }>({
      name: 'looker',
      states: 'it looks',
      remember: () => ({ last: 0 }),
      on: {
        delivered(memory, entry) {
          memory.last = entry.at;
        },
      },
      look(memory, _breach, now) {
        seen.push([now, memory.last]);
        return at(now + every);
      },
    }),
    ...more,
  };
}

describe('a law that looks', () => {
  test('is called at each instant that it asked for, when all of that has happened and nothing behind it', () => {
    const seen: [number, number][] = [];
    const delivered: number[] = [];
    const outcome = run(text, 3, {
      laws: [looker(100_000, seen)],
      witness: (entry) => entry.kind === 'delivered' && delivered.push(entry.at),
    });
    expect(seen.map(([look]) => look)).toEqual(
      Array.from({ length: Math.ceil(outcome.ended / 100_000) }, (_, i) => i * 100_000),
    );
    for (const [look, last] of seen) expect(last).toBe(delivered.findLast((each) => each <= look) ?? 0);
  });

  test('changes nothing of the run', () => {
    const { digest, events } = run(text, 3);
    expect(run(text, 3, { laws: [looker(1_000, [])] })).toMatchObject({ digest, events, verdict: 'holds' });
  });

  test('says when next, or the run throws and blames it', () => {
    const stuck = looker(0, []);
    expect(() => run(text, 3, { laws: [stuck] })).toThrow(/`look`: expected an instant later than 0, got 0/);
    try {
      run(text, 3, { laws: [stuck] });
    } catch (error) {
      expect((error as RunError).culprit).toBe(stuck);
    }
  });

  test('dates a breach at the instant of the look, and ends the run there only if it says so', () => {
    const look = (_memory: unknown, breach: (message: string) => void, now: Instant): Instant => {
      if (now >= 2_000_000) breach('by now');
      return at(now + 2_000_000);
    };
    const goesOn = run(text, 3, { laws: [looker(1, [], { look })] });
    expect(goesOn.breaches).toMatchObject([{ at: 2_000_000, message: 'by now' }]);
    expect(goesOn).toMatchObject({ endedEarly: false, digest: run(text, 3).digest });
    const ends = run(text, 3, { laws: [looker(1, [], { look, endsRun: true })] });
    expect(ends).toMatchObject({ endedEarly: true, verdict: 'broken', exceeded: null, breaches: goesOn.breaches });
    expect(ends.events).toBeLessThanOrEqual((goesOn.breaches[0]?.event ?? 0) + 1);
  });
});

test('a stream that hangs ends the run at the bound of its completion, alike in every mode, stepped or not', () => {
  const { step } = server;
  const open_ = server as { step: typeof server.step };
  // A server that hears no ACK any more: credit runs out.
  open_.step = (state, event, context) =>
    event.type === 'frame' && event.payload.type === 'ACK' && context.now > 3_000_000
      ? []
      : step(state, event, context);
  try {
    const large = scenarioNamed('midstream/large') as SessionScenario;
    const outcome = run(large, 3);
    expect(outcome).toMatchObject({ verdict: 'broken', endedEarly: true });
    expect(outcome.breaches.find(({ law }) => law === 'completion')?.message).toMatch(
      /^c1 is still owed stream 1 \(stream 1 stands at chunk \d+ of \d+: chunks \d+ to \d+ are durable, the last since [\d.]+ s; s\d serves it on connection lb#\d, has sent up to chunk \d+, and has credit/,
    );
    expect(outcome.ended).toBeLessThan(300_000_000);
    const opened = open(large, 3, { mode: 'recorded' });
    while (opened.step() !== null);
    expect(opened.finish()).toEqual(outcome);
  } finally {
    open_.step = step;
  }
});

import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { sweep } from '../../sim/explore/sweep.ts';
import { cover, emptyCoverage, mergeCoverage } from '../../sim/search/coverage.ts';
import { magnitude } from '../../sim/search/trace.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { type Instant, seconds } from '../../src/time.ts';

const text = scenarioNamed('midstream/text') as SessionScenario;
const asked = { observed: { observed: { coverage: true, traces: false, objective: null } } };
const coverageIn = async (portion: number) => {
  const { tallies } = await sweep({ scenarios: [text], seeds: 12, jobs: 1, portion }, [], asked);
  return tallies[0]?.tally.coverage;
};

describe('coverage', () => {
  test('is the same whatever the portions, and nothing where nobody asked', async () => {
    const whole = await coverageIn(12);
    expect(whole?.runs).toBe(12);
    expect(await coverageIn(5)).toEqual(whole);
    const { tallies } = await sweep({ scenarios: [text], seeds: 1, jobs: 1 });
    expect(tallies[0]?.tally).not.toHaveProperty('coverage');
  });

  test('changes no run', () => {
    const watched = run(text, '7', { observe: (of) => cover(emptyCoverage(), of) });
    expect(watched.digest).toBe(run(text, '7').digest);
    expect(watched.figures).toEqual(run(text, '7').figures);
  });

  test('counts what happens in the phase that it finds, and not in the one that it leads to', () => {
    const coverage = emptyCoverage();
    for (let seed = 1; seed <= 20; seed++) run(text, seed, { observe: (of) => cover(coverage, of) });
    const phasesOf = (what: string): readonly string[] =>
      Object.keys(coverage.events).filter((phase) => coverage.events[phase]?.[what] !== undefined);
    expect(phasesOf('opened').filter((phase) => phase.startsWith('client'))).toEqual(['client dialling']);
    expect(phasesOf('intent start')).toEqual(['client idle']);
    expect(phasesOf('timerFired retry')).toEqual(['client waiting']);
    for (const phase of phasesOf('delivered WELCOME'))
      expect(['balancer up', 'client handshaking', 'client handing-over']).toContain(phase);
  });

  test('knows in which phase of its client a fault began, and nothing of the others', () => {
    const coverage = emptyCoverage();
    const plan = [{ kind: 'reset', target: 'c1-lb', at: seconds(2) as number as Instant }];
    run(text, '1', { plan, observe: (of) => cover(coverage, of) });
    expect(Object.keys(coverage.faults)).toEqual(['reset']);
    expect(Object.keys(coverage.faults.reset ?? {}).filter((phase) => phase.startsWith('client'))).toEqual([
      'client live',
    ]);
  });

  test('adds up: two parts are their whole, in any order', () => {
    const of = (seeds: readonly number[]) => {
      const coverage = emptyCoverage();
      for (const seed of seeds) run(text, seed, { observe: (each) => cover(coverage, each) });
      return coverage;
    };
    const merged = of([3, 4]);
    mergeCoverage(merged, of([1, 2]));
    expect(merged).toEqual(of([1, 2, 3, 4]));
  });
});

test('orders of magnitude grow with numbers, two to a doubling', () => {
  const of = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 1e15].map(magnitude);
  expect(of).toEqual([0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, expect.any(Number)]);
  expect(magnitude(1e15)).toBeGreaterThan(magnitude(4e14));
});

/** Worker processes that die: the run is named, the others are counted, and nothing is tried for ever. */
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { isHopeless, type Survival, survive, type WorkerDeath } from '../../sim/explore/crash.ts';
import { Crew, NoWorkers } from '../../sim/explore/crew.ts';
import type { Shared } from '../../sim/explore/portion.ts';
import { emptyTally, type Tally } from '../../sim/explore/tally.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { sweep } from '../../sim/sweep.ts';

const MORTAL = fileURLToPath(new URL('../crew/mortal.mjs', import.meta.url));
const scenario = scenarioNamed('midstream/text') as SessionScenario;
const SHARED: Shared = { overrides: {}, targets: true };

/** What a worker says of so many runs that hold. */
const tallyOf = (runs: number): Tally => ({
  ...emptyTally(),
  runs,
  digests: Array.from({ length: runs }, () => 'held'),
});

const crews: Crew[] = [];
afterEach(() => {
  for (const crew of crews.splice(0)) crew.end();
});

/** A crew of which the seeds die in these ways, and what is seen of a portion of it. */
async function portionOf(
  ways: Readonly<Record<number | 'start', string>> | object,
  seeds: number,
  goesOn = () => true,
) {
  const shared = { ...SHARED, ways, tallyOf: Array.from({ length: seeds + 1 }, (_, runs) => tallyOf(runs)) };
  const crew = new Crew(1, shared, [], 1, MORTAL, Object.values(ways).includes('loop') ? 1200 : undefined);
  crews.push(crew);
  const deaths: WorkerDeath[] = [];
  const survival: Survival = { crashes: 0, others: 0 };
  const watch = { survival, goesOn, died: (death: WorkerDeath) => void deaths.push(death) };
  const tally = await survive(crew, scenario, { from: 1, seeds }, SHARED, watch);
  return { tally, deaths, survival };
}

describe('a run that ends its worker process', () => {
  test.each([
    ['exit', 'exit code 7'],
    ['kill', 'signal SIGKILL'],
  ])('by %s twice is crashed, in its place among the others, and is named', async (way, reason) => {
    const { tally, deaths, survival } = await portionOf({ 5: way }, 12);
    expect(tally.digests).toEqual([...Array(4).fill('held'), 'crashed', ...Array(7).fill('held')]);
    expect([tally.runs, tally.crashedRuns]).toEqual([12, 1]);
    expect(tally.bad).toMatchObject([
      { seed: '5', verdict: 'crashed', ended: { message: expect.stringContaining(reason) } },
    ]);
    expect(deaths).toEqual([{ scenario: 'midstream/text', seed: '5', reason, again: true }]);
    expect(survival).toEqual({ crashes: 1, others: 11 });
  });

  test('and ends the fresh one that makes it alone, too, has a neighbour that may do the same', async () => {
    const { tally } = await portionOf({ 1: 'exit', 2: 'kill', 4: 'exit' }, 4);
    expect(tally.digests).toEqual(['crashed', 'crashed', 'held', 'crashed']);
  });

  test('but holds in a fresh one, holds: an accident is told and no verdict', async () => {
    const { tally, deaths } = await portionOf({ 3: 'accident' }, 6);
    expect(tally.digests).toEqual(Array(6).fill('held'));
    expect(tally.crashedRuns).toBe(0);
    expect(deaths).toEqual([{ scenario: 'midstream/text', seed: '3', reason: 'signal SIGKILL', again: false }]);
  });

  test('or never comes to an end is ended, and says so', async () => {
    const { tally } = await portionOf({ 2: 'loop' }, 3);
    expect(tally.digests).toEqual(['held', 'crashed', 'held']);
    expect(tally.bad).toMatchObject([
      { seed: '2', ended: { message: expect.stringContaining('no end of it within 1.2 s') } },
    ]);
  });

  test('for want of memory says so', async () => {
    process.env.NODE_OPTIONS = '--max-old-space-size=24';
    try {
      const { tally } = await portionOf({ 2: 'memory' }, 3);
      expect(tally.digests).toEqual(['held', 'crashed', 'held']);
      expect(tally.bad[0]?.ended?.message).toBe('its worker process ended in it, twice: out of memory');
    } finally {
      delete process.env.NODE_OPTIONS;
    }
  });
});

describe('a machine on which nothing can be run', () => {
  test('is not tried for ever: whoever asks is told when enough has been seen', async () => {
    const survival: Survival = { crashes: 5, others: 5 };
    expect(isHopeless(survival)).toBe(true);
    expect(isHopeless({ crashes: 5, others: 6 })).toBe(false);
    expect(isHopeless({ crashes: 4, others: 0 })).toBe(false);
    const { tally } = await portionOf({ 1: 'exit', 2: 'exit', 3: 'exit' }, 9, () => false);
    expect(tally.runs).toBe(0);
  });

  test('is one on which no process becomes ready', () =>
    expect(portionOf({ start: 'exit' }, 3)).rejects.toThrow(NoWorkers));
});

describe('a sweep', () => {
  test('refuses two scenarios of one name: results would be told apart by nothing', () =>
    expect(sweep({ scenarios: [scenario, { ...scenario }], seeds: 1, jobs: 1 })).rejects.toThrow(
      'midstream/text: expected scenarios of different names, got two of this one',
    ));

  test('refuses a changed copy of a catalogue scenario where workers would run the original', () =>
    expect(sweep({ scenarios: [{ ...scenario, plan: () => [] }], seeds: 1, jobs: 2 })).rejects.toThrow(
      /^scenario midstream\/text: worker processes would take another scenario of that name .* with jobs: 1$/,
    ));
});

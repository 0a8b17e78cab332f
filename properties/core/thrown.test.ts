/** Code inside a run that throws: the run is named with its event, the seed is kept, and the sweep goes on. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, unkeptBy } from '../../sim/cli/exit-code.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import { RunError } from '../../sim/core/run-error.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import { lawsOf, problemsOf } from '../../sim/explore/problems.ts';
import { readFailure } from '../../sim/explore/read-failure.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { sweep } from '../../sim/sweep.ts';
import type { Law } from '../laws/law.ts';
import { LAWS } from '../laws/session/all.ts';

const base = scenarioNamed('midstream/text') as SessionScenario;
const boom = (): object => {
  throw new Error('boom');
};

/** What a run throws. */
function thrownBy(scenario: SessionScenario, options: RunOptions = {}): RunError {
  try {
    run(scenario, 'k7f3', options);
  } catch (error) {
    if (error instanceof RunError) return error;
  }
  throw new Error('it came to its end');
}

/** What of a scenario throws, and what is said of it. */
const SCENARIOS: readonly (readonly [string, object, string | RegExp])[] = [
  ['plan', { plan: boom }, 'mine/throws@k7f3 before the first event, in its plan: boom'],
  ['world', { world: boom }, 'mine/throws@k7f3 before the first event, in its world: boom'],
  [
    'claim',
    { sometimes: [{ name: 'lucky', states: 'x', remember: () => 0, on: { received: boom } }] },
    /^mine\/throws@k7f3 at event \d+ \([\d.]+ s\), in claim `lucky`: boom$/,
  ],
  [
    'claim from the start',
    { sometimes: [{ name: 'lucky', states: 'x', remember: boom, on: {} }] },
    'mine/throws@k7f3 before the first event, in claim `lucky`: boom',
  ],
];

describe('a run whose', () => {
  test.each(SCENARIOS)('%s throws names scenario, seed, event and place', (_, part, message) => {
    const error = thrownBy({ ...base, name: 'mine/throws', ...(part as Partial<SessionScenario>) });
    expect(error.message).toMatch(message);
    expect((error.cause as Error).message).toBe('boom');
  });

  test.each([
    ['fold', { on: { received: boom } }, /^midstream\/text@k7f3 at event \d+ \([\d.]+ s\), in law `mine`: boom$/],
    ['memory', { remember: boom }, 'midstream/text@k7f3 before the first event, in law `mine`: boom'],
    ['end', { end: boom }, /^midstream\/text@k7f3 at event \d+ \([\d.]+ s\), in law `mine`: boom$/],
  ])('law throws in its %s names the law', (_, part, message) => {
    const mine: Law = { name: 'mine', states: 'x', remember: () => 0, on: {}, ...(part as Partial<Law>) };
    // Whichever of several laws it is.
    expect(thrownBy(base, { laws: [...LAWS, mine] }).message).toMatch(message);
  });

  test.each([
    [
      'fold',
      { on: { received: async () => boom() } },
      /^midstream\/text@k7f3 at event \d+ \([\d.]+ s\), in law `mine`: /,
    ],
    ['fold of one type of frame', { on: { 'sent WELCOME': async () => boom() } }, /in law `mine`: /],
    ['memory', { remember: async () => boom() }, /before the first event, in law `mine`: /],
    ['end', { end: async () => boom() }, /in law `mine`: /],
    ['fold, and fulfils it', { on: { received: async () => {} } }, /in law `mine`: /],
  ])('law returns a promise from its %s has thrown, and the promise ends no process', async (_, part, place) => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const mine = { name: 'mine', states: 'x', remember: () => 0, on: {}, ...part } as unknown as Law;
    const { message } = thrownBy(base, { laws: [...LAWS, mine] });
    expect(message).toMatch(place);
    expect(message).toContain('expected a function that returns at once, got a promise (is it async?)');
    await new Promise((resolve) => setTimeout(resolve, 0));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('plan or world is a promise has thrown in the same way', () => {
    for (const part of [{ plan: async () => boom() }, { world: async () => boom() }])
      expect(thrownBy({ ...base, ...(part as unknown as Partial<SessionScenario>) }).message).toContain(
        'got a promise',
      );
  });

  test('machine throws blames nobody else, and what is no error is told as well', () => {
    const broken: SessionScenario = {
      ...base,
      world: (setting) => ({ ...base.world(setting), stories: null as never }),
    };
    expect(thrownBy(broken).where).toBe(null);
    const odd: SessionScenario = {
      ...base,
      plan: () => {
        throw Object.create(null);
      },
    };
    expect(thrownBy(odd).message).toBe(
      'midstream/text@k7f3 before the first event, in its plan: something without a text',
    );
  });
});

describe('a sweep of a scenario that throws on some seeds', () => {
  const plan: SessionScenario['plan'] = (setting, world) => {
    if (setting.dice.between('x', 0, 9) === 7) boom();
    return base.plan(setting, world);
  };
  const mine: SessionScenario = { ...base, name: 'mine/throws', plan };
  const swept = sweep({ scenarios: [mine, base], seeds: 30, jobs: 1, portion: 7 });

  test('goes on with the others, counts them all, and keeps the seeds', async () => {
    const { tallies, stopped } = await swept;
    expect(stopped).toBe(null);
    const [thrown, other] = tallies.map(({ tally }) => tally);
    expect([thrown?.runs, other?.runs]).toEqual([30, 30]);
    expect(thrown?.threwRuns).toBeGreaterThan(0);
    expect(thrown?.digests.filter((digest) => digest === 'threw')).toHaveLength(thrown?.threwRuns as number);
    for (const bad of thrown?.bad ?? []) {
      expect(() => run(mine, bad.seed)).toThrow(`mine/throws@${bad.seed} ${bad.ended?.message}`);
      expect(bad.ended?.stack).toContain('Error: boom');
      expect(lawsOf(bad)).toEqual(['threw']);
    }
    expect(other?.threwRuns).toBe(0);
  });

  test('writes a failure file for the first of them, where it was told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hangup-thrown-'));
    await sweep({ scenarios: [mine], seeds: 30, jobs: 1, portion: 7, failures: folder });
    const [name = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(readFailure(join(folder, name), () => SESSION_FAULTS)).toMatchObject({
      ...{ scenario: 'mine/throws', plan: null },
      ended: { verdict: 'threw', message: 'before the first event, in its plan: boom', ours: false },
    });
    rmSync(folder, { recursive: true });
  });

  test('ends with 4, and with 70 when the code that threw is ours', async () => {
    const result = await swept;
    expect(exitCodeOf(result, unkeptBy(result), { strict: false })).toBe(4);
    const ours = result.tallies.map((each) => ({
      ...each,
      tally: { ...each.tally, bad: each.tally.bad.map((bad) => ({ ...bad, ended: { ...bad.ended!, ours: true } })) },
    }));
    expect(exitCodeOf({ ...result, tallies: ours }, unkeptBy(result), { strict: false })).toBe(70);
  });

  test('confirms the first of them by the same exception, or says that nobody ran it again', async () => {
    const result = await swept;
    const again = (scenario: Scenario, { seed }: { readonly seed: string }) =>
      sweep({ scenarios: [scenario], seeds: 1, from: Number.parseInt(seed, 36), jobs: 1 }).then(
        ({ tallies }) => tallies[0]!.tally,
      );
    const origin = { input: null, schema: null, network: null, policy: null, faults: null, cell: null };
    const [problem, ...others] = await problemsOf(result, again, origin);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      law: 'threw',
      confirmed: true,
      message: 'before the first event, in its plan: boom',
    });
    expect(await problemsOf(result, async () => null, origin)).toMatchObject([{ confirmed: null }]);
  });
});

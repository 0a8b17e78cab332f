import { describe, expect, it } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';
import { type Bug, bug } from './bug.ts';
import { BUGS } from './bugs/all.ts';
import { type Found, find } from './find.ts';
import { readKept } from './kept.ts';
import { optionsOf } from './options.ts';
import { planted } from './plant.ts';
import { neverActed, type Row, tableOf } from './table.ts';

const kept = readKept();
const named = (name: string): Bug => BUGS.find((each) => each.name === name) as Bug;

/** One of every role, each of which acts in most runs in which servers are replaced. */
const sample = [
  'heartbeats-add-up',
  'zombie-owner',
  'batch-in-reverse',
  'takes-over-from-the-beginning',
  'clocks-must-agree',
  'close-codes-swallowed',
].map(named);
const rolling = SCENARIOS.filter(({ name }) => name === 'restart/rolling');
const [shipped] = rolling as [SessionScenario];
const SEEDS = 20;

/** The first seed on which a bug changes something. */
function actsOn(scenario: SessionScenario): number {
  for (let seed = 1; seed <= SEEDS; seed++)
    if (run(scenario, seed).digest !== run(shipped, seed, { laws: [] }).digest) return seed;
  return 0;
}

describe('the list of planted bugs', () => {
  it('has each name once, in words with dashes', () => {
    const names = BUGS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('names at least one public thread for each, and says what it does in one sentence', () => {
    const thread = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+(#\d+|@[0-9a-f]{7,40})$/;
    for (const { name, threads, does } of BUGS) {
      expect(threads.length, name).toBeGreaterThan(0);
      for (const each of threads) expect(each, name).toMatch(thread);
      expect(does, name).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('holds sixty at least, of every role that a machine plays', () => {
    expect(BUGS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(BUGS.map(({ role }) => role)).size).toBe(6);
  });

  it('knows every bug that was found before', () => {
    expect(Object.keys(kept).filter((name) => named(name) === undefined)).toEqual([]);
  });
});

describe('a planted bug', () => {
  it('changes a run, the same one recorded as in place, and says nothing that a machine may not say', () => {
    for (const each of sample) {
      const [scenario] = planted(each, rolling) as [SessionScenario];
      const seed = actsOn(scenario);
      expect(seed, `${each.name} in ${SEEDS} seeds`).toBeGreaterThan(0);
      // What is not tested is looked at: a word that is wrong ends the run.
      const looked = { ...scenario, protocol: { ...scenario.protocol, tested: new Set<never>() } };
      looked.protocol.cast = (world) => each.plant(session.cast(world));
      const { digest } = run(looked, seed, { mode: 'recorded' });
      expect(digest, each.name).toBe(run(scenario, seed).digest);
    }
  });

  it('that never acts is refused by its name', () => {
    const idle = bug('client', 'does-nothing', 'nobody/nothing#1', 'It does nothing.', {
      around: ({ step }) => step(),
    });
    const found = find(idle, { strategy: 'random', from: 1, tries: 3 }, rolling);
    expect(found).toMatchObject({ finding: null, acted: 0 });
    const rows: readonly Row[] = [{ bug: idle, searches: { random: [found] } }];
    expect(neverActed(rows)).toEqual([`does-nothing: never acted in ${found.runs} runs`]);
    expect(neverActed([{ bug: idle, searches: { random: [{ ...found, acted: 1 }] } }])).toEqual([]);
  });
});

describe('the table', () => {
  const finding = { scenario: 's', seed: '3', number: null, law: 'prefix', message: '' };
  const hit = (tries: number): Found => ({ finding, tries, runs: tries * 10, acted: 2 });
  const miss: Found = { finding: null, tries: 9, runs: 90, acted: 0 };
  const only = (random: readonly Found[]): string =>
    tableOf([{ bug: named('no-jitter'), searches: { random } }], ['random']).split('\n')[2] as string;

  it('shows the law, the median of the tries, and once in how many runs a bug is seen and acts', () => {
    expect(only([hit(2), hit(7), hit(3)]).split(/ {2,}/)).toEqual(['no-jitter', 'client', 'prefix', '3', '40', '20']);
  });

  it('says of what was not found how long it was looked for', () => {
    expect(only([miss]).split(/ {2,}/)).toEqual(['no-jitter', 'client', '-', '>9', '-', '-']);
  });
});

describe('the options', () => {
  it('are a pattern, ways of looking, and how long', () => {
    expect(optionsOf(['^store', '--strategy', 'random', '--seeds', '7', '--jobs', '1'])).toMatchObject({
      pattern: /^store/,
      strategies: ['random'],
      seeds: 7,
      jobs: 1,
      what: 'all',
    });
  });

  it('are refused in one line that says what is expected', () => {
    expect(() => optionsOf(['('])).toThrow('expected a pattern of names as a regular expression, got "("');
    expect(() => optionsOf(['--seeds', 'many'])).toThrow(
      '--seeds: expected a whole number from 1 to 999999, got "many"',
    );
    expect(() => optionsOf(['--strategy', 'luck'])).toThrow('--strategy: expected some of random, swarm, exhaustive');
    expect(() => optionsOf(['a', 'b'])).toThrow('expected one pattern of names, got a b');
  });
});

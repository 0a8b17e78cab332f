/** One test over the seeds of a scenario: it resolves when all that the scenario promises was kept, and rejects with one message when not. */
import { CATALOGUE } from '../catalogue.ts';
import { reasonOf } from '../cli/errors.ts';
import { VERSION } from '../cli/version.ts';
import { mustBeScenario } from '../core/definition.ts';
import { homeOf } from '../core/home.ts';
import { areOwn, overridesIn } from '../core/overrides.ts';
import { run } from '../core/run.ts';
import { lawsOf, type Scenario } from '../core/scenario.ts';
import { seedNumber } from '../core/seeds.ts';
import { shrink } from '../explain/shrink.ts';
import { shellWord, writtenAs } from '../explore/command-line.ts';
import { documentOf } from '../explore/document.ts';
import { saveFailure } from '../explore/failure.ts';
import { Failures } from '../explore/failures.ts';
import { configFiles } from '../explore/kept-run.ts';
import { badRuns } from '../explore/measures.ts';
import { optionsOf, runSeeds, type Shared } from '../explore/portion.ts';
import { type Problem, problemsOf } from '../explore/problems.ts';
import { promisedIn } from '../explore/promised.ts';
import { type SecondRuns, secondRuns } from '../explore/second-runs.ts';
import { Sources } from '../explore/source.ts';
import { type Sweep, sweep } from '../explore/sweep.ts';
import { counted } from '../report/words.ts';
import type { Asked, SeedsOptions } from './asked.ts';
import { type Found, foundText, lateText, openText, unkeptText } from './failed.ts';

const FOLDER = '.hangup/failures';
/** What worker processes find by itself. */
const KNOWN = new Sources([CATALOGUE]);

/**
 * Runs the seeds of a scenario. Rejects with what went wrong; `note` hears on what so few seeds cannot tell. `test` is the
 * name of the test, for the line that runs it again.
 */
export async function survive(
  test: string,
  scenario: Scenario,
  options: SeedsOptions,
  { runs, from, timeoutMs }: Asked,
  note: (line: string) => void,
): Promise<void> {
  mustBeScenario(scenario, 'scenario');
  const { jobs = 1, laws = null } = options;
  // Somebody's own code runs in processes of its own, which find it at home.
  const home = homeOf(scenario);
  const module = options.module ?? home ?? undefined;
  const folder = options.failures === undefined ? FOLDER : options.failures;
  const overrides = overridesIn(options);
  const targets = areOwn(overrides);
  const shared: Shared = { overrides, targets, laws: laws?.map(({ name }) => name) ?? null };
  const sources = laws === null ? KNOWN : KNOWN.withLaws(laws);
  const { origin: written, nameless } = writtenAs(overrides);
  const { config, files } = configFiles(module, [scenario]);
  const origin = home === null ? written : { ...written, config };
  const kept = { ...origin, config, files, version: VERSION };
  // Each is written when it is found: whoever ends the tests in the middle has it.
  const failures = folder === null ? null : new Failures(folder, kept, () => {});
  const swept = await sweep(
    {
      ...overrides,
      ...{ targets, laws, seeds: runs, from, jobs, untilFailure: true, budgetMs: timeoutMs },
      // What a test runner loaded is another object than the one that workers find: so it is asked for by its name.
      ...(module === undefined ? { scenarios: [scenario] } : { module, scenarios: [scenario.name] }),
      onFinished: (finished) => failures?.found(finished),
    },
    KNOWN.all,
  );
  const result = promisedIn(swept, overrides);
  const again = againOf(scenario, shared, sources, home);
  const problems = await problemsOf(result, again.run, origin).finally(again.end);
  const first = firstOf(problems);
  if (first !== null) {
    const { bad } = first;
    const path = folder === null ? null : savedAs(() => saveFailure(folder, scenario.name, bad, kept));
    const lines = againLines(test, scenario, first, laws === null ? nameless : [...nameless, 'laws']);
    const found = { ...seenAgain(scenario, first, shared, sources), place: placeOf(first, from, runs, result) };
    throw failure(foundText({ ...found, file: path, paste: lines }), first);
  }
  const document = documentOf(result, problems, { version: VERSION, seeds: runs, from, origin, laws });
  const done = result.tallies[0]?.tally.runs ?? 0;
  if (result.stopped === 'budget') throw new Error(lateText(scenario.name, done, runs, timeoutMs));
  if (result.stopped !== null) throw new Error(`${scenario.name}: ${(result.notes ?? []).join('; ')}`);
  const unkept = unkeptText(document);
  if (unkept !== null) throw new Error(unkept);
  const open = openText(document);
  if (open !== null) note(open);
}

/** Bad runs a second time: where somebody's own code runs, in a process that finds it at home. */
function againOf(
  scenario: Scenario,
  shared: Shared,
  sources: Sources,
  home: string | null,
): Pick<SecondRuns, 'run' | 'end'> {
  if (home !== null) {
    const own = { url: home, ours: false, scenarios: [scenario], laws: [] };
    return secondRuns(shared, new Sources([...sources.all, own]), () => true);
  }
  const run: SecondRuns['run'] = async (_, { seed }) =>
    runSeeds(scenario, { from: seedNumber(seed) as number, seeds: 1 }, shared, sources);
  return { run, end() {} };
}

/** The bad run of the lowest seed, with the first law that it broke. */
const firstOf = (problems: readonly Problem[]): Problem | null =>
  problems.reduce<Problem | null>(
    (first, each) =>
      first === null || (seedNumber(each.seed) as number) < (seedNumber(first.seed) as number) ? each : first,
    null,
  );

/** The run once more: what it was under, and the fewest faults that do the same. */
function seenAgain(
  scenario: Scenario,
  problem: Problem,
  shared: Shared,
  sources: Sources,
): Pick<Found, 'scenario' | 'problem' | 'states' | 'conditions' | 'plan' | 'shrunk'> {
  const { bad, law, seed } = problem;
  const options = optionsOf(shared, sources);
  const states = (options.laws ?? lawsOf(scenario)).find(({ name }) => name === law)?.states ?? '';
  const known = { scenario, problem, states };
  // What threw is not run a third time, and what came to something else the second time cannot be shrunk.
  if (bad.ended !== null || problem.confirmed !== true)
    return { ...known, conditions: '', plan: bad.plan, shrunk: null };
  const outcome = run(scenario, seed, options);
  return {
    ...known,
    conditions: outcome.conditions,
    plan: outcome.plan,
    shrunk: outcome.plan.length === 0 ? null : shrink(outcome),
  };
}

/** Where the seed stands among the others, and how rare it is. */
function placeOf({ seed }: Problem, from: number, runs: number, { tallies }: Pick<Sweep, 'tallies'>): string {
  const tally = tallies[0]?.tally;
  const bad = tally === undefined ? 0 : badRuns(tally);
  const done = tally?.runs ?? 0;
  const number = (seedNumber(seed) as number) - from + 1;
  return `number ${number} of ${runs}; ${bad} of ${counted(done, 'run')} so far ${bad === 1 ? 'is' : 'are'} bad`;
}

/** Lines that run the seed again: with the command, when it can be told of all that the test was given, and with the test. */
function againLines(
  test: string,
  scenario: Scenario,
  { paste, seed }: Problem,
  nameless: readonly string[],
): Found['paste'] {
  const byCommand = nameless.length === 0 ? ([['replay', paste]] as const) : [];
  const why =
    nameless.length === 0
      ? KNOWN.find(scenario.name) === undefined && homeOf(scenario) === null
        ? ([['', 'which finds the scenario in hangup.config.ts; and in this test:']] as const)
        : []
      : ([
          ['replay', `the command cannot be given the ${nameless.join(', ')} of this test; the test itself can:`],
        ] as const);
  const pattern = test.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return [
    ...byCommand,
    ...why,
    ['again', `HANGUP_FROM=${seed} HANGUP_SEEDS=1 npx vitest run -t ${shellWord(pattern)}`],
  ];
}

/** A disk that is full must not take the failure with it. */
function savedAs(save: () => string): string {
  try {
    return save();
  } catch (error) {
    return error instanceof Error ? error.message : reasonOf(error);
  }
}

/** With what the run threw as its cause, so that the stack of the user's own code is shown. */
function failure(message: string, { bad: { ended } }: Problem): Error {
  if (ended === null || ended.stack === '') return new Error(message);
  const cause = new Error(ended.message);
  cause.stack = ended.stack;
  return new Error(message, { cause });
}

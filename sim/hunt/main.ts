/**
 * `npm run hunt`: rounds over every scenario, network and way to harm, with seeds that nobody has run before.
 *
 * A sweep asks how good hangup is; a hunt only asks whether any law breaks, or any run does not end, on input that nobody
 * thought of. So targets do not count here. Each combination of a round takes the next few seeds of every scenario, as
 * many for one as for the other; how the scenarios weigh their own cells (ten thousand clients are rare) stays as it is.
 * The first seed is drawn from the clock and printed: `--from` with it makes the same hunt again.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { counted } from '../../src/count.ts';
import { CATALOGUE } from '../catalogue.ts';
import { durationOf, mustCarry, outFolderOf, scenariosOf, seedOf, wholeNumber } from '../cli/arguments.ts';
import { EXIT, TellableError, UsageError } from '../cli/errors.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { VERSION } from '../cli/version.ts';
import { SEED_MAX, seedText } from '../core/seeds.ts';
import { Failures } from '../explore/failures.ts';
import { problemsOf } from '../explore/problems.ts';
import { secondRuns } from '../explore/second-runs.ts';
import { Sources } from '../explore/source.ts';
import { networkOf } from '../input/network-argument.ts';
import { UsedFiles } from '../input/used-files.ts';
import { sweep } from '../sweep.ts';
import { type Combination, combinationsOf, networkNames } from './combinations.ts';
import { Summary } from './summary.ts';

const HELP = `npm run hunt -- [scenario...] [options]

  --runs <n>        stop after so many runs (default: one round)
  --budget <time>   stop after so much wall time, e.g. 20m
  --seeds <n>       seeds of each scenario in each combination of a round
                    (default: 4)
  --from <seed>     first seed (default: drawn from the clock, and printed)
  --network <name>  only this one: a preset, or FILE.down,FILE.up; may be given
                    several times (default: all, and each scenario's own)
  --jobs <n>        worker processes (default: all cores)
  --out <folder>    where failure files go (default: .hangup/failures)

Example:
  npm run hunt -- 'restart/*' --budget 20m

Exit codes: 0 every law holds, 1 one is broken or a run did not end, 2 bad usage
            or bad input, 70 a bug of hangup, 74 input or output failed,
            130 interrupted (Ctrl-C, SIGTERM, SIGHUP).
`;

const OPTIONS = {
  runs: { type: 'string' },
  budget: { type: 'string' },
  seeds: { type: 'string', default: '4' },
  from: { type: 'string' },
  network: { type: 'string', multiple: true },
  jobs: { type: 'string' },
  out: { type: 'string', default: '.hangup/failures' },
  help: { type: 'boolean', default: false },
} as const;

async function hunt(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args);
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT.holds;
  }
  const scenarios = positionals.length === 0 ? CATALOGUE.scenarios : scenariosOf(positionals, CATALOGUE.scenarios);
  const seeds = wholeNumber('--seeds', values.seeds, 1, 1_000_000);
  const runsMost = values.runs === undefined ? null : wholeNumber('--runs', values.runs, 1, 100_000_000);
  const budgetMs = values.budget === undefined ? null : durationOf('--budget', values.budget);
  const jobs = values.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', values.jobs, 1, 256);
  // A new seed each millisecond, with room behind it for a hunt of a year.
  const from = values.from === undefined ? Date.now() * 1000 : seedOf('--from', values.from);
  const out = outFolderOf(values.out);
  const files = new UsedFiles();
  const names = values.network ?? networkNames();
  for (const name of names) if (name !== null) mustCarry(networkOf(name, files.read), scenarios);

  const summary = new Summary(names);
  const interrupt = onInterrupt();
  const begun = performance.now();
  const isOver = (): boolean =>
    interrupt.signal.aborted ||
    (budgetMs !== null && performance.now() - begun > budgetMs) ||
    (runsMost !== null && summary.runs >= runsMost);
  say(
    `hunting from seed ${seedText(from)}: ${counted(names.length, 'network')}, ${counted(scenarios.length, 'scenario')}, ${counted(seeds, 'seed')} each`,
  );
  let next = from;
  try {
    for (let round = 0; !isOver() && (round === 0 || runsMost !== null || budgetMs !== null); round++)
      for (const combination of combinationsOf(names, (from % TURNS) + round, files.read)) {
        if (isOver()) break;
        if (next + seeds > SEED_MAX) throw new UsageError(`--from: no seeds are left behind ${seedText(next)}`);
        await part(combination, next);
        next += seeds;
      }
  } finally {
    interrupt.end();
  }
  process.stdout.write(summary.text(performance.now() - begun));
  if (summary.reds > 0) return EXIT.broken;
  return interrupt.signal.aborted ? EXIT.interrupted : EXIT.holds;

  /** All scenarios under one combination. */
  async function part(combination: Combination, first: number): Promise<void> {
    const { origin, overrides } = combination;
    const shared = { overrides, targets: false };
    const failures = new Failures(out, { version: VERSION, ...origin, config: null, files: files.all }, say);
    const result = await sweep({
      ...overrides,
      targets: false,
      ...{ scenarios, seeds, from: first, jobs, apart: jobs > 1 },
      ...{ signal: interrupt.signal, onFinished: (finished) => failures.found(finished) },
      budgetMs: budgetMs === null ? null : Math.max(1, budgetMs - (performance.now() - begun)),
    });
    const again = secondRuns(shared, new Sources([CATALOGUE]), () => !interrupt.signal.aborted);
    const problems = await problemsOf(result, again.run, origin).finally(again.end);
    for (const problem of problems) {
      say(`RED ${problem.law}: ${problem.message}${problem.confirmed === false ? ' (a second run differs)' : ''}`);
      say(`    ${problem.paste}`);
      failures.keep(problem);
    }
    summary.add(combination, result, problems);
    say(summary.line(combination, performance.now() - begun));
  }
}

/** A seed stands for a turn: no factor in common with how many networks or policies there are. */
const TURNS = 9973;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} (npm run hunt -- --help shows usage)`);
  }
}

try {
  process.exitCode = await hunt(process.argv.slice(2));
} catch (error) {
  const known = error instanceof TellableError;
  say(
    `hunt: ${known ? error.message : `this is a bug of hangup, please report it: ${(error as Error).stack ?? error}`}`,
  );
  process.exitCode = known ? error.exitCode : EXIT.bug;
}

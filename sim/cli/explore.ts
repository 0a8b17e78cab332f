/** `hangup explore`: sweeps seeds, prints the table, saves failures. */
import { availableParallelism } from 'node:os';
import type { Origin } from '../explore/command-line.ts';
import { documentOf } from '../explore/document.ts';
import { saveFailure } from '../explore/failure.ts';
import { optionsOf } from '../explore/portion.ts';
import { problemsOf } from '../explore/problems.ts';
import { SEED_MAX, seedText } from '../explore/seeds.ts';
import { type Sweep, sweep } from '../explore/sweep.ts';
import { contentsOf } from '../input/content-argument.ts';
import { networkOf } from '../input/network-argument.ts';
import { policyOf } from '../input/policy-argument.ts';
import { durationOf, faultsOf, scenariosOf, seedOf, wholeNumber } from './arguments.ts';
import { cellOf } from './cell-argument.ts';
import { UsageError } from './errors.ts';
import { exitCodeOf, missedRows } from './exit-code.ts';
import { writeEach } from './output.ts';
import { newProgress } from './progress.ts';
import { type ReportFlags, reportsOf } from './reports.ts';
import { report } from './table.ts';
import { missedLine } from './target-table.ts';
import { say, sayJson, tell, warn } from './terminal.ts';
import { VERSION } from './version.ts';

export interface ExploreFlags extends ReportFlags {
  readonly seeds: string;
  readonly from: string;
  readonly jobs?: string;
  readonly untilFailure?: boolean;
  readonly budget?: string;
  readonly input?: string;
  readonly schema?: string;
  readonly network?: string;
  readonly policy?: string;
  readonly cell?: string;
  readonly byCell?: boolean;
  readonly targets?: boolean;
  readonly strictTargets?: boolean;
  readonly faults?: string;
  readonly out: string;
}

export async function explore(patterns: readonly string[], flags: ExploreFlags): Promise<number> {
  const named = scenariosOf(patterns);
  const seeds = wholeNumber('--seeds', flags.seeds, 1, 100_000_000);
  const from = seedOf('--from', flags.from);
  if (from + seeds - 1 > SEED_MAX)
    throw new UsageError(`--from: ${flags.from} and so many seeds go beyond ${seedText(SEED_MAX)}, the last seed`);
  const jobs = flags.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', flags.jobs, 1, 256);
  const budgetMs = flags.budget === undefined ? null : durationOf('--budget', flags.budget);
  if (flags.schema !== undefined && flags.input === undefined)
    throw new UsageError('--schema: expected --input FILE.json with it');
  const input = flags.input === undefined ? null : contentsOf(flags.input, flags.schema, warn);
  const network = flags.network === undefined ? null : networkOf(flags.network);
  const policy = flags.policy === undefined ? null : policyOf(flags.policy);
  const cell = flags.cell === undefined ? null : cellOf(flags.cell, named);
  const faults = flags.faults === undefined ? null : faultsOf(flags.faults);

  // A scenario promises its targets for its own faults, networks, policies and contents, and for no others.
  const own = faults === null && network === null && policy === null && input === null;
  if (flags.strictTargets && !own)
    throw new UsageError(
      '--strict-targets: expected none of --faults, --input, --network and --policy with it: no target is promised for those',
    );
  const scenarios = own ? named : named.map((scenario) => ({ ...scenario, targets: [] }));

  if (flags.out === '') throw new UsageError('--out: expected a folder, got ""');
  const reports = reportsOf(flags);

  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once('SIGINT', onSignal);
  const progress = newProgress(scenarios.length * seeds);
  let result: Sweep;
  try {
    result = await sweep({
      scenarios,
      seeds,
      from,
      jobs,
      input,
      network,
      policy,
      cell,
      faults,
      untilFailure: flags.untilFailure === true,
      budgetMs,
      signal: interrupt.signal,
      onProgress: progress.show,
    });
  } finally {
    progress.end();
    process.off('SIGINT', onSignal);
  }

  const origin = originOf(flags);
  const problems = problemsOf(result, optionsOf({ input, network, policy, faults, cell }), origin);
  const document =
    flags.json || reports.asked ? documentOf(result, problems, { version: VERSION, seeds, from, origin }) : null;
  // The table is printed before anything is written: a full disk must not take the figures with it.
  if (flags.json) sayJson(document, 2);
  else if (!reports.takesStdout)
    say(
      report(result, problems, {
        byCell: flags.byCell === true || scenarios.length === 1,
        targets: flags.targets === true || scenarios.length === 1,
      }).trimEnd(),
    );
  const saved = new Set<string>();
  writeEach([
    ...problems.map(({ scenario, bad }) => () => {
      const path = saveFailure(flags.out, scenario, bad, { version: VERSION, ...origin });
      // One run may break several laws, and is one file.
      if (!saved.has(path)) tell(`saved ${path}`);
      saved.add(path);
    }),
    () => {
      if (document !== null) reports.deliver(document, new Date().toISOString());
    },
  ]);
  const missed = flags.strictTargets ? missedRows(result) : [];
  if (missed.length > 0) tell(`hangup: --strict-targets: ${missedLine(missed)}`);
  return exitCodeOf(result, missed);
}

const originOf = ({ input, schema, network, policy, faults, cell }: ExploreFlags): Origin => ({
  input: input ?? null,
  schema: schema ?? null,
  network: network ?? null,
  policy: policy ?? null,
  faults: faults ?? null,
  cell: cell ?? null,
});

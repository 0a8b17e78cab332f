/** `hangup explore`: sweeps seeds, prints the table, saves failures. */
import { availableParallelism } from 'node:os';
import { areOwn, type Flags, type Origin, originIn } from '../core/overrides.ts';
import { SEED_MAX, seedText } from '../core/seeds.ts';
import type { Cases } from '../explore/cases.ts';
import { pasteLine } from '../explore/command-line.ts';
import type { WorkerDeath } from '../explore/crash.ts';
import { documentOf } from '../explore/document.ts';
import { Failures } from '../explore/failures.ts';
import type { Shared } from '../explore/portion.ts';
import { promisedIn } from '../explore/promised.ts';
import { isWorthProcess, secondRuns } from '../explore/second-runs.ts';
import { sweep } from '../explore/sweep.ts';
import { isModulePath } from '../input/config-argument.ts';
import { modulesOf, UsedFiles } from '../input/used-files.ts';
import { durationOf, mustBeReady, outFolderOf, scenariosOf, seedOf, wholeNumber } from './arguments.ts';
import { coverageTables } from './coverage-table.ts';
import { UsageError } from './errors.ts';
import { exitCodeOf, namesOf, unkeptBy } from './exit-code.ts';
import { withPages, writePages } from './failure-pages.ts';
import { checkExplored } from './flags.ts';
import { checkForever, goesOnFrom, NO_JOURNAL, runMost } from './forever.ts';
import { doubtOf, foundBy, tellBugs } from './found.ts';
import { onInterrupt } from './interrupt.ts';
import { journalOf } from './journal.ts';
import { type Known, knownWith } from './known.ts';
import { failingNow, knownLines, NONE_KNOWN, triedAgain, withKnown } from './known-failures.ts';
import { writeEach } from './output.ts';
import { mustStayOpen, overridesFrom } from './overrides.ts';
import { groupLines } from './problem-lines.ts';
import { newProgress } from './progress.ts';
import { pageOf } from './replay-page.ts';
import { type ReportFlags, reportsOf } from './reports.ts';
import { type SearchFlags, searchOf, seedsOf } from './search.ts';
import { servedAs, untilInterrupted } from './served.ts';
import { report } from './table.ts';
import { say, sayJson, tell } from './terminal.ts';
import { VERSION } from './version.ts';

export interface ExploreFlags extends ReportFlags, Flags, Omit<SearchFlags, 'seeds'> {
  readonly seeds?: string;
  readonly from: string;
  readonly jobs?: string;
  readonly untilFailure?: boolean;
  readonly budget?: string;
  readonly byCell?: boolean;
  readonly targets?: boolean;
  readonly strictTargets?: boolean;
  readonly out: string;
  readonly resume?: boolean;
  /** False with `--no-shrink`. */
  readonly shrink?: boolean;
  /** False with `--no-known`. */
  readonly known?: boolean;
  readonly forever?: boolean;
  /** A port; true for the usual one. */
  readonly serve?: string | true;
}

export async function explore(given: readonly string[], flags: ExploreFlags): Promise<number> {
  const { known, patterns } = await knownFrom(given, flags.config);
  const named = patterns.length === 0 ? known.usual : scenariosOf(patterns, known.scenarios);
  const seeds = wholeNumber('--seeds', seedsOf(flags), 1, 100_000_000);
  const from = seedOf('--from', flags.from);
  if (from + seeds - 1 > SEED_MAX)
    throw new UsageError(`--from: ${flags.from} and so many seeds go beyond ${seedText(SEED_MAX)}, the last seed`);
  const jobs = flags.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', flags.jobs, 1, 256);
  const budgetMs = flags.budget === undefined ? null : durationOf('--budget', flags.budget);
  const files = new UsedFiles();
  const chosen = overridesFrom(flags, named, known, files.read);
  mustStayOpen(chosen, named);
  mustBeReady(named);
  const search = searchOf(flags, named, { from, seeds }, chosen);
  const overrides = search?.overrides ?? chosen;

  // A scenario promises its targets for its own faults, networks, policies and contents, and for no others.
  const own = areOwn(overrides) && search === null;
  if (flags.strictTargets && !own)
    throw new UsageError(
      '--strict-targets: expected none of --faults, --input, --network and --policy with it: no target is promised for those',
    );
  const out = outFolderOf(flags.out);
  const reports = reportsOf(flags);
  checkExplored(flags, reports.takesStdout);
  const config = known.needsConfig(named, flags) ? known.config : null;
  const configured = config === null || config.isFound ? {} : { config: config.path };
  const origin: Origin = { ...originIn(flags), ...configured };
  const used = [...files.all, ...(config === null ? [] : [config.file]), ...modulesOf(named)];
  const forever = flags.forever === true;
  if (forever) checkForever(flags, search !== null);
  const journal = forever
    ? NO_JOURNAL
    : journalOf(flags, {
        format: 'hangup/journal/2',
        version: VERSION,
        scenarios: named.map(({ name }) => name),
        seeds,
        from: seedText(from),
        ...(search === null ? {} : { search: search.name }),
        arguments: origin,
        files: used,
      });

  const observed = search?.observed ?? (flags.coverage ? COUNTS : undefined);
  const shared: Shared = { overrides, targets: own };
  const runs = forever ? Number.POSITIVE_INFINITY : (search?.runs ?? named.length * seeds);
  const apart = jobs > 1 || isWorthProcess(runs);
  const progress = newProgress(runs);
  const kept = { version: VERSION, ...origin, config: config?.path ?? null, files: used };
  const failures = new Failures(out, kept, progress.say);
  const interrupt = onInterrupt();
  // Who ends a container gives it ten seconds, and reports want some of them.
  const again = secondRuns(shared, known.sources, () => (interrupt.since() ?? 0) < CONFIRM_MS);
  const served = await servedAs(flags.serve, {
    ...{ version: VERSION, seeds, from, origin, total: runs },
    judged: (swept) => promisedIn(swept, overrides),
    replay: (red) => pageOf({ ...red, paste: pasteLine(red.scenario, red.seed, origin) }, { ...flags, ...configured }),
  });
  try {
    if (served !== null) progress.say(`the sweep is shown at ${served.url}`);
    const before =
      flags.known === false ? NONE_KNOWN : await triedAgain(out, named, known, again, (line) => progress.say(line));
    for (const line of knownLines(before)) progress.say(line);
    const swept = await sweep(
      {
        ...overrides,
        targets: own,
        scenarios: named,
        seeds,
        from,
        jobs,
        apart,
        resumed: journal.finished,
        forever,
        untilFailure: flags.untilFailure === true,
        knownFailing: failingNow(before).length,
        budgetMs,
        signal: interrupt.signal,
        onProgress: (shown, soFar) => {
          progress.show(shown);
          served?.progress(shown, soFar);
        },
        onFinished: (finished) => {
          journal.add(finished);
          failures.found(finished);
        },
        onDeath: (death) => progress.say(deathLine(death, origin)),
      },
      known.sources.all,
      {
        ...(search === null ? {} : { casesOf: ({ name }) => search.cases.get(name) as Cases }),
        ...(observed === undefined ? {} : { observed: { observed } }),
      },
    );
    progress.end();
    // A search draws no plan, so nothing is promised of how often a claim comes true.
    const result = promisedIn(swept, overrides, search === null);
    const found = await foundBy(result, again, { origin, out, overrides, shrinks: flags.shrink !== false });
    const { problems, groups } = found;
    const made =
      flags.json || reports.asked || served !== null
        ? documentOf(result, problems, {
            ...{ version: VERSION, seeds: forever ? runMost(result) : seeds, from, origin },
            ...{ search: search?.document() ?? null, groups, pasteOf: found.pasteOf, known: before },
          })
        : null;
    const document = made !== null && flags.report !== undefined ? withPages(made) : made;
    // The table is printed before anything is written: a full disk must not take the figures with it.
    if (flags.json) sayJson(document, 2);
    else if (!reports.takesStdout)
      say(
        report(
          result,
          groups.flatMap((group) => groupLines(group, named, found.pathOf(group))),
          {
            byCell: search === null && (flags.byCell === true || named.length === 1),
            targets: flags.targets === true || named.length === 1,
            cell: overrides.cell ?? null,
            above: search?.above() ?? null,
            below: [...(search?.below() ?? []), ...(flags.coverage ? coverageTables(result) : [])],
          },
        ).trimEnd(),
      );
    writeEach([
      ...groups.map((group) => () => {
        if (group.least !== null) failures.keepLeast(group, group.least, found.suffixOf(group));
      }),
      ...problems.map((problem) => () => failures.keep(problem)),
      () => search?.keep({ out, origin: kept, overrides, say: tell }),
      () => {
        if (document !== null) reports.deliver(document, new Date().toISOString());
      },
    ]);
    if (document !== null && flags.report !== undefined)
      await writePages(flags.report, document, problems, { ...flags, ...configured });
    journal.end(result.stopped);
    if (forever) tell(goesOnFrom(result, from));
    if (served !== null && document !== null) served.over(document, result);
    tellBugs(problems);
    const doubt = doubtOf(problems, known.sources);
    const unkept = unkeptBy(result, named);
    const strict = flags.strictTargets === true;
    if (unkept.missed.length > 0) tell(`hangup: missed: ${namesOf(unkept.missed)}`);
    if (strict && unkept.open.length > 0)
      tell(`hangup: --strict-targets: not enough seeds for ${namesOf(unkept.open)}`);
    if (served !== null) await untilInterrupted(served, interrupt);
    return withKnown(exitCodeOf(result, unkept, { strict, doubt }), before);
  } finally {
    served?.end();
    progress.end();
    again.end();
    interrupt.end();
  }
}

/** What is known, and the names that are left: an argument that is a path is a config. */
async function knownFrom(
  given: readonly string[],
  flag: string | undefined,
): Promise<{ readonly known: Known; readonly patterns: readonly string[] }> {
  const paths = [...(flag === undefined ? [] : [flag]), ...given.filter(isModulePath)];
  if (paths.length > 1) throw new UsageError(`--config: expected one config, got ${paths.join(' and ')}`);
  return { known: await knownWith(paths[0]), patterns: given.filter((each) => !isModulePath(each)) };
}

const COUNTS = { coverage: true, traces: false, objective: null };

/** How long after a signal runs are still made a second time. */
const CONFIRM_MS = 2000;

/** What is said of a worker process that ended in the middle of a run. */
const deathLine = ({ scenario, seed, reason, again }: WorkerDeath, origin: Origin): string =>
  `${again ? 'two worker processes' : 'a worker process'} ended in ${scenario}@${seed} (${reason}): ${
    again ? 'the run counts as crashed' : 'made again by itself, the run came to its end'
  }; ${pasteLine(scenario, seed, origin)}`;

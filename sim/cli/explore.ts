/** `hangup explore`: sweeps seeds, prints the table, saves failures. */
import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import pc from 'picocolors';
import { saveFailure } from '../explore/failure.ts';
import { type Histogram, quantile } from '../explore/histogram.ts';
import { seedText } from '../explore/seeds.ts';
import { type Progress, type Sweep, sweep } from '../explore/sweep.ts';
import { digestOf, type Tally } from '../explore/tally.ts';
import { run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { contentsOf, durationOf, networkOf, scenariosOf, seedOf, wholeNumber } from './arguments.ts';
import { EXIT, UsageError } from './errors.ts';
import { VERSION } from './version.ts';

export interface ExploreFlags {
  readonly seeds: string;
  readonly from: string;
  readonly jobs?: string;
  readonly untilFailure?: boolean;
  readonly budget?: string;
  readonly input?: string;
  readonly schema?: string;
  readonly network?: string;
  readonly out: string;
  readonly json?: boolean;
}

export async function explore(patterns: readonly string[], flags: ExploreFlags): Promise<number> {
  const scenarios = scenariosOf(patterns);
  const seeds = wholeNumber('--seeds', flags.seeds, 1, 100_000_000);
  const from = seedOf('--from', flags.from);
  const jobs = flags.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', flags.jobs, 1, 256);
  const budgetMs = flags.budget === undefined ? null : durationOf('--budget', flags.budget);
  if (flags.schema !== undefined && flags.input === undefined)
    throw new UsageError('--schema: expected --input FILE.json with it');
  const input = flags.input === undefined ? null : contentsOf(flags.input, flags.schema);
  const network = flags.network === undefined ? null : networkOf(flags.network);

  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once('SIGINT', onSignal);
  const progress = newProgress(scenarios.length * seeds);
  const untilFailure = flags.untilFailure === true;
  let result: Sweep;
  try {
    result = await sweep({
      scenarios,
      seeds,
      from,
      jobs,
      input,
      network,
      untilFailure,
      budgetMs,
      signal: interrupt.signal,
      onProgress: progress.show,
    });
  } finally {
    progress.end();
    process.off('SIGINT', onSignal);
  }

  const origin = {
    version: VERSION,
    input: flags.input ?? null,
    schema: flags.schema ?? null,
    network: flags.network ?? null,
  };
  const problems = result.tallies.flatMap(({ scenario, tally }) =>
    [...firstOfEachLaw(tally)].map(([law, bad]) => {
      const breach = bad.breaches.find((each) => each.law === law);
      const again = run(scenario, bad.seed, {
        ...(input === null ? {} : { input }),
        ...(network === null ? {} : { network }),
      });
      const confirmed = again.digest === bad.digest;
      const message = breach?.message ?? `budget exceeded: ${bad.exceeded}`;
      return {
        scenario: scenario.name,
        law,
        seed: bad.seed,
        at: breach?.at ?? 0,
        message,
        confirmed,
        paste: pasteLine(scenario.name, bad.seed, flags),
        bad,
      };
    }),
  );
  // The table is printed before anything is written: a full disk must not take the figures with it.
  if (flags.json) process.stdout.write(`${JSON.stringify(documentOf(result, problems, seeds, from), null, 2)}\n`);
  else process.stdout.write(report(result, problems));
  for (const { scenario, bad } of problems) saveFailure(flags.out, scenario, bad, origin);
  return exitCodeOf(result);
}

function exitCodeOf({ tallies, stopped }: Sweep): number {
  if (tallies.some(({ tally }) => tally.brokenRuns > 0)) return EXIT.broken;
  if (tallies.some(({ tally }) => tally.budgetRuns > 0)) return EXIT.budget;
  return stopped === 'interrupted' ? EXIT.interrupted : EXIT.holds;
}

type Problem = {
  scenario: string;
  law: string;
  seed: string;
  at: number;
  message: string;
  confirmed: boolean;
  paste: string;
};

/** The first bad run of each law, `budget` for runs that ended in none. */
function firstOfEachLaw(tally: Tally): Map<string, Tally['bad'][number]> {
  const first = new Map<string, Tally['bad'][number]>();
  for (const bad of tally.bad)
    for (const law of bad.breaches.length > 0 ? bad.breaches.map((breach) => breach.law) : ['budget'])
      if (!first.has(law)) first.set(law, bad);
  return first;
}

function pasteLine(scenario: string, seed: string, { input, schema, network }: ExploreFlags): string {
  const flag = (name: string, value: string | undefined): string => (value === undefined ? '' : ` --${name} ${value}`);
  return `npx hangup replay ${scenario}@${seed}${flag('input', input)}${flag('schema', schema)}${flag('network', network)}`;
}

const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (part / whole) * 100);
const share = (part: number, whole: number): string => {
  const value = percent(part, whole);
  return value === 100 ? '100' : value.toFixed(3);
};

/** p50 / p95 / p99 / max in virtual milliseconds. */
function quantiles(histogram: Histogram): {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
} {
  const at = (num: number): number | null => {
    const value = quantile(histogram, num, 100);
    return value === null ? null : Math.round(value / 100) / 10;
  };
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}
const spread = (histogram: Histogram): string =>
  Object.values(quantiles(histogram))
    .map((value) => (value === null ? '-' : String(Math.round(value))))
    .join(' ');

function report(result: Sweep, problems: readonly Problem[]): string {
  const table = new Table({
    head: [
      'scenario',
      'runs',
      'laws broken',
      'complete %',
      'intact %',
      'reconnect',
      'resume',
      'recovery',
      'buffer',
      'resent %',
      'sometimes',
    ],
    style: { head: [], border: [], compact: true },
  });
  const unreached: string[] = [];
  for (const { scenario, tally } of result.tallies) {
    const missing = scenario.sometimes.filter(({ name }) => tally.reached[name] === undefined);
    if (missing.length > 0)
      unreached.push(
        `${scenario.name} never reached ${missing.map(({ name, states }) => `${name} (${states})`).join(', ')}`,
      );
    const laws = Object.keys(tally.brokenBy).length;
    table.push([
      scenario.name,
      tally.runs,
      laws === 0 && tally.budgetRuns === 0
        ? pc.green('0')
        : pc.red(`${laws} in ${tally.brokenRuns + tally.budgetRuns} runs`),
      share(tally.streamsCompleted, tally.streamsOwed),
      share(tally.streamsIntact, tally.streamsCompleted),
      spread(tally.reconnect),
      spread(tally.resume),
      spread(tally.recovery),
      `${Math.ceil(tally.peakBufferBytes / 1024)} KB`,
      percent(tally.bytesResent, tally.bytesSent || 1).toFixed(2),
      `${scenario.sometimes.length - missing.length}/${scenario.sometimes.length}`,
    ]);
  }
  const lines = [
    table.toString(),
    'reconnect, resume, recovery: p50 p95 p99 max in virtual milliseconds; buffer: most bytes one connection held',
    '',
  ];
  for (const line of unreached) lines.push(pc.yellow(`warning: ${line}`));
  const runs = total(result, 'runs');
  const seconds = result.wallMs / 1000;
  lines.push(
    `${runs} runs in ${seconds.toFixed(1)} s: ${Math.round(runs / seconds)} runs/s, ${Math.round(total(result, 'events') / seconds)} events/s, ${Math.round(total(result, 'virtual') / 1e6 / seconds)} virtual seconds a second`,
  );
  if (result.stopped !== null) lines.push(pc.yellow(`stopped early: ${result.stopped}; the table is partial`));
  if (problems.length === 0 && runs > 0)
    lines.push(
      `${runs} clean seeds: a bug that shows in more than ${((3 / runs) * 100).toPrecision(2)} % of runs is excluded at 95 %`,
    );
  for (const { scenario, law, message, confirmed, paste } of problems) {
    lines.push(
      '',
      pc.red(`${scenario}: ${law}: ${message}`),
      confirmed ? 'confirmed by a second run' : pc.red('a second run had another digest: this is nondeterminism'),
      paste,
    );
  }
  return `${lines.join('\n')}\n`;
}

const total = ({ tallies }: Sweep, field: 'runs' | 'events' | 'virtual'): number =>
  tallies.reduce((sum, { tally }) => sum + tally[field], 0);

function documentOf(result: Sweep, problems: readonly Problem[], seeds: number, from: number): object {
  const seconds = result.wallMs / 1000;
  return {
    schema: 'hangup/explore/1',
    version: VERSION,
    seeds,
    from: seedText(from),
    stopped: result.stopped,
    wall: { seconds, runs_per_s: total(result, 'runs') / seconds, events_per_s: total(result, 'events') / seconds },
    scenarios: result.tallies.map(({ scenario, tally }) => scenarioDocument(scenario, tally, problems)),
  };
}

function scenarioDocument(scenario: Scenario, tally: Tally, problems: readonly Problem[]): object {
  return {
    name: scenario.name,
    runs: tally.runs,
    broken: problems
      .filter((problem) => problem.scenario === scenario.name)
      .map(({ law, seed, at, message, confirmed, paste }) => ({
        law,
        seed,
        runs: tally.brokenBy[law] ?? tally.budgetRuns,
        at_us: at,
        message,
        confirmed,
        paste,
      })),
    digest: digestOf(tally),
    sometimes: scenario.sometimes.map(({ name, states }) => ({ name, states, runs: tally.reached[name] ?? 0 })),
    metrics: {
      completion_percent: percent(tally.streamsCompleted, tally.streamsOwed),
      integrity_percent: percent(tally.streamsIntact, tally.streamsCompleted),
      streams_owed: tally.streamsOwed,
      streams_completed: tally.streamsCompleted,
      streams_lost: tally.streamsLost,
      reconnect_ms: quantiles(tally.reconnect),
      resume_ms: quantiles(tally.resume),
      recovery_ms: quantiles(tally.recovery),
      peak_buffer_bytes: tally.peakBufferBytes,
      bytes_sent: tally.bytesSent,
      bytes_resent: tally.bytesResent,
      resent_percent: percent(tally.bytesResent, tally.bytesSent || 1),
      disconnects: tally.disconnects,
      events: tally.events,
      virtual_s: tally.virtual / 1e6,
    },
  };
}

/** A bar on a terminal, a line every ten percent elsewhere; always on stderr. */
function newProgress(runs: number): { show(progress: Progress): void; end(): void } {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      stream: process.stderr,
      format: '{bar} {value}/{total} runs  {scenario}  broken {broken}  {eta_formatted} left',
      hideCursor: true,
    });
    bar.start(runs, 0, { scenario: '', broken: 0 });
    return { show: ({ done, scenario, broken }) => bar.update(done, { scenario, broken }), end: () => bar.stop() };
  }
  let told = 0;
  return {
    show({ done, scenario, broken }) {
      const tenth = Math.floor((done / runs) * 10);
      if (tenth <= told) return;
      told = tenth;
      process.stderr.write(`${done}/${runs} runs, ${scenario}, ${broken} broken\n`);
    },
    end() {},
  };
}

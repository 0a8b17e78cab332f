/** The commands of the lab, as the command line has them. What they do is loaded when one of them is called. */
import { type Command, Option } from 'commander';
import { codes } from '../exit-help.ts';
import { STORM_OPTIONS } from './storms.ts';
import { writtenLine } from './written.ts';

/** An option that may be given several times. */
const listed = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const CODES = {
  0: 'done',
  1: null,
  2: 'bad usage or bad input',
  3: '--budget ended it early',
  4: null,
  130: 'interrupted: what was done is printed, and --resume goes on',
};

export function labCommands(hangup: Command, finish: (code: number) => void): void {
  const lab = hangup
    .command('lab')
    .description('which reconnect policy: storms of clients against servers that admit so many a second (docs/lab.md)');

  const compare = lab
    .command('compare')
    .description('policies side by side on the same luck')
    .option(
      '--policies <list>',
      'presets, FILEs and policies of a config, with knobs behind them: full-jitter,cap=60s,socket.io,./mine.json',
      'full-jitter,equal-jitter,decorrelated-jitter,socket.io,grpc,centrifuge',
    )
    .option('--against <policy>', 'whom the others are held against: best, first, or one of them', 'best');
  aside(counted(met(compare)))
    .addHelpText(
      'after',
      `\nExamples:\n  hangup lab compare --policies full-jitter,decorrelated,socket.io,./mine.json \\\n    --clients 10000 --capacity 500 --outage 60s\n  hangup lab compare --policies grpc,full-jitter --storm outage=5s --storm outage=5m --out study${codes(CODES)}`,
    )
    .action(async (flags, command: Command) => {
      const { labCompare } = await import('./compare.ts');
      finish(await labCompare(flags, writtenLine(command)));
    });

  const tune = lab
    .command('tune')
    .description('the best parameters of a policy, under constraints, for one storm or several')
    .requiredOption('--family <policy>', 'the policy that is varied: a preset, a FILE or a policy of a config')
    .addOption(
      new Option(
        '--vary <knob>',
        'a knob and its values: base=100ms..10s (five of them), base=100ms..10s/9, cap=5s..60s:linear, cap=5s,20s; once a knob',
      )
        .argParser(listed)
        .default([], 'none'),
    )
    .option('--minimise <metric>', 'what is to be small (hangup list metrics) (default: recovery_p99)')
    .option('--maximise <metric>', 'or what is to be large')
    .addOption(
      new Option(
        '--subject-to <bound>',
        "what must be kept in every storm: 'attempts_after<=1.4'; may be given several times",
      )
        .argParser(listed)
        .default([], 'nothing'),
    )
    .option('--design <which>', 'every combination (grid), or a random design (a Latin hypercube)', 'grid')
    .option('--candidates <n>', 'of a random design (default: 50)');
  aside(counted(met(tune)))
    .addHelpText(
      'after',
      `\nExamples:\n  hangup lab tune --family full-jitter --vary base=100ms..10s --vary cap=5s..120s \\\n    --minimise recovery_p99 --subject-to 'attempts_after<=1.4'\n  hangup lab tune --family ./mine.json --vary delay.factor=1.2..3 --design random \\\n    --vary base=50ms..5s --storm outage=5s --storm clients=50000,outage=5m${codes(CODES)}`,
    )
    .action(async (flags, command: Command) => {
      const { labTune } = await import('./tune.ts');
      finish(await labTune(flags, writtenLine(command)));
    });
}

/** What is met. */
function met(command: Command): Command {
  for (const [flag, about] of STORM_OPTIONS) command.option(flag, about);
  return command.addOption(
    new Option(
      '--storm <words>',
      'a storm that differs from these flags in so much (clients=1000,outage=10s), or a FILE.json with a list of such; may be given several times',
    )
      .argParser(listed)
      .default([], 'one storm, of these flags'),
  );
}

/** What is measured, and how often. */
const counted = (command: Command): Command =>
  command
    .option('--metrics <list>', 'what tables show, the first one first (hangup list metrics); files have all of them')
    .option('--replications <n>', 'so many of each policy and storm')
    .option('--precision <share>', 'or as many as bring every half-width to this share of its mean (default: 2%)')
    .option('--most-replications <n>', 'with --precision: no policy gets more (default: 2000)')
    .option('--seed <seed>', 'another luck', '1')
    .option(
      '--fidelity <which>',
      'lean (typed arrays), or universe (clients and servers of the sessions, slow)',
      'lean',
    )
    .option(
      '--config <file>',
      'policies of your own (default: hangup.config.ts, .mts, .mjs or .js here; docs/config.md)',
    );

/** Where it goes, and how long it may take. */
const aside = (command: Command): Command =>
  command
    .option('--jobs <n>', 'threads (default: all cores); results do not depend on it')
    .option('--budget <time>', 'stop after this much wall time, e.g. 60s, with what is done')
    .option('--resume', 'go on with an experiment that was interrupted or killed, from its journal')
    .option('--csv <file>', 'write policy x parameters x replication x metric there, a value a line')
    .option('--out <folder>', 'write everything there: tables, traces, charts, a report, and a manifest')
    .option('--json', 'one JSON document on stdout (docs/json.md)');

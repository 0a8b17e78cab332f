/** The commands of the lab, as the command line has them. What they do is loaded when one of them is called. */
import { type Command, Option } from 'commander';
import { codes } from '../exit-help.ts';
import { STORM_OPTIONS } from './storms.ts';
import { writtenLine } from './written.ts';

const CODES = {
  0: 'done',
  1: null,
  2: 'bad usage or bad input',
  3: '--budget ended it early',
  4: 'a policy threw, or a run of the universe broke a law',
  130: 'interrupted: what was done is printed, and --resume goes on',
};

const POLICIES = '--policies <list>';
const POLICIES_ABOUT =
  'presets, FILEs and policies of a config, with knobs behind them: full-jitter,cap=60s,socket.io,./mine.json';
const SIX = 'full-jitter,equal-jitter,decorrelated-jitter,socket.io,grpc,centrifuge';
/** Published clients and shapes that bring everybody back. */
const FIELD = `default,${SIX},reconnecting-websocket,actioncable,kubernetes-reflector,supabase,table`;
const FAMILY = 'the policy that is varied: a preset, a FILE or a policy of a config';

/** The commands below `lab`. */
export function labCommands(lab: Command, finish: (code: number) => void): void {
  const advise = lab
    .command('advise')
    .description('three policies for your storm, their figures, and the code to paste');
  advise
    .option('--minimise <metric>', MINIMISE)
    .addOption(subjectTo(['attempts_after<=1.4']))
    .option('--current <policy>', 'what your clients do now: it is measured beside the advice')
    .option('--paste <clients>', 'whose code is printed: all, or names such as socket.io,grpc', 'few');
  aside(counted(met(advise)))
    .addHelpText(
      'after',
      `\nExamples:\n  hangup lab advise --clients 10000 --capacity 500 --outage 60s\n  hangup lab advise --clients 200000 --capacity 2000 --outage 5m --refusal-cost 2% \\\n    --storm outage=5s --storm outage=5m${codes(CODES)}`,
    )
    .action(async (flags, command: Command) => {
      const { labAdvise } = await import('./advise.ts');
      finish(await labAdvise(flags, writtenLine(command)));
    });

  const compare = lab
    .command('compare')
    .description('policies side by side on the same luck')
    .option(POLICIES, POLICIES_ABOUT, SIX)
    .option('--against <policy>', 'whom the others are held against: best, first, or one of them', 'best');
  aside(counted(met(compare)))
    .addHelpText(
      'after',
      `\nExamples:\n  hangup lab compare --policies full-jitter,decorrelated,socket.io,./mine.json \\\n    --clients 10000 --capacity 500 --outage 60s\n  hangup lab compare --policies grpc,full-jitter --storm outage=5s --storm outage=5m \\\n    --out study${codes(CODES)}`,
    )
    .action(async (flags, command: Command) => {
      const { labCompare } = await import('./compare.ts');
      finish(await labCompare(flags, writtenLine(command)));
    });

  const tune = lab
    .command('tune')
    .description('the best parameters of a policy, under constraints, for one storm or several')
    .requiredOption('--family <policy>', FAMILY)
    .option('--minimise <metric>', MINIMISE)
    .option('--maximise <metric>', 'or what is to be large')
    .addOption(subjectTo([]));
  aside(counted(met(varied(tune))))
    .addHelpText(
      'after',
      `\nExamples:\n  hangup lab tune --family full-jitter --vary base=100ms..10s --vary cap=5s..120s \\\n    --minimise recovery_p99 --subject-to 'attempts_after<=1.4'\n  hangup lab tune --family ./mine.json --vary delay.factor=1.2..3 --vary base=50ms..5s \\\n    --design random --storm outage=5s --storm clients=50000,outage=5m${codes(CODES)}`,
    )
    .action(async (flags, command: Command) => {
      const { labTune } = await import('./tune.ts');
      finish(await labTune(flags, writtenLine(command)));
    });

  const frontier = lab
    .command('frontier')
    .description('time against attempts: who cannot be beaten in one without losing in the other')
    .option(POLICIES, POLICIES_ABOUT, FIELD)
    .option('--family <policy>', `beside those of --policies: ${FAMILY}`)
    .option('--time <metric>', 'what takes time', 'recovery_p99')
    .option('--cost <metric>', 'what it costs', 'attempts_after');
  aside(counted(met(varied(frontier))))
    .addHelpText(
      'after',
      `\nExamples:\n  hangup lab frontier --clients 10000 --capacity 500 --outage 60s\n  hangup lab frontier --family full-jitter --vary cap=2s..120s/9 --out study${codes(CODES)}`,
    )
    .action(async (flags, command: Command) => {
      const { labFrontier } = await import('./frontier.ts');
      finish(await labFrontier(flags, writtenLine(command)));
    });
}

const MINIMISE = 'what is to be small (hangup list metrics) (default: recovery_p99)';

/** An option that may be given several times. */
const several = (flag: string, about: string, none: string): Option =>
  new Option(flag, about)
    .argParser((value: string, before: readonly string[]): readonly string[] => [...before, value])
    .default([], none);

/** What must be kept in every storm. The first one that is given takes the place of the usual ones. */
function subjectTo(usual: readonly string[]): Option {
  const option = several(
    '--subject-to <bound>',
    "what must be kept in every storm: 'attempts_after<=1.4'; may be given several times",
    usual.length === 0 ? 'nothing' : usual.join(', '),
  );
  return option
    .default(usual, option.defaultValueDescription)
    .argParser((value: string, before: readonly string[]) => (before === usual ? [value] : [...before, value]));
}

/** Variations of one policy. */
const varied = (command: Command): Command =>
  command
    .addOption(
      several(
        '--vary <knob>',
        'a knob and its values: base=100ms..10s (five of them), base=100ms..10s/9, cap=5s..60s:linear, cap=5s,20s; once a knob',
        'none',
      ),
    )
    .option('--design <which>', 'every combination (grid), or a random design (a Latin hypercube)', 'grid')
    .option('--candidates <n>', 'of a random design (default: 50)');

/** What is met. */
function met(command: Command): Command {
  for (const [flag, about] of STORM_OPTIONS) command.option(flag, about);
  return command.addOption(
    several(
      '--storm <words>',
      'a storm that differs from these flags in so much (clients=1000,outage=10s), or a FILE.json with a list of such; may be given several times',
      'one storm, of these flags',
    ),
  );
}

/** What is measured, and how often. */
const counted = (command: Command): Command =>
  command
    .option('--metrics <list>', 'what tables show, the first one first (hangup list metrics); files have all of them')
    .option('--replications <n>', 'so many of each policy and storm')
    .option('--precision <share>', 'or as many as bring every half-width to this share of its mean (default: 2%)')
    .option('--most-replications <n>', 'with --precision: no policy gets more (default: 2000)')
    .option('--least-change <percent>', 'differences up to so many percent of the reference count as none', '1')
    .option('--seed <seed>', 'another luck', '1')
    .option('--fidelity <which>', 'lean (typed arrays), or universe (real clients, links and servers: slow)', 'lean')
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

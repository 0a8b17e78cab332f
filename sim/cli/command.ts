/** The command `hangup` as a function: parses arguments and turns errors into one line and an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { visible } from '../../src/visible.ts';
import { RunError } from '../core/run-error.ts';
import { withPath } from '../input/paths.ts';
import { diff } from './diff.ts';
import { EXIT, TellableError } from './errors.ts';
import { codes } from './exit-help.ts';
import { explore } from './explore.ts';
import { onceEach } from './flags.ts';
import type { labCommands } from './lab/commands.ts';
import { list } from './list.ts';
import { replay } from './replay.ts';
import { type Streams, speakingTo, streams } from './streams.ts';
import { tell } from './terminal.ts';
import { VERSION } from './version.ts';

const CONFIG = '--config <file>';
const CONFIG_ABOUT =
  'scenarios, networks and policies of your own (default: hangup.config.ts, .mts, .mjs or .js here; docs/config.md)';

/** What scenarios are run under instead of their own conditions: a replay takes all that a sweep does. */
const underConditions = (command: Command): Command =>
  command
    .option(
      '--input <files>',
      'stream these instead of the samples: FILE, or FILE,FILE,… (or the flag again) as a response of several parts',
      withPath,
    )
    .option(
      '--schema <file>',
      'JSON Schema (draft-04 to 2020-12) that the .json of --input must satisfy (docs/input.md)',
    )
    .option('--network <name>', 'a preset, or measured FILE.down,FILE.up (Mahimahi format)', withPath)
    .option(
      '--policy <policy>',
      "every client's backoff: a preset or FILE.json, with knobs changed if you like: default,cap=60s (docs/policies.md)",
    )
    .option(
      '--cell <values>',
      'fix dimensions of the scenario, e.g. condition=asymmetric,moment=late; the seed draws the others',
    )
    .option('--faults <kinds>', "draw faults of these kinds (KIND,KIND,… or all) instead of the scenario's own")
    .option(
      '--sizes <sizes>',
      'make worlds smaller: at most so many clients, servers, turns, chunks (clients=1,turns=2)',
    )
    .option(CONFIG, CONFIG_ABOUT);

/** An option that may be given several times. */
const listed = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `addLab`: the commands of the lab, null when none of them is asked for: nothing of the lab is loaded then. */
function program(finish: (code: number) => void, addLab: typeof labCommands | null): Command {
  const hangup = new Command('hangup')
    .description('Hangs up on clients and servers thousands of ways and checks that nothing is lost.')
    .version(VERSION)
    .showHelpAfterError('(hangup --help shows usage)')
    .addHelpText('after', codes({ 1: 'a law is broken, or a target or claim is missed' }).slice(1))
    .configureOutput({
      writeOut: (text) => void streams().stdout.write(text),
      writeErr: (text) => tell(text.trimEnd()),
    })
    .exitOverride();

  underConditions(
    hangup
      .command('explore')
      .description('sweep seeds of the scenarios (all when none is named; patterns such as midstream/* count)')
      .argument('[scenario...]')
      .option('--seeds <n>', 'seeds for each scenario (default: 1000; of --exhaustive 1; runs of --guided)')
      .option('--from <seed>', 'first seed', '1')
      .option('--jobs <n>', 'worker processes (default: all cores)')
      .option('--until-failure', 'stop at the first broken law')
      .option(
        '--forever',
        'go on with fresh seeds (--seeds more of each scenario, then more) until a failure, --budget or Ctrl-C',
      )
      .option('--no-known', 'leave out the failures found so far (--out), which are tried first otherwise')
      .option('--budget <time>', 'stop after this much wall time, e.g. 60s'),
  )
    .option(
      '--exhaustive <depth>',
      'every kind of fault at every moment of the fault-free run of a seed (1), or every pair of them (2) (docs/search.md)',
    )
    .option('--guided', 'keep plans that met something new, and make the next ones of them (docs/search.md)')
    .option(
      '--maximise <figure>',
      'look for the worst plan: recovery, arrivals, buffer, or a figure of hangup list figures (docs/search.md)',
    )
    .option('--corpus <folder>', 'of --guided: begin with the plans that are kept there, and keep these there')
    .option('--coverage', 'count what happened in which phase, and what never did (docs/search.md)')
    .option('--by-cell', 'break the table down by cell (always so for a single scenario)')
    .option('--targets', 'print every row of the targets (always so for a single scenario)')
    .option('--strict-targets', 'exit 3 when there are not enough seeds for the verdict on a target or a claim, too')
    .option('--out <folder>', 'where failure files go', '.hangup/failures')
    .option(
      '--no-shrink',
      'keep failing runs as they were found (default: the first of each law and cause is made smaller)',
    )
    .option('--resume', 'go on with a sweep that was interrupted or killed, from its journal (docs/report.md)')
    .option(
      '--serve [port]',
      'show the report as a page on this machine while the sweep runs, and until Ctrl-C (default port: 4700)',
    )
    .option('--report <folder>', 'write a page (index.html) and results.json there (docs/report.md)')
    .addOption(
      new Option('--reporter <name>', 'junit or github, on stdout; junit:FILE writes a file (may be given twice)')
        .argParser(listed)
        .default([], 'none'),
    )
    .option('--history, --trend <file>', "append this sweep's figures; the report draws the trend")
    .option('--json', 'one JSON document on stdout (docs/json.md)')
    .addHelpText(
      'after',
      `\nExamples:\n  hangup explore\n  hangup explore 'midstream/*' --seeds 10000 --network mobile-loss-10\n  hangup explore midstream/json --input examples/answer.json \\\n    --schema examples/answer.schema.json\n  hangup explore context/basic --faults sleep,addressChange\n  hangup explore restart/herd --policy default,cap=60s\n  hangup explore ./hangup.config.ts\n  hangup explore --until-failure --budget 60s\n  hangup explore --report out --trend trend.jsonl --reporter github${codes(
        {
          1: 'a law is broken, or a target or claim is missed by more than luck',
          3: 'a run came to no end (with --strict-targets also: too few seeds for a verdict)',
        },
      )}`,
    )
    .action(async (scenarios, flags) => finish(await explore(scenarios, flags)));

  underConditions(
    hangup
      .command('replay')
      .description('run one seed again and say why it fails: which fault, which message, who knew what')
      .argument('<what>', 'scenario@seed, or a failure file')
      .option('--around <point>', 'only around a law (prefix), an event (812, #812 in the timeline) or a time (3.2s)')
      .option(
        '--window <width>',
        'how much around it, on each side: a time (5s) or a number of events (200) (default: 2s before and 500ms after; 40 beside an event)',
      )
      .option('--why <point>', 'only what led to a broken law, an event or a time, from where it began')
      .option('--node <names>', 'only what these nodes do: c1, or c1,store')
      .option('--conn <name>', 'only what happens on a connection, from end to end: c1#3')
      .option('--stream <name>', 'only what is about a stream: 3')
      .option('--from <point>', 'only from a time (3.2s), an event (812) or a broken law on')
      .option('--to <point>', 'only until there')
      .option('--shrink', 'the smallest run that fails in the same way: fewer faults, clients, servers, turns, chunks')
      .option('--found', 'of a failure file: the run as it was found, and not the smallest one')
      .option('--plan <plan>', 'faults in place of those that the seed draws: JSON, or FILE.json')
      .option(
        '--inspect [port]',
        'waits for a debugger on this machine before the run: breakpoints in your own source hold it, and the virtual clock with it (default port: 9229)',
      )
      .option('--law <name>', 'which of several broken laws is told of (default: the first)')
      .option('--timeline', 'the whole timeline behind the story')
      .option('--no-story', 'the timeline without the story, which runs the seed again without some of its faults')
      .option('--full', 'every entry by itself: without it, long stretches of chunks, beats and timers are folded')
      .option(
        '--html <file>',
        'write a page that shows the run, and runs it again with faults moved or off (docs/replay-page.md)',
      )
      .option('--jsonl', 'one entry of history a line')
      .option('--json', 'the outcome as one JSON document'),
  )
    .addHelpText(
      'after',
      `\nExamples:\n  hangup replay midstream/text@k7f3\n  hangup replay midstream/text@k7f3 --around prefix\n  hangup replay midstream/text@k7f3 --around 812 --window 5s\n  hangup replay midstream/text@k7f3 --why 812\n  hangup replay midstream/text@k7f3 --conn c1#2 --node c1 --from 3.2s --to 812\n  hangup replay midstream/text@k7f3 --shrink\n  hangup replay midstream/text@k7f3 --html run.html\n  hangup replay chat.hangup.ts@k7f3 --inspect\n  hangup replay .hangup/failures/midstream-text@k7f3.json --jsonl${codes()}`,
    )
    .action(async (what, flags) => finish(await replay(what, flags)));

  underConditions(
    hangup
      .command('diff')
      .description('where two runs part: the first moment that is not the same in both, and what each does there')
      .argument('<a>', 'scenario@seed, or a failure file')
      .argument('[b]', 'the same; left out with --without')
      .option('--without <faults>', 'compare one run with itself without these faults of its plan: 2, or 0,2')
      .option('--json', 'one JSON document on stdout'),
  )
    .addHelpText(
      'after',
      `\nExamples:\n  hangup diff midstream/text@k7f3 --without 2\n  hangup diff midstream/text@7 midstream/text@8\n  hangup diff before.json .hangup/failures/midstream-text@k7f3.json${codes({ 0: 'the same run, event for event', 1: 'they part', 3: null })}`,
    )
    .action(async (a, b, flags) => finish(await diff(a, b, flags)));

  hangup
    .command('compare')
    .description('what became worse between sweeps (files of explore --report or --json), by more than luck')
    .argument('<a>', 'results.json of the sweep before')
    .argument('<b...>', 'results.json of the sweep after; several are each held against the first')
    .option('--least-change <percent>', 'changes up to so many percent count as none', '1')
    .option('--all', 'every metric, not only what changed')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `\nIntervals are of 95 % for all metrics together; runs of the same seeds are compared pair by pair; docs/report.md says how.\n\nExamples:\n  hangup compare before/results.json out/results.json\n  hangup compare a.json b.json c.json --least-change 5 --all${codes({ 0: 'nothing is worse', 1: 'something is worse by more than luck', 3: null, 4: null })}`,
    )
    .action(async (a, b, flags) => {
      const { compareFiles } = await import('./compare.ts');
      finish(compareFiles([a, ...b], flags));
    });

  hangup
    .command('list')
    .description(
      'what there is: scenarios, faults, phases, laws, targets, figures, policies, metrics of the lab, networks',
    )
    .argument('[what]')
    .argument('[module]', 'a module such as ./chat.hangup.ts: only what its own scenarios know')
    .option(CONFIG, CONFIG_ABOUT)
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `\nExamples:\n  hangup list\n  hangup list faults\n  hangup list faults ./chat.hangup.ts${codes({ 0: 'done', 1: null, 3: null, 4: null })}`,
    )
    .action(async (what, module, flags) => finish(await list(what, flags, module)));
  hangup
    .command('init')
    .description('write a first NAME.hangup.ts for your own client and server (docs/own-code.md)')
    .argument('[client]', "your client's module; of a server alone: that, and peers stand in for clients")
    .argument('[server]', "your server's module (without: a model of one, to be filled in)")
    .addHelpText(
      'after',
      `\nNothing is asked, and nothing is overwritten.\n\nExamples:\n  hangup init src/client.ts src/server.ts\n  hangup init src/client.ts${codes({ 0: 'done', 1: null, 3: null, 4: null })}`,
    )
    .action(async (client, server) => {
      // What it needs no other command does.
      const { init } = await import('./init.ts');
      finish(init([client, server].filter((each) => each !== undefined)));
    });
  const lab = hangup
    .command('lab')
    .description('which reconnect policy, for storms of clients and servers that admit so many a second (docs/lab.md)');
  addLab?.(lab, finish);
  onceEach(hangup);
  return hangup;
}

/** What was thrown, with the stack of its first cause: where it came from says more than where it went through. */
function tracedOf(error: unknown): string {
  if (!(error instanceof RunError)) return String((error as Error).stack ?? error);
  const stack = error.cause instanceof Error ? error.cause.stack : undefined;
  return `${error.message}\n${stack ?? ''}`;
}

/**
 * Runs the command and returns its exit code. `argv` is what a shell would hand over behind `hangup`; what is said goes
 * to `to`. Never throws. Signals end it early while a sweep runs; the process itself is left alone.
 */
export const command = (argv: readonly string[], to: Streams = process): Promise<number> =>
  speakingTo(to, async () => {
    let code: number = EXIT.holds;
    try {
      const lab = argv.includes('lab') ? (await import('./lab/commands.ts')).labCommands : null;
      await program((result) => {
        code = result;
      }, lab).parseAsync(argv, { from: 'user' });
      return code;
    } catch (error) {
      if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.usage;
      if (error instanceof TellableError) {
        for (const line of error.lines) tell(`hangup: ${visible(line)}`);
        return error.exitCode;
      }
      tell(`hangup: this is a bug of hangup, please report it: ${tracedOf(error)}`);
      return EXIT.bug;
    }
  });

/** `hangup replay`: one run again, recorded, as a timeline. */
import pc from 'picocolors';
import { LAWS } from '../../properties/laws/all.ts';
import type { Entry } from '../../src/history.ts';
import { formatDuration, parseDuration } from '../../src/time.ts';
import { type FailureFile, readFailure, wrongIn } from '../explore/failure.ts';
import { seedText } from '../explore/seeds.ts';
import { type Shrunk, shrink } from '../explore/shrink.ts';
import { strangerIn } from '../faults/check.ts';
import { contentsOf } from '../input/content-argument.ts';
import { networkOf } from '../input/network-argument.ts';
import { policyOf } from '../input/policy-argument.ts';
import type { Outcome } from '../outcome.ts';
import { type RunOptions, run, settingOf } from '../run.ts';
import type { Scenario, World } from '../scenario.ts';
import { faultsOf, scenariosOf, seedOf } from './arguments.ts';
import { cellOf } from './cell-argument.ts';
import { EXIT, InputError, UsageError } from './errors.ts';
import { faultLine } from './fault-line.ts';
import { unknownName } from './names.ts';
import { say, sayJson, warn } from './terminal.ts';
import { lineOf, print, withBreaches } from './timeline.ts';
import { VERSION } from './version.ts';

export interface ReplayFlags {
  readonly around?: string;
  readonly jsonl?: boolean;
  readonly json?: boolean;
  readonly full?: boolean;
  readonly shrink?: boolean;
  readonly input?: string;
  readonly schema?: string;
  readonly network?: string;
  readonly policy?: string;
  readonly cell?: string;
  readonly faults?: string;
}

/** How much is shown around a point: before and after, in microseconds, or in events. */
const BEFORE_US = 2_000_000;
const AFTER_US = 500_000;
const AROUND_EVENTS = 40;

export async function replay(what: string, flags: ReplayFlags): Promise<number> {
  const { scenario, seed, options, file } = subjectOf(what, flags);
  const entries: Entry[] = [];
  let outcome: Outcome;
  let shrunk: Shown['shrunk'] = null;
  try {
    if (flags.shrink) {
      const whole = run(scenario, seed, options);
      const least = shrink(scenario, seed, options, whole);
      shrunk = least === null ? null : { ...least, of: whole.plan.length };
    }
    outcome = run(scenario, seed, {
      ...options,
      ...(shrunk === null ? {} : { plan: shrunk.plan }),
      mode: 'recorded',
      witness: (entry) => entries.push(entry),
    });
  } catch (error) {
    // A plan from a file may name what this version does not know.
    if (file !== null) throw new InputError(`${what}: the plan cannot be carried out (${(error as Error).message})`);
    throw error;
  }
  const window = flags.around === undefined ? null : windowOf(flags.around, outcome);
  const shown = window === null ? entries : entries.filter((entry) => window(entry));
  if (flags.jsonl) for (const entry of shown) sayJson(entry);
  else if (flags.json) sayJson({ schema: 'hangup/replay/1', version: VERSION, ...outcome }, 2);
  else {
    const world = scenario.world(settingOf(scenario, seed, options));
    say(text(scenario, outcome, world, shown, { full: flags.full === true, window, file, shrunk }));
  }
  if (outcome.verdict === 'holds') return EXIT.holds;
  return outcome.verdict === 'broken' ? EXIT.broken : EXIT.budget;
}

interface Subject {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly options: RunOptions;
  readonly file: FailureFile | null;
}

function subjectOf(what: string, flags: ReplayFlags): Subject {
  const at = what.lastIndexOf('@');
  const isFile = what.endsWith('.json');
  if (!isFile && at < 0)
    throw new UsageError(`expected scenario@seed or a failure file (.json), got ${JSON.stringify(what)}`);
  const file = isFile ? readFailure(what) : null;
  const name = file?.scenario ?? what.slice(0, at);
  const given = file?.seed ?? what.slice(at + 1);
  // A seed is a number: 07 is the 7 of a sweep, and no other run.
  const seed = seedText(seedOf(file === null ? what : `${what}: \`seed\``, given));
  const [scenario, ...others] = scenariosOf([name]);
  if (scenario === undefined || others.length > 0)
    throw new UsageError(`expected one scenario, got ${JSON.stringify(name)}`);
  const input = flags.input ?? file?.input ?? undefined;
  if (flags.schema !== undefined && input === undefined)
    throw new UsageError('--schema: expected --input FILE.json with it');
  const network = flags.network ?? file?.network ?? undefined;
  const policy = flags.policy ?? file?.policy ?? undefined;
  const cell = flags.cell ?? file?.cell ?? undefined;
  const options: RunOptions = {
    // A file's own plan goes before kinds that another would be drawn from.
    ...(file === null ? {} : { plan: file.plan }),
    ...(flags.faults === undefined ? {} : { faults: faultsOf(flags.faults) }),
    ...(input === undefined ? {} : { input: contentsOf(input, flags.schema ?? file?.schema ?? undefined, warn) }),
    ...(network === undefined ? {} : { network: networkOf(network) }),
    ...(policy === undefined ? {} : { policy: policyOf(policy) }),
    ...(cell === undefined ? {} : { cell: cellOf(cell, [scenario]) }),
  };
  if (file !== null) {
    const stranger = strangerIn(file.plan, scenario.world(settingOf(scenario, seed, options)));
    if (stranger !== null) throw wrongIn(what, stranger);
  }
  return { scenario, seed, options, file };
}

/** Whether something that happened then is shown. */
type Window = (moment: Pick<Entry, 'at' | 'event'>) => boolean;

/** `--around`: a law (its breach, or the end if it holds), a time, or the number of an event. */
function windowOf(around: string, outcome: Outcome): Window {
  if (/^\d+$/.test(around)) {
    const event = Number(around);
    if (event > outcome.events) throw beyond(around, outcome);
    return (entry) => Math.abs(entry.event - event) <= AROUND_EVENTS;
  }
  const time = parseDuration(around);
  const law = LAWS.find(({ name }) => name === around);
  if (time === undefined && law === undefined)
    throw unknownName(
      '--around: expected a law, a time such as 3.2s, or the number of an event, got',
      around,
      LAWS.map(({ name }) => name),
      'hangup list laws shows all',
    );
  if (time !== undefined && time > outcome.ended) throw beyond(around, outcome);
  const at = time ?? outcome.breaches.find((breach) => breach.law === around)?.at ?? outcome.ended;
  return (entry) => entry.at >= at - BEFORE_US && entry.at <= at + AFTER_US;
}

const beyond = (around: string, { ended, events }: Outcome): UsageError =>
  new UsageError(`--around: the run ends at ${formatDuration(ended)} with event ${events}, got ${around}`);

interface Shown {
  readonly full: boolean;
  readonly window: Window | null;
  readonly file: FailureFile | null;
  /** What `--shrink` came to, and the number of faults before; null without it, or when no law is broken. */
  readonly shrunk: (Shrunk & { readonly of: number }) | null;
}

function text(
  scenario: Scenario,
  outcome: Outcome,
  world: World,
  entries: readonly Entry[],
  { full, window, file, shrunk }: Shown,
): string {
  const lines = [
    `${pc.bold(`${scenario.name}@${outcome.seed}`)}  ${outcome.conditions}`,
    `digest ${outcome.digest}, ${outcome.events} events, ${formatDuration(outcome.ended)} of virtual time`,
  ];
  if (file !== null && shrunk === null && file.digest !== outcome.digest)
    lines.push(
      pc.yellow(
        `the file's digest is ${file.digest}: written by version ${file.version}, this is ${VERSION}; code or drawing changed since, the plan is the file's`,
      ),
    );
  if (shrunk !== null)
    lines.push(
      `shrunk in ${shrunk.runs} runs: ${shrunk.plan.length} of ${shrunk.of} faults are enough to break ${shrunk.law}; this is the run with only them`,
    );
  for (const [number, fault] of outcome.plan.entries()) lines.push(faultLine(number, fault));
  // Not as arguments of one call: a long run has more lines than a stack has room for.
  const history = print(
    withBreaches(
      entries.map((entry) => ({ event: entry.event, line: lineOf(world, entry) })),
      outcome.breaches.filter((breach) => window?.(breach) ?? true),
    ),
    full,
  );
  lines.push('');
  for (const line of history) lines.push(line);
  lines.push('');
  for (const { law, message, at, event } of outcome.breaches)
    lines.push(pc.red(`BROKEN ${law} at ${formatDuration(at)}, event ${event}: ${message}`));
  if (outcome.exceeded !== null) lines.push(pc.red(`OUT OF BUDGET: ${outcome.exceeded}`));
  const [broken] = outcome.breaches;
  if (broken !== undefined && window === null)
    lines.push(
      `--around ${broken.law} shows what happened there, --around 3.2s what happened then${shrunk === null && outcome.plan.length > 1 ? '; --shrink leaves out the faults that it does not need' : ''}`,
    );
  if (outcome.verdict === 'holds') lines.push(pc.green('every law holds'));
  return lines.join('\n');
}

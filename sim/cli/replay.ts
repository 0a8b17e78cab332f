/** `hangup replay`: one run again, recorded, as a timeline. */
import pc from 'picocolors';
import type { Entry } from '../../src/history.ts';
import { formatDuration, formatInstant } from '../../src/time.ts';
import { Connections } from '../connections.ts';
import { type FailureFile, readFailure, wrongIn } from '../explore/failure.ts';
import { seedText } from '../explore/seeds.ts';
import { type Shrunk, shrink } from '../explore/shrink.ts';
import { strangerIn } from '../faults/check.ts';
import type { Outcome } from '../outcome.ts';
import { counted } from '../report/words.ts';
import { type RunOptions, run, settingOf } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { contentsOf, faultsOf, networkOf, scenariosOf, seedOf } from './arguments.ts';
import { cellOf } from './cell-argument.ts';
import { EXIT, InputError, UsageError } from './errors.ts';
import { faultLine } from './fault-line.ts';
import { print } from './fold.ts';
import { policyOf } from './policy-argument.ts';
import { type Line, lineOf, withBreaches } from './timeline.ts';
import { VERSION } from './version.ts';
import { type Window, windowOf } from './window.ts';

export interface ReplayFlags {
  readonly around?: string;
  readonly window?: string;
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
  if (flags.window !== undefined && flags.around === undefined)
    throw new UsageError('--window: expected --around POINT with it');
  const window = flags.around === undefined ? null : windowOf(flags.around, flags.window, outcome, entries);
  const shown = window === null ? entries : entries.filter(window.shows);
  if (flags.jsonl) for (const entry of shown) process.stdout.write(`${JSON.stringify(entry)}\n`);
  else if (flags.json)
    process.stdout.write(`${JSON.stringify({ schema: 'hangup/replay/1', version: VERSION, ...outcome }, null, 2)}\n`);
  else {
    const connections = new Connections();
    for (const entry of entries) if (entry.kind === 'dialled') connections.note(entry);
    const lines = shown.map((entry) => lineOf((conn) => connections.nameOf(conn), entry));
    process.stdout.write(`${text(scenario, outcome, lines, { full: flags.full === true, window, file, shrunk })}\n`);
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
    ...(input === undefined ? {} : { input: contentsOf(input, flags.schema ?? file?.schema ?? undefined) }),
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
  shown: readonly Line[],
  { full, window, file, shrunk }: Shown,
): string {
  const lines = [
    `${pc.bold(`${scenario.name}@${outcome.seed}`)}  ${outcome.conditions}`,
    `digest ${outcome.digest}, ${counted(outcome.events, 'event')}, ${formatDuration(outcome.ended)} of virtual time`,
  ];
  if (file !== null && shrunk === null && file.digest !== outcome.digest)
    lines.push(
      pc.yellow(
        `the file's digest is ${file.digest}: written by version ${file.version}, this is ${VERSION}; code or drawing changed since, the plan is the file's`,
      ),
    );
  if (shrunk !== null)
    lines.push(
      `shrunk in ${counted(shrunk.runs, 'run')}: ${shrunk.plan.length} of ${counted(shrunk.of, 'fault')} ${shrunk.plan.length === 1 ? 'is' : 'are'} enough to break ${shrunk.law}; this is the run with only them`,
    );
  for (const [number, fault] of outcome.plan.entries()) lines.push(faultLine(number, fault));
  if (window !== null) lines.push(window.about);
  const history = print(
    withBreaches(
      shown,
      outcome.breaches.filter((breach) => window?.shows(breach) ?? true),
    ),
    full,
  );
  lines.push('');
  // Not as arguments of one call: a long run has more lines than a stack has room for.
  for (const line of history) lines.push(line);
  if (history.length === 0) lines.push('nothing that a witness could see');
  lines.push('');
  for (const { law, message, at, event } of outcome.breaches)
    lines.push(pc.red(`BROKEN ${law} at ${formatInstant(at)}, event #${event}: ${message}`));
  if (outcome.exceeded !== null) lines.push(pc.red(`OUT OF BUDGET: ${outcome.exceeded}`));
  const [broken] = outcome.breaches;
  if (broken !== undefined && window === null)
    lines.push(
      `--around ${broken.law} or --around ${broken.event} shows only what happened there${shrunk === null && outcome.plan.length > 1 ? '; --shrink leaves out the faults that it does not need' : ''}`,
    );
  if (outcome.verdict === 'holds') lines.push(pc.green('every law holds'));
  return lines.join('\n');
}

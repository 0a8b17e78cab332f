/** `hangup replay`: one run again, recorded, as a timeline. */
import pc from 'picocolors';
import type { Law } from '../../properties/laws/law.ts';
import { formatDuration, formatInstant, formatRounded } from '../../src/time.ts';
import type { Outcome } from '../core/outcome.ts';
import { type RunOptions, run } from '../core/run.ts';
import { lawsOf, type Scenario } from '../core/scenario.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { planLines } from '../explain/fault-line.ts';
import { linesIn, print } from '../explain/fold.ts';
import { type Line, withBreaches } from '../explain/lines.ts';
import { leastOptions, type Shrunk, shrink } from '../explain/shrink.ts';
import { type RunStory, storyOf } from '../explain/story.ts';
import { storyText } from '../explain/story-text.ts';
import { argumentsText, shellWord } from '../explore/command-line.ts';
import type { FailureFile } from '../explore/failure.ts';
import { idleFaults } from '../explore/idle-faults.ts';
import { faultsOf as kindsOf } from '../faults/catalogue.ts';
import { counted } from '../report/words.ts';
import { mustBeReady } from './arguments.ts';
import { EXIT, InputError } from './errors.ts';
import { fileLines } from './file-lines.ts';
import { checkReplayed } from './flags.ts';
import { waitForDebugger } from './inspect.ts';
import { sizeText } from './problem-lines.ts';
import { writePage } from './replay-page.ts';
import { both, eachOf, nothingShown, type SelectionFlags, selectionOf } from './selection.ts';
import { type SubjectFlags, subjectOf } from './subject.ts';
import { say, sayJson, tell } from './terminal.ts';
import { VERSION } from './version.ts';
import { whyOf } from './why.ts';
import { type Window, windowOf } from './window.ts';

export interface ReplayFlags extends SubjectFlags, SelectionFlags {
  readonly around?: string;
  readonly window?: string;
  readonly why?: string;
  readonly jsonl?: boolean;
  readonly json?: boolean;
  readonly html?: string;
  readonly full?: boolean;
  readonly timeline?: boolean;
  /** False: no story is told (`--no-story`). */
  readonly story?: boolean;
  readonly shrink?: boolean;
  /** A port; true for the usual one. */
  readonly inspect?: string | true;
}

export async function replay(what: string, flags: ReplayFlags): Promise<number> {
  checkReplayed(flags);
  const { scenario, seed, options, file, instead, changed, module } = await subjectOf(what, flags);
  mustBeReady([scenario]);
  if (flags.inspect !== undefined) waitForDebugger(flags.inspect);
  const entries: RecordedEntry[] = [];
  let outcome: Outcome;
  let shrunk: Shown['shrunk'] = null;
  try {
    if (flags.shrink) {
      const whole = run(scenario, seed, options);
      const least = shrink(whole);
      shrunk = least === null ? null : { ...least, of: whole.plan.length };
      // On standard error, because standard output may be a document.
      if (shrunk === null) tell('hangup: --shrink: nothing to shrink: this run breaks no law');
    }
    outcome = run(scenario, seed, {
      ...(shrunk === null ? options : leastOptions(options, shrunk)),
      witness: (entry) => entries.push(entry),
    });
  } catch (error) {
    // A plan from a file may name what this version does not know.
    if (file !== null && file.ended === undefined)
      throw new InputError(`${what}: the plan cannot be carried out (${(error as Error).message})`);
    throw error;
  }
  const made: RunOptions = shrunk === null ? options : leastOptions(options, shrunk);
  if (flags.html !== undefined) {
    await writePage(flags.html, what, flags, {
      scenario,
      outcome,
      options: made,
      history: entries,
      module,
    });
  }
  // More runs, each of which a debugger would hold.
  const mayRun = flags.inspect === undefined;
  const idle = (): readonly number[] | null => (mayRun ? idleFaults(scenario, made, outcome, entries) : null);
  const laws = lawsOf(scenario);
  const window = both(
    shownOf(flags, outcome, entries, laws),
    selectionOf(flags, scenario, made, outcome, entries, laws),
  );
  const shown = window === null ? entries : entries.filter(window.shows);
  if (window !== null && shown.length === 0) {
    // Standard output may be a document, which then has no line.
    const alone = eachOf(flags).map(
      ([flag, only]) => [flag, selectionOf(only, scenario, made, outcome, entries, laws) as Window] as const,
    );
    (flags.jsonl ? tell : say)(nothingShown(entries, outcome, window.about, alone));
    return exitOf(outcome);
  }
  if (flags.jsonl) for (const entry of shown) sayJson(entry);
  else if (flags.json)
    sayJson(
      {
        ...{ schema: 'hangup/replay/1', version: VERSION, ...outcome, idle_faults: idle() },
        story: mayRun && flags.story !== false ? told(scenario, made, outcome, entries) : null,
      },
      2,
    );
  else if (outcome.verdict !== 'holds' && window === null && mayRun && flags.story !== false) {
    const story = told(scenario, made, outcome, entries);
    const about = aboutOf(outcome, { file, instead, changed, shrunk });
    const again = againLines(what, flags, outcome, shrunk === null);
    const lines = [...about, ...storyText(story), ...again];
    if (flags.timeline || flags.full) lines.push('', ...timelineOf(scenario, outcome, entries, flags.full === true));
    say(lines.join('\n'));
  } else {
    const lineFor = linesIn(entries, scenario.protocol);
    const lines = shown.map((entry) => {
      const line = lineFor(entry);
      return window?.meanwhile?.(entry) ? { ...line, what: `meanwhile: ${line.what}` } : line;
    });
    const full = flags.full === true;
    say(text(scenario, outcome, lines, { full, window, file, instead, changed, shrunk, idle: idle() }));
  }
  return exitOf(outcome);
}

const exitOf = ({ verdict }: Outcome): number =>
  verdict === 'holds' ? EXIT.holds : verdict === 'broken' ? EXIT.broken : EXIT.budget;

/** So long a story may take without a word. */
const PATIENCE_MS = 2000;

function told(scenario: Scenario, options: RunOptions, outcome: Outcome, entries: readonly RecordedEntry[]): RunStory {
  const begun = performance.now();
  const story = storyOf(outcome, entries, { scenario, options });
  const took = performance.now() - begun;
  if (took > PATIENCE_MS)
    tell(
      `hangup: the story took ${formatRounded(took * 1000)} (${counted(story.runs, 'run')} more); --no-story does without`,
    );
  return story;
}

/** What is said of the run besides its story: where it comes from, and its digest. */
function aboutOf(
  outcome: Outcome,
  { file, instead, changed, shrunk }: Pick<Shown, 'file' | 'instead' | 'changed' | 'shrunk'>,
): readonly string[] {
  const lines: string[] = [];
  if (changed !== null) lines.push(pc.yellow(changed));
  if (file !== null && shrunk === null)
    for (const line of fileLines(file, outcome.digest, instead, changed !== null, outcome)) lines.push(pc.yellow(line));
  if (shrunk !== null) lines.push(shrunkLine(shrunk));
  return lines;
}

/** How it is run once more, and which flags show more of it. */
function againLines(
  what: string,
  flags: ReplayFlags,
  { digest, events, ended, conditions, breaches, plan }: Outcome,
  mayShrink: boolean,
): readonly string[] {
  const given = Object.fromEntries(ORIGIN.map((flag) => [flag, flags[flag] ?? null]));
  const line = ['npx hangup replay', shellWord(what), argumentsText(given)].filter((part) => part !== '').join(' ');
  const [broken] = breaches;
  const at = broken === undefined ? String(events) : broken.law;
  return [
    `run    ${conditions}; ${counted(events, 'event')}, ${formatDuration(ended)} of virtual time, digest ${digest}`,
    `more   ${line} --timeline | --around ${at} | --why ${at} | --node NAME | --conn c1#1 | --stream 1${mayShrink && plan.length > 1 ? ' | --shrink' : ''}`,
  ];
}

/** What makes it another run, besides its seed. */
const ORIGIN = ['input', 'schema', 'network', 'policy', 'cell', 'faults', 'config'] as const;

function timelineOf(
  scenario: Scenario,
  { breaches }: Outcome,
  entries: readonly RecordedEntry[],
  full: boolean,
): readonly string[] {
  return bounded(print(withBreaches(entries.map(linesIn(entries, scenario.protocol)), breaches), full), full);
}

/** So many lines of a timeline are printed from either end, unless it is asked for in full: nobody reads a million. */
const LINES_AN_END = 1500;

function bounded(lines: readonly string[], full: boolean): readonly string[] {
  const left = lines.length - 2 * LINES_AN_END;
  if (full || left <= 0) return lines;
  const between = `  … ${counted(left, 'line')} between: --from and --to, --node, --conn or --around show a part, --full all`;
  return [...lines.slice(0, LINES_AN_END), between, ...lines.slice(-LINES_AN_END)];
}

/** The part of a run that was asked for; null for all of it. */
function shownOf(
  { around, window, why }: ReplayFlags,
  outcome: Outcome,
  entries: readonly RecordedEntry[],
  laws: readonly Law[],
): Window | null {
  if (why !== undefined) return whyOf(why, outcome, entries, laws);
  return around === undefined ? null : windowOf(around, window, outcome, entries, laws);
}

interface Shown {
  readonly full: boolean;
  readonly window: Window | null;
  readonly file: FailureFile | null;
  readonly instead: readonly string[];
  readonly changed: string | null;
  /** Places in the plan of faults that changed nothing; null when nobody looked. */
  readonly idle: readonly number[] | null;
  /** What `--shrink` came to, and the number of faults before; null without it, or when no law is broken. */
  readonly shrunk: (Shrunk & { readonly of: number }) | null;
}

const shrunkLine = ({ plan, of, runs, law, ...shrunk }: NonNullable<Shown['shrunk']>): string =>
  `shrunk in ${counted(runs, 'run')}: ${plan.length} of ${counted(of, 'fault')} ${plan.length === 1 ? 'is' : 'are'} enough to break ${law}; this is that run (${sizeText(shrunk)})`;

function text(
  scenario: Scenario,
  outcome: Outcome,
  shown: readonly Line[],
  { full, window, file, instead, changed, shrunk, idle }: Shown,
): string {
  const lines = [
    `${pc.bold(`${scenario.name}@${outcome.seed}`)}  ${outcome.conditions}`,
    `digest ${outcome.digest}, ${counted(outcome.events, 'event')}, ${formatDuration(outcome.ended)} of virtual time`,
  ];
  if (changed !== null) lines.push(pc.yellow(changed));
  if (file !== null && shrunk === null)
    for (const line of fileLines(file, outcome.digest, instead, changed !== null, outcome)) lines.push(pc.yellow(line));
  if (shrunk !== null) lines.push(shrunkLine(shrunk));
  lines.push(...planLines(outcome, kindsOf(scenario), idle, scenario.protocol?.phases));
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
  for (const line of bounded(history, full)) lines.push(line);
  if (history.length === 0) lines.push('nothing that a witness could see');
  lines.push('');
  for (const { law, message, at, event } of outcome.breaches)
    lines.push(pc.red(`BROKEN ${law} at ${formatInstant(at)}, event #${event}: ${message}`));
  if (outcome.endedEarly) lines.push('the run was ended there, because nothing that comes later can mend it');
  if (outcome.exceeded !== null) lines.push(pc.red(`OUT OF BUDGET: ${outcome.exceeded}`));
  const [broken] = outcome.breaches;
  if (broken !== undefined && window === null)
    lines.push(
      `--around ${broken.law} or --around ${broken.event} shows only what happened there, --why ${broken.law} what led to it${shrunk === null && outcome.plan.length > 1 ? '; --shrink leaves out the faults that it does not need' : ''}`,
    );
  if (outcome.verdict === 'holds') lines.push(pc.green('every law holds'));
  return lines.join('\n');
}

/** The story of a replayed run on a terminal: told in time, with the line that replays it and what shows more of it. */
import { formatDuration, formatRounded } from '../../src/time.ts';
import type { Outcome } from '../core/outcome.ts';
import type { RunOptions } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { linesIn, print } from '../explain/fold.ts';
import { withBreaches } from '../explain/lines.ts';
import { type RunStory, storyOf } from '../explain/story.ts';
import { argumentsText, shellWord } from '../explore/command-line.ts';
import { counted } from '../report/words.ts';
import type { ReplayFlags } from './replay.ts';
import { tell } from './terminal.ts';

/** So long a story may take without a word. */
const PATIENCE_MS = 2000;

export function told(
  scenario: Scenario,
  options: RunOptions,
  outcome: Outcome,
  entries: readonly RecordedEntry[],
  law: string | undefined,
): RunStory {
  const begun = performance.now();
  const story = storyOf(outcome, entries, { scenario, options, ...(law === undefined ? {} : { law }) });
  const took = performance.now() - begun;
  if (took > PATIENCE_MS)
    tell(
      `hangup: the story took ${formatRounded(took * 1000)} (${counted(story.runs, 'run')} more); --no-story does without`,
    );
  return story;
}

/** How it is run once more, and which flags show more of it. */
export function againLines(
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
const ORIGIN = ['input', 'schema', 'network', 'policy', 'cell', 'faults', 'sizes', 'config'] as const;

export function timelineOf(
  scenario: Scenario,
  { breaches }: Outcome,
  entries: readonly RecordedEntry[],
  full: boolean,
): readonly string[] {
  return bounded(print(withBreaches(entries.map(linesIn(entries, scenario.protocol)), breaches), full), full);
}

/** So many lines of a timeline are printed from either end, unless it is asked for in full: nobody reads a million. */
const LINES_AN_END = 1500;

export function bounded(lines: readonly string[], full: boolean): readonly string[] {
  const left = lines.length - 2 * LINES_AN_END;
  if (full || left <= 0) return lines;
  const between = `  … ${counted(left, 'line')} between: --from and --to, --node, --conn or --around show a part, --full all`;
  return [...lines.slice(0, LINES_AN_END), between, ...lines.slice(-LINES_AN_END)];
}

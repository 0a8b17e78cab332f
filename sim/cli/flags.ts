/**
 * Flags that do nothing are refused: one that is given twice, of which the last would win, and one that stands beside
 * another which leaves it nothing to do.
 */
import type { Command } from 'commander';
import { UsageError } from './errors.ts';

/** Refuses the second of a flag that takes one value, in every command. Flags that make a list have one as their default. */
export function onceEach(program: Command): void {
  for (const command of program.commands) {
    onceEach(command);
    for (const option of command.options) {
      if (option.isBoolean() || Array.isArray(option.defaultValue)) continue;
      let given = false;
      command.on(`option:${option.name()}`, () => {
        if (given) throw new UsageError(`${option.long}: is given twice; expected it once`);
        given = true;
      });
    }
  }
}

interface Explored {
  readonly byCell?: boolean;
  readonly targets?: boolean;
}

/** Pairs of `explore`; `tableless` when a reporter has standard output. */
export function checkExplored({ byCell, targets }: Explored, tableless: boolean): void {
  for (const [flag, given] of [
    ['--by-cell', byCell],
    ['--targets', targets],
  ] as const)
    if (given && tableless)
      throw new UsageError(`${flag}: expected a table on standard output, which --reporter junit has`);
}

interface Replayed {
  readonly html?: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly full?: boolean;
  readonly around?: string;
  readonly window?: string;
  readonly why?: string;
  readonly node?: string;
  readonly conn?: string;
  readonly stream?: string;
  readonly from?: string;
  readonly to?: string;
  readonly timeline?: boolean;
  readonly story?: boolean;
  readonly law?: string;
  readonly shrink?: boolean;
  readonly inspect?: string | true;
}

/** Pairs of `replay`. */
export function checkReplayed(flags: Replayed): void {
  const { html, json, jsonl, full, around, window, why, shrink, inspect, timeline, story, law } = flags;
  if (html === '') throw new UsageError('--html: expected a file, got ""');
  if (json && jsonl)
    throw new UsageError('--json and --jsonl: expected one of them: standard output holds one of both');
  if (full && (json || jsonl))
    throw new UsageError(`--full: expected the timeline, got --${json ? 'json' : 'jsonl'}, which folds nothing`);
  if (timeline && (json || jsonl))
    throw new UsageError(`--timeline: expected text, got --${json ? 'json' : 'jsonl'}, which is a document`);
  if (around !== undefined && why !== undefined)
    throw new UsageError('--around and --why: expected one of them: what led to a point lies far from it');
  const part = (['around', 'why', 'node', 'conn', 'stream', 'from', 'to'] as const).find(
    (each) => flags[each] !== undefined,
  );
  if (part !== undefined && json)
    throw new UsageError(`--${part}: expected the timeline or --jsonl: --json is the outcome of the whole run`);
  if (law !== undefined && (part !== undefined || story === false || jsonl))
    throw new UsageError(
      `--law: expected a story, got --${part ?? (jsonl ? 'jsonl' : 'no-story')}, with which none is told`,
    );
  if (shrink && inspect !== undefined)
    throw new UsageError(
      '--shrink and --inspect: expected one of them: shrinking makes many runs, and each would be held',
    );
  if (window !== undefined && around === undefined) throw new UsageError('--window: expected --around POINT with it');
}

/**
 * Failures that were found so far are tried first by the next sweep of their scenarios: each is one run, with its own plan,
 * world and arguments. Whatever is wrong with such a file is one line, and nothing that would stop a sweep.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { overridesIn } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { causeOf } from '../explain/cause.ts';
import { pasteFile } from '../explore/command-line.ts';
import type { FailureFile } from '../explore/failure.ts';
import { readFailure } from '../explore/read-failure.ts';
import type { SecondRuns } from '../explore/second-runs.ts';
import type { Seen } from '../explore/single.ts';
import { counted } from '../report/words.ts';
import { EXIT } from './errors.ts';
import type { Known } from './known.ts';
import { fileSubject } from './subject.ts';

/** One that was tried. */
export interface Tried {
  readonly path: string;
  readonly scenario: string;
  /** `still`: by the same law and cause; `otherwise`: it fails in another way; `passes`: it does not fail. */
  readonly now: 'still' | 'otherwise' | 'passes';
  /** What it failed by, and what it fails by now; null when it passes. */
  readonly law: string;
  readonly message: string | null;
  readonly verdict: Seen['verdict'] | 'crashed';
}

export interface KnownFailures {
  readonly tried: readonly Tried[];
  /** How many there was no time for. */
  readonly left: number;
}

export const NONE_KNOWN: KnownFailures = { tried: [], left: 0 };

/** They must not cost a sweep more than a moment: milliseconds of wall time, and files. */
const ALL_MS = 10_000;
const MOST = 1_000;

/** Tries every failure in a folder that is of these scenarios. `say` hears of files that are none. */
export async function triedAgain(
  folder: string,
  scenarios: readonly Scenario[],
  known: Known,
  again: SecondRuns,
  say: (line: string) => void,
): Promise<KnownFailures> {
  const latest = performance.now() + ALL_MS;
  const tried: Tried[] = [];
  let left = 0;
  for (const path of filesIn(folder)) {
    const told = (error: unknown): void => say(`known failure left out: ${(error as Error).message.split('\n')[0]}`);
    try {
      const { scenario: name, ended } = readFailure(path, null);
      if (!scenarios.some((each) => each.name === name)) continue;
      if (performance.now() > latest || tried.length + left >= MOST) {
        left++;
        continue;
      }
      const { scenario, seed, options, file } = fileSubject(path, known);
      const { plan = null } = options;
      const single = { scenario: name, seed, plan, overrides: overridesIn(options), shrink: null };
      // Who ended a process may do so again.
      const isApart = ended?.verdict === 'crashed';
      const seen = await again.see(scenario, single, isApart);
      if (seen === null && !isApart) left++;
      else tried.push(triedAs(path, file as FailureFile, seen));
    } catch (error) {
      told(error);
    }
  }
  return { tried, left };
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Null for a run that ended its process. */
function triedAs(path: string, { scenario, law, cause }: FailureFile, seen: Seen | null): Tried {
  if (seen === null)
    return { path, scenario, law, now: 'still', message: 'it ended its process again', verdict: 'crashed' };
  const { verdict, breaches, exceeded, threw } = seen;
  const failings = [
    ...breaches,
    ...(exceeded === null ? [] : [{ law: 'budget', message: exceeded }]),
    ...(threw === null ? [] : [{ law: 'threw', message: threw }]),
  ];
  const same = failings.find((each) => each.law === law && causeOf(each.message) === cause);
  const now = same !== undefined ? 'still' : failings.length > 0 ? 'otherwise' : 'passes';
  return { path, scenario, law, now, message: (same ?? failings[0])?.message ?? null, verdict };
}

/** `3 known failures: 2 still fail, 1 passes now`, and a line to paste for each that fails; none without any. */
export function knownLines({ tried, left }: KnownFailures): readonly string[] {
  if (tried.length + left === 0) return [];
  const count = (now: Tried['now']): number => tried.filter((each) => each.now === now).length;
  const [still, otherwise, passes] = [count('still'), count('otherwise'), count('passes')];
  const said = [
    ...(still > 0 ? [`${still} still ${still === 1 ? 'fails' : 'fail'}`] : []),
    ...(otherwise > 0 ? [`${otherwise} ${otherwise === 1 ? 'fails' : 'fail'} in another way`] : []),
    ...(passes > 0 ? [`${passes} ${passes === 1 ? 'passes' : 'pass'} now`] : []),
    ...(left > 0 ? [`no time for ${left}`] : []),
  ];
  const bad = failingNow({ tried, left });
  return [
    `${counted(tried.length + left, 'known failure')}: ${said.join(', ')}`,
    ...bad
      .slice(0, SHOWN)
      .map(({ scenario, law, message, path }) => `  ${scenario}: ${law}: ${message}; ${pasteFile(path)}`),
    ...(bad.length > SHOWN ? [`  and ${bad.length - SHOWN} more`] : []),
  ];
}

const SHOWN = 10;

export const failingNow = ({ tried }: KnownFailures): readonly Tried[] => tried.filter(({ now }) => now !== 'passes');

/** The exit code of a sweep whose own is `code`: a failure that still fails fails it, whatever fresh seeds say. */
export function withKnown(code: number, known: KnownFailures): number {
  const codes: readonly number[] = failingNow(known).map(({ verdict }) =>
    verdict === 'budget' ? EXIT.budget : verdict === 'threw' || verdict === 'crashed' ? EXIT.ended : EXIT.broken,
  );
  if (codes.length === 0 || code === EXIT.bug || code === EXIT.broken) return code;
  if (codes.includes(EXIT.broken)) return EXIT.broken;
  return code === EXIT.ended || codes.includes(EXIT.ended) ? EXIT.ended : EXIT.budget;
}

/** Laws that were not judged, as reports show them: in how many runs, and why. */
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import type { LawRow } from '../explore/law-verdict.ts';
import { type Markup, markup } from './markup.ts';
import { count, counted, notEnough } from './words.ts';

/** A law of a scenario. */
export interface PlacedLaw extends LawRow {
  readonly scenario: string;
  /** Runs of the scenario in all. */
  readonly of: number;
}

export const unjudgedIn = (
  { scenarios }: ExploreDocument,
  ...verdicts: readonly LawRow['verdict'][]
): readonly PlacedLaw[] =>
  scenarios.flatMap(({ name, runs, not_judged = [] }) =>
    not_judged.filter(({ verdict }) => verdicts.includes(verdict)).map((row) => ({ ...row, scenario: name, of: runs })),
  );

/** `not judged in 3 of 1,000 runs (…)`, and what that means; or what of a sweep is beyond all luck. */
export function lawInWords({ runs, because, verdict, needed }: LawRow, of: number): string {
  if (verdict === 'not by luck') return `broken over ${counted(of, 'run')}, by no luck: ${because}`;
  const words = `not judged in ${verdict === 'in part' ? `${count(runs)} of ${counted(of, 'run')}` : `any of ${counted(of, 'run')}`} (${because})`;
  if (verdict === 'never tested') return `${words}: it was never put to the test`;
  return verdict === 'not enough seeds' ? `${words}: ${notEnough(needed, { runs: of, samples: of })}` : words;
}

/** The laws of one scenario that were not judged in every run. */
export function lawTable({ name, runs, not_judged = [] }: ScenarioDocument): Markup | null {
  if (not_judged.length === 0) return null;
  return markup`<h3>Laws that were not judged in every run, which is not the same as that they held, and those that all runs together break</h3>
<div class="scroll"><table><caption class="sr">Laws of ${name} that were not judged in every run, and why</caption>
<thead><tr><th scope="col">Law</th><th scope="col">Verdict</th></tr></thead>
<tbody>${not_judged.map((row) => {
    const [style, sign] = MARKS[row.verdict] ?? MARKS['nothing to judge'];
    return markup`<tr><th scope="row">${row.law}</th><td class="state"><span class="${style}">${sign} ${lawInWords(row, runs)}</span></td></tr>`;
  })}</tbody></table></div>`;
}

const MARKS: Readonly<Record<LawRow['verdict'], readonly [style: string, sign: string]>> = {
  'in part': ['dim', '·'],
  'never tested': ['bad', '✕'],
  'not enough seeds': ['few', '○'],
  'nothing to judge': ['dim', '·'],
  'not by luck': ['bad', '✕'],
};

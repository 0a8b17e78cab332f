/** Claims as a report shows them: what came true in which runs, and what a sweep should have seen and has not. */
import type { ClaimRow } from '../explore/claim-verdict.ts';
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import { type Markup, markup } from './markup.ts';
import { count, notEnough, percent } from './words.ts';

/** A claim of a scenario. */
export interface PlacedClaim extends ClaimRow {
  readonly scenario: string;
  /** Runs of the scenario in all. */
  readonly of: number;
}

export const claimsOf = (
  { scenarios }: ExploreDocument,
  ...verdicts: readonly ClaimRow['verdict'][]
): readonly PlacedClaim[] =>
  scenarios.flatMap(({ name, runs, sometimes }) =>
    sometimes
      .filter(({ verdict }) => verdicts.includes(verdict))
      .map((each) => ({ ...each, scenario: name, of: runs })),
  );

/** What its number of runs means for the sweep, in words and without markup. */
export function claimInWords({ verdict, needed }: ClaimRow, of: number): string {
  switch (verdict) {
    case 'reached':
      return 'came true';
    case 'never reached':
      return `never came true in ${count(of)} runs`;
    case 'not enough seeds':
      return `not seen yet: ${notEnough(needed, { runs: of, samples: of })}`;
    case 'not expected':
      return 'not seen, and not expected under these arguments';
  }
}

/** The claims of one scenario. */
export function claimTable({ name, runs, sometimes }: ScenarioDocument): Markup | null {
  if (sometimes.length === 0) return null;
  return markup`<h3>Claims: what must happen in some run, or the laws were never put to the test</h3>
<div class="scroll"><table><caption class="sr">Claims of ${name} and in how many runs each came true</caption>
<thead><tr><th scope="col">Claim</th><th scope="col">What it states</th><th scope="col">Verdict</th><th scope="col" class="n">Runs</th><th scope="col" class="n">Share</th></tr></thead>
<tbody>${sometimes.map(
    (claim) =>
      markup`<tr><th scope="row">${claim.name}</th><td>${claim.states}</td><td class="state">${marked(claim, runs)}</td><td class="n">${count(claim.runs)}</td><td class="n">${percent(runs === 0 ? null : (claim.runs / runs) * 100)}</td></tr>`,
  )}</tbody></table></div>`;
}

const MARKS: Readonly<Record<ClaimRow['verdict'], readonly [style: string, sign: string]>> = {
  reached: ['ok', '✓'],
  'never reached': ['bad', '✕'],
  'not enough seeds': ['few', '○'],
  'not expected': ['dim', '·'],
};

function marked(claim: ClaimRow, of: number): Markup {
  const [style, sign] = MARKS[claim.verdict];
  return markup`<span class="${style}">${sign} ${claimInWords(claim, of)}</span>`;
}

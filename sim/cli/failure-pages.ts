/** The replay pages of what a report shows as failed: one for each run, beside the report, which links to them. */
import { join } from 'node:path';
import type { Flags } from '../core/overrides.ts';
import type { BrokenDocument, ExploreDocument } from '../explore/document.ts';
import type { Problem } from '../explore/problems.ts';
import { isLaw } from '../report/verdict.ts';
import { writeWhole } from './output.ts';
import { pageOf } from './replay-page.ts';

/** Whoever has a hundred broken laws reads a few pages; the others are a paste of their line away. */
const PAGES = 40;

/** The document with the place of a page for each failure that has a run to show, from the folder of the report. */
export function withPages(document: ExploreDocument): ExploreDocument {
  const pages = new Set<string>();
  const paged = (scenario: string, broken: BrokenDocument): BrokenDocument => {
    // A run that threw, or whose process died, has no end that a page could run to.
    if (!isLaw(broken.law) && broken.law !== 'budget') return broken;
    const page = `replay/${scenario.replaceAll('/', '-')}@${broken.seed}.html`;
    if (!pages.has(page) && pages.size >= PAGES) return broken;
    pages.add(page);
    return { ...broken, page };
  };
  const scenarios = document.scenarios.map((each) => ({
    ...each,
    broken: each.broken.map((broken) => paged(each.name, broken)),
  }));
  return { ...document, scenarios };
}

/** Writes the pages that the document names, of these problems. Throws `OutputError`. */
export async function writePages(
  folder: string,
  document: ExploreDocument,
  problems: readonly Problem[],
  flags: Flags,
): Promise<void> {
  const written = new Set<string>();
  for (const { name, broken } of document.scenarios)
    for (const { page, law } of broken) {
      const problem = problems.find((each) => each.scenario === name && each.law === law);
      if (page === undefined || problem === undefined || written.has(page)) continue;
      written.add(page);
      writeWhole(join(folder, page), await pageOf({ ...problem, plan: problem.bad.plan }, flags));
    }
}

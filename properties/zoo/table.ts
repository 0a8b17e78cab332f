/** The table of the zoo: each bug, the law that caught it, and how long each way of looking took. */
import type { Bug } from './bug.ts';
import type { Found, Strategy } from './find.ts';

/** What the searches for one bug came to, one by one, each from another seed. */
export interface Row {
  readonly bug: Bug;
  readonly searches: Readonly<Partial<Record<Strategy, readonly Found[]>>>;
}

/** The middle one; the lower of two. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

/** Once in so many runs, over all searches in one way; null when it never was. */
export function oncePer(searches: readonly Found[], what: (found: Found) => number): number | null {
  const times = searches.reduce((sum, found) => sum + what(found), 0);
  const runs = searches.reduce((sum, found) => sum + found.runs, 0);
  return times === 0 ? null : Math.max(1, Math.round(runs / times));
}

export const isFound = (searches: readonly Found[] | undefined): boolean =>
  searches?.some(({ finding }) => finding !== null) === true;

/** `3`: found at the third try of each scenario, in the middle; `>300`: not found in so many; empty: not looked for. */
function triesIn(searches: readonly Found[] | undefined): string {
  if (searches === undefined || searches.length === 0) return '';
  if (!isFound(searches)) return `>${Math.max(...searches.map(({ tries }) => tries))}`;
  const median = medianOf(searches.map(({ finding, tries }) => (finding === null ? Number.POSITIVE_INFINITY : tries)));
  return Number.isFinite(median) ? String(median) : `>${Math.max(...searches.map(({ tries }) => tries))}*`;
}

/** The laws that caught it, the one that did so most often first. */
export function lawsOf({ searches }: Row): readonly string[] {
  const counts = new Map<string, number>();
  for (const found of Object.values(searches).flat())
    if (found.finding !== null) counts.set(found.finding.law, (counts.get(found.finding.law) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([law]) => law);
}

export function tableOf(rows: readonly Row[], strategies: readonly Strategy[]): string {
  const head = ['bug', 'of', 'law', ...strategies, 'seen once in', 'acts once in'];
  const cells = rows.map((row) => {
    const { bug, searches } = row;
    const runs = searches.random ?? searches[strategies[0] as Strategy] ?? [];
    const seen = oncePer(runs, ({ finding }) => (finding === null ? 0 : 1));
    const acts = oncePer(runs, ({ acted }) => acted);
    return [
      bug.name,
      bug.role,
      lawsOf(row).join(', ') || '-',
      ...strategies.map((strategy) => triesIn(searches[strategy])),
      seen === null ? '-' : String(seen),
      acts === null ? '-' : String(acts),
    ];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((each) => each[i]?.length ?? 0)));
  const line = (each: readonly string[]): string =>
    each
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** Bugs that changed no run of a whole search: what never acts was not planted. One line for each. */
export function neverActed(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ bug, searches }) => {
    const all = Object.values(searches).flat();
    const runs = all.reduce((sum, found) => sum + found.runs, 0);
    return all.every(({ acted }) => acted === 0) ? [`${bug.name}: never acted in ${runs} runs`] : [];
  });
}

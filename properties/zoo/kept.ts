/**
 * What was found, written down: where each bug showed last time. A sweep that still finds it there costs one run; where the
 * place has moved (another catalogue draws other plans), it looked for in the scenario that showed it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { exhaustive } from '../../sim/search/exhaustive.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';
import type { Bug } from './bug.ts';
import { type Finding, type Strategy, tryOne } from './find.ts';
import { planted } from './plant.ts';
import { medianOf, type Row } from './table.ts';

const FILE = new URL('./found.json', import.meta.url);

/** Where a bug was found, and how many tries of each scenario that took, in the middle. */
export interface Kept extends Omit<Finding, 'message'> {
  readonly strategy: Strategy;
  readonly tries: number;
}

export const readKept = (): Readonly<Record<string, Kept>> => JSON.parse(readFileSync(FILE, 'utf8'));

/** Adds what was found to what is written down; what was not looked for, or not found, stays as it was. */
export function keep(rows: readonly Row[], known: Readonly<Record<string, Kept>>): void {
  const all: Record<string, Kept> = { ...known };
  for (const { bug, searches } of rows)
    for (const [strategy, found] of Object.entries(searches) as [Strategy, Row['searches'][Strategy]][]) {
      const hits = (found ?? []).filter(({ finding }) => finding !== null);
      const [first] = hits;
      if (first?.finding === null || first === undefined) continue;
      const { message: _, ...finding } = first.finding;
      all[bug.name] = { strategy, ...finding, tries: medianOf(hits.map(({ tries }) => tries)) };
      break;
    }
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** What the kept place says today: red, or null. */
export function retry(bug: Bug, { strategy, scenario: name, seed, number }: Kept): Finding | null {
  const [scenario] = planted(
    bug,
    SCENARIOS.filter((each) => each.name === name),
  );
  if (scenario === undefined) return null;
  // What a guided search did depends on all that it met before.
  if (strategy === 'guided') return null;
  if (strategy !== 'exhaustive' || number === null)
    return tryOne(scenario, { seed, number: null, options: {} }).finding;
  const from = Number.parseInt(seed, 36);
  const [found] = exhaustive(scenario, { from, seeds: 1 }, {}).from(number, 1);
  return found === undefined ? null : tryOne(scenario, { seed, number, options: { plan: found.plan } }).finding;
}

/** Arguments that several commands share: names with suggestions, numbers, seeds, times, faults. */
import { parseDuration } from '../../src/time.ts';
import { seedNumber } from '../explore/seeds.ts';
import { FAULT_KINDS } from '../faults/catalogue.ts';
import type { FaultKind } from '../faults/plan.ts';
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { UsageError } from './errors.ts';
import { unknownName } from './names.ts';

/** Scenarios by name or by pattern (`midstream/*`); all of them when none is named. */
export function scenariosOf(patterns: readonly string[]): readonly Scenario[] {
  if (patterns.length === 0) return SCENARIOS;
  const chosen = new Set<Scenario>();
  for (const pattern of patterns) {
    const shape = new RegExp(`^${pattern.replace(/[.+?^$()|[\]{}\\]/g, '\\$&').replaceAll('*', '.*')}$`);
    const found = SCENARIOS.filter(({ name }) => shape.test(name));
    if (found.length === 0)
      throw unknownName(
        'unknown scenario',
        pattern,
        SCENARIOS.map(({ name }) => name),
        'hangup list scenarios shows all',
      );
    for (const each of found) chosen.add(each);
  }
  return SCENARIOS.filter((each) => chosen.has(each));
}

export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`${flag}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`);
  return value;
}

export function seedOf(what: string, text: string): number {
  const seed = seedNumber(text);
  if (seed === undefined)
    throw new UsageError(`${what}: expected a seed such as k7f3 (1 to 10 of 0-9 and a-z), got ${JSON.stringify(text)}`);
  return seed;
}

/** Wall time in milliseconds. */
export function durationOf(flag: string, text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0)
    throw new UsageError(`${flag}: expected a duration such as 60s or 500ms, got ${JSON.stringify(text)}`);
  return duration / 1000;
}

/** Kinds of faults by name; `all` is every kind there is. */
export function faultsOf(text: string): readonly FaultKind[] {
  if (text === 'all') return FAULT_KINDS;
  const names = text.split(',').filter((name) => name !== '');
  if (names.length === 0 || names.includes('all'))
    throw new UsageError(`--faults: expected KIND,KIND,… or all (hangup list faults), got ${JSON.stringify(text)}`);
  return names.map((name) => {
    const kind = FAULT_KINDS.find((known) => known === name);
    if (kind === undefined) throw unknownName('unknown fault', name, FAULT_KINDS, 'hangup list faults shows all');
    return kind;
  });
}

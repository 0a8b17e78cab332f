/** Arguments that several commands share: names with suggestions, numbers, seeds, times, faults. */
import { resolve } from 'node:path';
import { parseDuration } from '../../src/time.ts';
import type { Scenario } from '../core/scenario.ts';
import { SEED_FORM, seedNumber } from '../core/seeds.ts';
import { shown } from '../core/shown.ts';
import { inTheWay, shortest } from '../explore/folder.ts';
import { faultsOf as known } from '../faults/catalogue.ts';
import type { Network } from '../networks/network.ts';
import { InputError, UsageError } from './errors.ts';
import { unknownName } from './names.ts';

/** Those of `all` by name or by pattern (`midstream/*`). */
export function scenariosOf(patterns: readonly string[], all: readonly Scenario[]): readonly Scenario[] {
  const chosen = new Set<Scenario>();
  for (const pattern of patterns) {
    const found = all.filter(({ name }) => fits(name, pattern.split('*')));
    if (found.length === 0)
      throw unknownName(
        'unknown scenario',
        pattern,
        all.map(({ name }) => name),
        'hangup list scenarios shows all',
      );
    for (const each of found) chosen.add(each);
  }
  return all.filter((each) => chosen.has(each));
}

/** Whether a name is these parts in their order, with anything between them; in time that grows with their length. */
function fits(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`${flag}: expected a whole number from ${least} to ${most}, got ${shown(text)}`);
  return value;
}

export function seedOf(what: string, text: string): number {
  const seed = seedNumber(text);
  if (seed === undefined) throw new UsageError(`${what}: expected ${SEED_FORM}, got ${shown(text)}`);
  return seed;
}

/** Wall time in milliseconds. */
export function durationOf(flag: string, text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0)
    throw new UsageError(`${flag}: expected a duration such as 60s or 500ms, got ${shown(text)}`);
  return duration / 1000;
}

/** Refuses a network on which no client of one of these scenarios gets through. */
export function mustCarry(network: Network, scenarios: readonly Scenario[]): void {
  for (const { name, protocol } of scenarios) {
    const flaw = protocol?.flawOfNetwork?.(network) ?? null;
    if (flaw !== null) throw new UsageError(`--network ${network.name}: ${name}: ${flaw}`);
  }
}

/** Looks at what scenarios need besides themselves. Throws `InputError` for what is missing. */
export function mustBeReady(scenarios: readonly Scenario[]): void {
  for (const { name, ready } of scenarios)
    try {
      ready?.();
    } catch (error) {
      throw new InputError(`${name}: ${(error as Error).message}`);
    }
}

/** Kinds of faults by name, which all of these scenarios must know; `all` is every kind that hits something of a world. */
export function faultsOf(text: string, scenarios: readonly Scenario[]): readonly string[] | 'all' {
  if (text === 'all') return 'all';
  const names = text.split(',').filter((name) => name !== '');
  if (names.length === 0 || names.includes('all'))
    throw new UsageError(`--faults: expected KIND,KIND,… or all (hangup list faults), got ${shown(text)}`);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new UsageError(`--faults: ${shown(twice)} is given twice; expected each kind once`);
  for (const scenario of scenarios) {
    const kinds = known(scenario);
    for (const name of names)
      if (!kinds.has(name)) throw unknownName('unknown fault', name, [...kinds.keys()], 'hangup list faults shows all');
  }
  return names;
}

/** `--out`: a folder, which is made when the first failure is found. Throws `UsageError`. */
export function outFolderOf(path: string): string {
  if (path === '') throw new UsageError('--out: expected a folder, got ""');
  const file = inTheWay(resolve(path));
  if (file !== null) throw new UsageError(`--out ${path}: expected a folder, but ${shortest(file)} is a file`);
  return path;
}

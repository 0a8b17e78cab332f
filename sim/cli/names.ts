/** Names that do not exist: the one that was probably meant, and where all of them are. */
import { closest, distance } from 'fastest-levenshtein';
import { shown } from '../core/shown.ts';
import { UsageError } from './errors.ts';

/**
 * An error in one line: what is wrong (`unknown scenario`), the name, one that exists if one is near, and where all are
 * (`hangup list scenarios shows all`, or the names themselves where there are few).
 */
export function unknownName(problem: string, name: string, names: readonly string[], all: string): UsageError {
  return new UsageError(`${problem} ${shown(name)}${meant(name, names)} (${all})`);
}

/** `: did you mean required?` where a name is near; nothing where none is. */
export function meant(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? '' : `: did you mean ${near}?`;
}

/** How much of a name must be right for another to be a slip of it, in percent: a far-fetched guess only misleads. */
const LIKENESS = 40;
/** Longer than any name, with room for slips. */
const LONGEST = 100;
/** So many letters may be a part of a name (`basic` of `context/basic`); fewer are a part of too many. */
const PART = 3;

function nearest(name: string, names: readonly string[]): string | null {
  // Nothing that exists is a slip of a text of 100 KB, and comparing them takes long.
  if (name.length > LONGEST || names.length === 0) return null;
  const given = name.toLowerCase();
  const part = given.length < PART ? undefined : names.find((each) => each.toLowerCase().includes(given));
  if (part !== undefined) return part;
  const lowered = names.map((each) => each.toLowerCase());
  const near = closest(given, lowered);
  const length = Math.max(given.length, near.length);
  return (length - distance(given, near)) * 100 > LIKENESS * length ? (names[lowered.indexOf(near)] ?? null) : null;
}

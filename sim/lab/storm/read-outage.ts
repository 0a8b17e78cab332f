/** Reads outages: `60s`, `60s,drops=50%,remains=1/4,silent,noticed=0s..30s`, and several of them as `60s + 30s@3m`. */
import { durationText } from '../../../src/backoff/forms.ts';
import { at as instant, START, ZERO } from '../../../src/time.ts';
import { rangeOf, shareOf, within } from './forms.ts';
import type { Outage } from './storm.ts';

/** As many as a client's luck is kept apart for. */
const OUTAGES_MOST = 1000;

/** The outages of a text, or what is wrong with it. */
export function readOutages(text: string, most: number): readonly Outage[] | string {
  const outages: Outage[] = [];
  const pieces = text.split('+').map((piece) => piece.trim());
  if (pieces.length > OUTAGES_MOST) return `expected at most ${OUTAGES_MOST} outages, got ${pieces.length}`;
  for (const piece of pieces) {
    const read = outageOf(piece, most);
    if (typeof read === 'string') return read;
    const before = outages.at(-1);
    if (before === undefined && read.at !== START)
      return `expected the first outage at 0s, got ${JSON.stringify(piece)}`;
    if (before !== undefined && read.at <= before.at + before.lasts) {
      const ends = durationText(before.at + before.lasts);
      return `expected the next outage later than ${ends}, when the one before it ends, got ${JSON.stringify(piece)}`;
    }
    outages.push(read);
  }
  return outages;
}

function outageOf(piece: string, most: number): Outage | string {
  const [time = '', ...traits] = piece.split(',').map((word) => word.trim());
  const [length, start, ...more] = time.split('@');
  const lasts = within(length, 1, most);
  const at = start === undefined ? START : within(start, 0, most);
  if (lasts === undefined || at === undefined || more.length > 0)
    return `expected a length such as 60s or 30s@3m, more than 0, got ${JSON.stringify(piece)}`;
  let outage: Outage = {
    at: instant(at),
    lasts,
    drops: { num: 1, of: 1 },
    remains: { num: 0, of: 1 },
    dials: 'refused',
    noticed: { least: ZERO, most: ZERO },
  };
  for (const trait of traits) {
    const next = withTrait(outage, trait, most);
    if (next === undefined)
      return `expected drops=50% (more than none), remains=25% (less than all), silent or noticed=0s..30s, got ${JSON.stringify(trait)}`;
    outage = next;
  }
  return outage;
}

function withTrait(outage: Outage, trait: string, most: number): Outage | undefined {
  if (trait === 'silent' || trait === 'refused') return { ...outage, dials: trait };
  const [name, value, ...more] = trait.split('=');
  if (more.length > 0) return undefined;
  if (name === 'noticed') {
    const noticed = rangeOf(value, most);
    return noticed === undefined ? undefined : { ...outage, noticed };
  }
  const share = shareOf(value);
  if (share === undefined) return undefined;
  if (name === 'drops') return share.num > 0 ? { ...outage, drops: share } : undefined;
  return name === 'remains' && share.num < share.of ? { ...outage, remains: share } : undefined;
}

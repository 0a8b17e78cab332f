/**
 * How waits spread over the ranges that they are drawn from: for the law of backoff, over a whole sweep.
 *
 * A single wait can be anything within its range, so a client that always draws the lower half, starts to count anew too
 * early, waits for nothing at attempt 54 because two to that power overflowed, or draws what its neighbour draws, breaks no
 * rule in any run. Over a sweep it does: a wait is as likely in each eighth of its range, whatever came before it. Counted
 * are eighths and both edges of the range, by how many retries came before; and how often a wait lies where the one before
 * lay, of the same client and of another.
 *
 * Whether a wait is counted must not depend on it, or luck would be mistaken for a bug: a wait that a hint, a limit of time or
 * an open question may have shaped is left out, and so is one whose range is not known to a five hundredth of its width.
 */
import { envelope, uncapped } from '../../../src/backoff/envelope.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Duration } from '../../../src/time.ts';
import type { Share } from '../law.ts';

export interface Waits {
  readonly counts: Record<string, number>;
  /** Where in its range the last wait lay, whose it was; and the last of each client. */
  last: { readonly node: NodeId; readonly place: number } | null;
  readonly own: Map<NodeId, number>;
}

export const newWaits = (): Waits => ({ counts: {}, last: null, own: new Map() });

const PARTS = 8;
/** An edge of a range is this part of it. */
const EDGE = 1024;
/** Two places are near each other within this part of a range. */
const NEAR = 64;
/** Narrower ranges, in microseconds, are coarser than that. */
const NARROWEST = 65_536;
/** A range is known well enough when its ends are, to this part of its width. */
const KNOWN = 512;

/** Retries that are counted together, by how many came before them: the last of each group. */
const GROUPS = [0, 1, 2, 3, 4, 8, 16, 32, 64, 256, 1024];

/** A wait was drawn at that attempt; the last one was `previous`. */
export function countWait(
  waits: Waits,
  node: NodeId,
  policy: Policy,
  { attempt, previous }: { readonly attempt: number; readonly previous: Duration },
  delay: Duration,
): void {
  const { counts, own, last } = waits;
  const place = placeIn(policy, attempt, previous, delay);
  if (place === null) return;
  const group = groupOf(attempt);
  add(counts, group);
  add(counts, `${group}/${Math.min(PARTS - 1, Math.floor(place * PARTS))}`);
  if (place * EDGE < 1) add(counts, `${group}/least`);
  if ((1 - place) * EDGE < 1) add(counts, `${group}/most`);
  if (last !== null && last.node !== node) pair(counts, 'others', last.place, place);
  const before = own.get(node);
  if (before !== undefined) pair(counts, 'own', before, place);
  own.set(node, place);
  waits.last = { node, place };
}

/** Whether each wait of a policy is drawn evenly from one range that whoever sees it knows, and from nothing else. */
export const isDrawnAlone = ({
  modes,
  jitter: { kind },
  rounding,
  capOn,
  measuredFrom,
  overflow,
  budget,
  window,
  throttle,
}: Policy): boolean =>
  modes.length === 0 &&
  kind !== 'comb' &&
  kind !== 'exponential' &&
  kind !== 'decorrelated-v2' &&
  rounding === null &&
  capOn !== 'value' &&
  measuredFrom === 'failure' &&
  overflow === 'longest' &&
  budget === null &&
  window === null &&
  throttle === null;

/** Where a wait lies in its range, from 0 to 1; null where nobody can say exactly. */
function placeIn(policy: Policy, attempt: number, previous: Duration, delay: Duration): number | null {
  const { least, most } = envelope(policy, attempt, previous);
  const width = most - least;
  if (width < NARROWEST) return null;
  // What is cut after it was drawn lies at the cap, and not where it was drawn.
  if (policy.capOn === 'draw' && uncapped(policy, attempt, previous).most > policy.cap) return null;
  const curve = uncapped({ ...policy, jitter: { kind: 'none' } }, attempt, previous);
  if ((curve.most - curve.least) * KNOWN > width) return null;
  return (delay - least) / width;
}

function pair(counts: Record<string, number>, whose: string, before: number, place: number): void {
  add(counts, whose);
  if (Math.abs(place - before) * NEAR < 1) add(counts, `${whose}/near`);
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function groupOf(attempt: number): string {
  const to = GROUPS.findIndex((last) => attempt <= last);
  return to < 0 ? `${GROUPS.at(-1)}+` : String(GROUPS[to]);
}

/** A range's ends are whole microseconds, and may be known to a five hundredth only: so much may be added by that. */
const SLACK = 1 / 16;

/** What the counts of a sweep must fit to. */
export function sharesOf(counts: Readonly<Record<string, number>>): readonly Share[] {
  const shares: Share[] = [];
  for (const [i, last] of [...GROUPS, Number.POSITIVE_INFINITY].entries()) {
    const group = i < GROUPS.length ? String(last) : `${GROUPS.at(-1)}+`;
    const whole = counts[group] ?? 0;
    if (whole === 0) continue;
    const waits = `waits of ${retries(i === 0 ? 0 : (GROUPS[i - 1] as number) + 1, last)}`;
    const share = (part: string, what: string, of: number, least = 0): void =>
      void shares.push({
        what: `${waits} lay in the ${what} of their range`,
        part: counts[`${group}/${part}`] ?? 0,
        whole,
        least: least * (1 - SLACK),
        most: of * (1 + SLACK),
      });
    for (let part = 0; part < PARTS; part++) share(String(part), `${ORDINALS[part]} eighth`, 1 / PARTS, 1 / PARTS);
    share('least', 'lowest thousandth', 1 / EDGE);
    share('most', 'highest thousandth', 1 / EDGE);
  }
  for (const [whose, what] of [
    ['others', 'waits lay where the wait before, of another client, lay in its range'],
    ['own', "waits lay where the client's own wait before lay in its range"],
  ] as const)
    shares.push({
      what,
      part: counts[`${whose}/near`] ?? 0,
      whole: counts[whose] ?? 0,
      least: 0,
      most: (2 / NEAR) * (1 + SLACK),
    });
  return shares;
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'last'];

const retries = (from: number, to: number): string =>
  from === to
    ? `retry ${from + 1}`
    : to === Number.POSITIVE_INFINITY
      ? `retry ${from + 1} and later`
      : `retries ${from + 1} to ${to + 1}`;

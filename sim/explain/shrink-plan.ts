/**
 * Smaller plans: faults left out, then simpler faults. Each pass proposes cases, the smallest first, and is told of each
 * whether it still fails.
 */
import { type Instant, ZERO } from '../../src/time.ts';
import { durationOf, type Faults, kindOf } from '../faults/catalogue.ts';
import { flawOf } from '../faults/check.ts';
import type { Parameter } from '../faults/parameter.ts';
import type { Fault, FaultPlan } from '../faults/plan.ts';
import type { Began } from './attempt.ts';

/** Proposes plans; what it is sent is whether the last one still fails, and becomes the plan to go on with. */
export type Plans = Generator<FaultPlan, FaultPlan, boolean>;

/**
 * Faults are left out (Zeller's ddmin, with its complements): none at all, then each part of the plan by itself, then all
 * but one part, in ever smaller parts, until none can be missed.
 */
export function* fewerFaults(plan: FaultPlan): Plans {
  let left = plan;
  if (left.length === 0) return left;
  if (yield []) return [];
  let parts = 2;
  while (left.length > 1) {
    const pieces = split(left, Math.min(parts, left.length));
    const found = yield* firstOf([...pieces, ...complements(pieces)]);
    if (found !== null) {
      // Of a part by itself everything is open again; of the others, the same size goes on.
      parts = pieces.includes(found) ? 2 : Math.max(2, parts - 1);
      left = found;
    } else if (parts >= left.length) break;
    else parts = Math.min(left.length, 2 * parts);
  }
  return left;
}

function split(plan: FaultPlan, parts: number): readonly FaultPlan[] {
  return Array.from({ length: parts }, (_, i) =>
    plan.slice(Math.floor((i * plan.length) / parts), Math.floor(((i + 1) * plan.length) / parts)),
  );
}

/** All but one part; of two parts that is the other one, which had its turn. */
const complements = (pieces: readonly FaultPlan[]): readonly FaultPlan[] =>
  pieces.length === 2 ? [] : pieces.map((_, without) => pieces.flatMap((piece, i) => (i === without ? [] : piece)));

/** The first of some plans that still fails, or null. */
function* firstOf(plans: readonly FaultPlan[]): Generator<FaultPlan, FaultPlan | null, boolean> {
  for (const plan of plans) if (yield plan) return plan;
  return null;
}

/** Times in seconds at which, or for which, people would have something happen: the rounder, the sooner it is tried. */
const ROUND = [0, 0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800, 3600].map(
  (seconds) => seconds * 1_000_000,
);
/** Counts, and shares in thousandths. */
const SMALL = [0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500];

const below = (values: readonly number[], value: number): readonly number[] => values.filter((each) => each < value);

/** The whole plan begins earlier, so that less happens before it; then each fault follows the one before it sooner. */
export function* earlier(plan: FaultPlan): Plans {
  let best = sorted(plan);
  const [first] = best;
  if (first === undefined) return best;
  for (const at of below(ROUND, first.at)) {
    const moved = best.map((fault) => ({ ...fault, at: (fault.at - first.at + at) as Instant }));
    if (yield moved) {
      best = moved;
      break;
    }
  }
  for (let i = 1; i < best.length; i++) {
    const before = (best[i - 1] as Fault).at;
    const gap = (best[i] as Fault).at - before;
    for (const shorter of below(ROUND, gap)) {
      const moved = best.map((fault, j) => (j < i ? fault : { ...fault, at: (fault.at - gap + shorter) as Instant }));
      if (yield moved) {
        best = moved;
        break;
      }
    }
  }
  return best;
}

/**
 * Simpler faults: what stands for several becomes one of them, a moment of the protocol a time, and each length, count and
 * share smaller. `began`: when the faults of a plan with moments did.
 */
export function* simplerFaults(plan: FaultPlan, faults: Faults, began: Began): Plans {
  let best = plan;
  for (let i = 0; i < best.length; i++) {
    for (const simpler of plainly(best[i] as Fault, faults, began?.[i] ?? null)) {
      const next = replaced(best, i, simpler);
      if (yield next) {
        best = next;
        break;
      }
    }
    const { parameters } = kindOf(faults, (best[i] as Fault).kind);
    for (const [name, parameter] of Object.entries<Parameter>(parameters))
      for (const smaller of smallerValues((best[i] as Fault)[name], parameter)) {
        const next = replaced(best, i, { ...(best[i] as Fault), [name]: smaller });
        if (flawOf(next, faults) !== null) continue;
        if (yield next) {
          best = next;
          break;
        }
      }
    const shorter = yield* laterBegin(best, i);
    if (shorter !== null) best = shorter;
  }
  return best;
}

/** A fault that ends when it did, and begins later. */
function* laterBegin(plan: FaultPlan, place: number): Generator<FaultPlan, FaultPlan | null, boolean> {
  const fault = plan[place] as Fault;
  const { at, lasts } = fault;
  if (typeof lasts !== 'number') return null;
  for (const shorter of below(ROUND, lasts).filter((each) => each > 0)) {
    const next = replaced(plan, place, { ...fault, at: (at + lasts - shorter) as Instant, lasts: shorter });
    if (yield next) return next;
  }
  return null;
}

/** One plain fault that may do as well: a black hole in the place of several, and a moment of the clock for one of the protocol. */
function plainly(fault: Fault, faults: Faults, began: Instant | null): readonly Fault[] {
  const { kind, target, at } = fault;
  const simpler: Fault[] = [];
  if (MANY_CUTS.includes(kind) && faults.has('cut'))
    simpler.push({ kind: 'cut', target, at, lasts: durationOf(faults, fault), direction: 'both' } as Fault);
  const { upon, ...plain } = fault;
  if (upon !== undefined) {
    const first = { ...upon, nth: 1 };
    const atOnce = { ...upon, after: ZERO };
    simpler.push({ ...plain, at: began ?? at } as Fault);
    for (const each of [{ ...first, after: ZERO }, first, atOnce]) simpler.push({ ...fault, upon: each });
  }
  return simpler.filter((each) => JSON.stringify(each) !== JSON.stringify(fault));
}

const MANY_CUTS: readonly string[] = ['flap', 'swizzle', 'measuredOutage'];

function smallerValues(value: unknown, { unit, accepts }: Parameter): readonly unknown[] {
  if (typeof value === 'boolean') return value ? [false] : [];
  if (typeof value !== 'number') return [];
  // A code or a number of somebody is no amount, and begins far above.
  if (unit === undefined && !accepts(0, {}) && !accepts(1, {})) return [];
  return below(unit === 'microseconds' ? ROUND : SMALL, value);
}

/** The coarsest first: seconds, tenths, milliseconds. */
const STEPS = [1_000_000, 100_000, 1000];

/** Rounder times: each beginning and each length to whole seconds, or tenths, or milliseconds, the nearest first. */
export function* rounder(plan: FaultPlan, faults: Faults): Plans {
  let best = plan;
  for (let i = 0; i < best.length; i++) {
    const { parameters } = kindOf(faults, (best[i] as Fault).kind);
    const times = Object.entries<Parameter>(parameters).flatMap(([name, { unit }]) =>
      unit === 'microseconds' ? [name] : [],
    );
    for (const name of ['at', ...times]) {
      for (const value of rounded((best[i] as Fault)[name])) {
        const next = replaced(best, i, { ...(best[i] as Fault), [name]: value });
        if (flawOf(next, faults) !== null) continue;
        if (yield next) {
          best = next;
          break;
        }
      }
    }
  }
  return sorted(best);
}

/** Rounder values than this one. */
function rounded(value: unknown): readonly number[] {
  if (typeof value !== 'number') return [];
  return STEPS.flatMap((step) => {
    if (value % step === 0) return [];
    const low = Math.floor(value / step) * step;
    const high = low + step;
    return value - low <= high - value ? [low, high] : [high, low];
  }).filter((each, i, all) => each >= 0 && all.indexOf(each) === i && !isRounder(value, each));
}

/** Whether a value is as round as another one already. */
const isRounder = (value: number, than: number): boolean =>
  STEPS.findIndex((step) => value % step === 0) <= STEPS.findIndex((step) => than % step === 0) &&
  STEPS.some((step) => value % step === 0);

const replaced = (plan: FaultPlan, place: number, fault: Fault): FaultPlan =>
  plan.map((each, i) => (i === place ? fault : each));

/** In the order in which they begin; those of one moment stay as they were. */
const sorted = (plan: FaultPlan): FaultPlan => plan.toSorted((a, b) => a.at - b.at);

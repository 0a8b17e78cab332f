/**
 * Moments of a protocol at which faults begin: a while after some party has entered a phase for the nth time. The time of the
 * fault is then the latest at which it begins, so a plan with moments is bounded as one without.
 */
import { clientOf } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import { type Duration, formatDuration } from '../../src/time.ts';
import { type PhaseName, type Phases, phasesOf } from '../core/phases.ts';
import { shown } from '../core/shown.ts';
import type { World } from '../core/world.ts';
import { node, type Parameter, time, whole } from './parameter.ts';
import type { FaultPlan } from './plan.ts';

export interface Upon {
  readonly phase: PhaseName;
  /** Who enters it: a node of the world. */
  readonly node: NodeId;
  /** For which time, counted from 1 within the run. */
  readonly nth: number;
  /** How long after that the fault begins. */
  readonly after: Duration;
}

/** A party of a small world enters a phase a few times in a run; the most that anybody would want to wait for. */
const MOST = 1_000_000;

const FIELDS: Readonly<Record<keyof Upon, Pick<Parameter, 'expected' | 'accepts'>>> = {
  phase: { expected: 'the name of a phase (hangup list phases)', accepts: (value) => typeof value === 'string' },
  node: node('who enters it', 'node'),
  nth: whole('for which time it enters it', 1, MOST),
  after: time('microseconds from then until the fault begins'),
};

/** What is wrong with the moment of a fault: the field, and what ought to stand there. */
interface MomentFlaw {
  readonly field: string;
  readonly expected: string;
  readonly got: unknown;
}

/** The first flaw of what claims to be a moment, whatever its world; null for a sound one. `field` is where it stands. */
export function flawOfMoment(upon: unknown, field: string): MomentFlaw | null {
  if (upon === null || typeof upon !== 'object' || Array.isArray(upon))
    return { field, expected: 'a moment with phase, node, nth and after', got: upon };
  const said = upon as Readonly<Record<string, unknown>>;
  for (const [name, { expected, accepts }] of Object.entries(FIELDS)) {
    const got = Object.hasOwn(said, name) ? said[name] : undefined;
    if (!accepts(got, said)) return { field: `${field}.${name}`, expected, got };
  }
  const unknown = Object.keys(said).find((name) => !Object.hasOwn(FIELDS, name));
  if (unknown === undefined) return null;
  return {
    field: /^\w{1,40}$/.test(unknown) ? `${field}.${unknown}` : `${field}[${shown(unknown)}]`,
    expected: 'no more than phase, node, nth, after',
    got: said[unknown],
  };
}

/** The first thing in a sound moment that this world does not have: a node, or a phase of the part that it plays. */
export function strangerInMoment(upon: Upon, { nodes }: World, phases: Phases, field: string): MomentFlaw | null {
  const found = nodes.find(({ id }) => id === clientOf(upon.node));
  if (found === undefined) {
    const names = nodes.slice(0, 6).map(({ id }) => id);
    const all = nodes.length > names.length ? `${names.join(', ')}, …` : names.join(', ');
    return { field: `${field}.node`, expected: `the name of a node (${all})`, got: upon.node };
  }
  const known = phasesOf(phases, found.role);
  return known.includes(upon.phase)
    ? null
    : { field: `${field}.phase`, expected: `a phase of a ${found.role} (${known.join(', ')})`, got: upon.phase };
}

/** Whether anybody must listen to phases for this plan. */
export const hasMoments = (plan: FaultPlan): boolean => plan.some(({ upon }) => upon !== undefined);

/** `when c1 begins its 2nd handshake, 3 ms later`, or where a phase has no such word: `when s1 is up for the 2nd time`. */
export function momentText({ phase, node, nth, after }: Upon, { nouns = {} }: Pick<Phases, 'nouns'>): string {
  const noun = Object.hasOwn(nouns, phase) ? nouns[phase] : undefined;
  const what = noun === undefined ? `is ${phase} for the ${ordinal(nth)} time` : `begins its ${ordinal(nth)} ${noun}`;
  return `when ${node} ${what}${after === 0 ? '' : `, ${formatDuration(after)} later`}`;
}

const ENDINGS = ['th', 'st', 'nd', 'rd'];

function ordinal(nth: number): string {
  const teens = nth % 100 > 10 && nth % 100 < 14;
  return `${nth}${(teens ? undefined : ENDINGS[nth % 10]) ?? 'th'}`;
}

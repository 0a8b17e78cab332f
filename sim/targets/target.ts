/**
 * Targets: the service levels that a scenario promises, and the cells in which physics forbids one. A target points to a
 * figure and says how large it may be.
 *
 * A scenario lists the targets that speak about it: by the name under which its protocol knows one, or with a figure of its
 * own. Each is judged over all of its runs, except over the cells that an exception names: those are judged against the
 * exception's own bound, so that nothing is ever left out in silence.
 */
import type { Dimensions } from '../core/cells.ts';
import { perObject } from '../core/per-object.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Figure } from '../figures/figure.ts';
import { OVERHEAD } from '../figures/overhead.ts';

/** Cells in which a target cannot hold, and what holds there instead. */
export interface Exception {
  /**
   * The cells: `{ condition: ['outage'] }` covers every cell with that value, two dimensions must both match, and `{}`
   * covers all cells (a scenario that opens no dimension has only that one).
   */
  readonly cells: Dimensions;
  /**
   * The derived bound that stands instead, in the unit of the target: microseconds for times, bytes for sizes, percent
   * for shares. Derive it from the policy and the faults (`seconds(8)` for an outage of eight seconds, plus …).
   */
  readonly bound: number;
  /** Why physics forbids the target there: a full sentence for the report. */
  readonly reason: string;
}

/** What is promised of a figure. */
export interface Level {
  readonly figure: Figure;
  /** The figure must be below, at most, or at least `held`. */
  readonly is: 'below' | 'at most' | 'at least';
  /** In the unit of the figure: microseconds, bytes, percent, or how many. */
  readonly held: number;
  /** What people ask of it, where that is less than what is held. Default: the same. */
  readonly asked?: number;
}

/** That a scenario promises a target which its protocol knows by this name. */
export interface NamedTarget {
  readonly name: string;
  readonly except?: readonly Exception[];
  readonly figure?: undefined;
}

/** That it promises one on a figure, of its own or of its protocol. */
export interface OwnTarget extends Level {
  readonly except?: readonly Exception[];
  readonly name?: undefined;
}

export type TargetUse = NamedTarget | OwnTarget;

/** A target as it is judged. */
export interface Target extends Level {
  readonly name: string;
  readonly asked: number;
  readonly except: readonly Exception[];
}

/** Targets that any scenario may promise by name. */
export const COMMON_TARGETS: Readonly<Record<string, Level>> = {
  [OVERHEAD.name]: { figure: OVERHEAD, is: 'below', held: 10 },
};

type Promising = Pick<Scenario, 'protocol' | 'targets'>;

/** Every target that scenarios of a protocol may promise by name, in the order in which reports show them. */
export const levelsOf = ({ protocol }: Pick<Scenario, 'protocol'>): Readonly<Record<string, Level>> => ({
  ...protocol?.targets,
  ...COMMON_TARGETS,
});

/** The targets of a scenario. Throws for a name that its protocol does not know. */
export const targetsOf = perObject((scenario: Promising): readonly Target[] => {
  const { targets = [] } = scenario;
  const levels = levelsOf(scenario);
  return targets.map((use): Target => {
    const level: Level | undefined = use.figure === undefined ? levels[use.name] : use;
    if (level === undefined) throw new Error(`no target ${use.name}`);
    const { figure, is, held, asked = held } = level;
    return { name: use.name ?? figure.name, figure, is, held, asked, except: use.except ?? [] };
  });
});

/**
 * Names of several lists in one order: a name that the lists before it lack stands behind its neighbour to the left, or
 * else before that to the right, so that common orders stay.
 */
export function inOneOrder(lists: readonly (readonly string[])[]): readonly string[] {
  const order: string[] = [];
  for (const list of lists)
    for (const [i, name] of list.entries()) {
      if (order.includes(name)) continue;
      const left = order.indexOf(list[i - 1] ?? '');
      const right = order.findIndex((each) => list.includes(each, i + 1));
      order.splice(left >= 0 ? left + 1 : right >= 0 ? right : order.length, 0, name);
    }
  return order;
}

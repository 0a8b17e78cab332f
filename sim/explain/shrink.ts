/**
 * The smallest plan that still breaks the law: faults are left out in ever smaller groups (Zeller's ddmin, without its
 * complements) until none can be missed. Every attempt is a whole run, judged anew.
 */
import { madeOf, type Outcome } from '../core/outcome.ts';
import { type RunOptions, run } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import type { FaultPlan } from '../faults/plan.ts';

export interface Shrunk {
  readonly plan: FaultPlan;
  /** The law that it still breaks, or `budget`. */
  readonly law: string;
  /** How many runs it took. */
  readonly runs: number;
}

/** A plan of ten thousand faults must not keep anybody waiting for ever. */
const RUNS_MAX = 400;

/**
 * The least of the plan that breaks the first broken law of `outcome` again; null when it broke nothing. An outcome knows what
 * it was made of. One that was not made by this process (it was stored, or came from a worker) must be told its scenario, and
 * what else it was run with: laws, network, input, policy, budgets.
 */
export function shrink(outcome: Outcome, scenario?: Scenario, options: RunOptions = {}): Shrunk | null {
  const made = madeOf(outcome);
  const of = scenario ?? made?.scenario;
  if (of === undefined) throw new Error('shrink: expected an outcome of run() in this process, or its scenario, too');
  if (outcome.scenario !== of.name)
    throw new Error(`shrink: expected the scenario of the outcome, ${outcome.scenario}, got ${of.name}`);
  const law = outcome.breaches[0]?.law ?? (outcome.exceeded === null ? null : 'budget');
  if (law === null) return null;
  const { witness: _, ...rest } = { ...made?.options, ...options };
  const again: RunOptions = { ...rest, cell: outcome.cell, mode: 'sweep' };
  let runs = 0;
  const breaks = (plan: FaultPlan): boolean => {
    runs++;
    const { breaches, exceeded } = run(of, outcome.seed, { ...again, plan });
    return law === 'budget' ? exceeded !== null : breaches.some((breach) => breach.law === law);
  };
  let plan = outcome.plan;
  let group = Math.ceil(plan.length / 2);
  while (group > 0 && plan.length > 0 && runs < RUNS_MAX) {
    let missed = false;
    for (let from = 0; from < plan.length && runs < RUNS_MAX; ) {
      const without = plan.filter((_, index) => index < from || index >= from + group);
      if (breaks(without)) {
        plan = without;
        missed = true;
      } else from += group;
    }
    // A fault that could not go before another went may go now.
    if (group > 1) group = Math.ceil(group / 2);
    else if (!missed) group = 0;
  }
  return { plan, law, runs };
}

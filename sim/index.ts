/** The library: run scenarios from your own code and tests. */

export { LAWS } from '../properties/laws/all.ts';
export type { Law } from '../properties/laws/law.ts';
export type { Entry, EntryKind, Facts } from '../src/history.ts';
export type { ExploreDocument } from './explore/document.ts';
export { type Sweep, type SweepOptions, sweep } from './explore/sweep.ts';
export { digestOf, type Tally } from './explore/tally.ts';
export type { Fault, FaultKind, FaultPlan } from './faults/plan.ts';
export type { Network } from './networks/network.ts';
export { findNetwork, NETWORKS } from './networks/presets.ts';
export type { BreachReport, Figures, Outcome } from './outcome.ts';
export { type RunOptions, run } from './run.ts';
export type { Claim, Scenario, Setting, Story, Turn, World } from './scenario.ts';
export { SCENARIOS, scenarioNamed } from './scenarios/catalogue.ts';
export { type Exception, TARGET_NAMES, type TargetName, type TargetUse } from './targets/target.ts';

/** The library: run scenarios from your own code and tests, and write your own scenarios, policies and laws. */

// A law of your own.
export { LAWS } from '../properties/laws/all.ts';
export { type Breach, type Ending, type Law, law } from '../properties/laws/law.ts';
// A policy of your own.
export type { Problem } from '../src/backoff/knobs.ts';
export { type ParsedPolicy, parsePolicy, policyProblems, printPolicy } from '../src/backoff/parse.ts';
export { POLICY_DEFAULTS, type Policy } from '../src/backoff/policy.ts';
export { PRESETS, type PresetName, policyNamed } from '../src/backoff/presets.ts';
// A scenario of your own.
export type { Content, ContentKind } from '../src/content.ts';
export type { Entry, EntryKind, EntryOf, Facts } from '../src/history.ts';
// Virtual time: integer microseconds.
export {
  at,
  type Duration,
  formatDuration,
  formatInstant,
  type Instant,
  minutes,
  ms,
  seconds,
  us,
} from '../src/time.ts';
// A protocol of your own: the usual shape of a deployment, and an application that stays for a while.
export { balanced, balancedLinks, balancerConfig, balancerNode, LAN, SERVICE_DELAY } from './balanced.ts';
export { type Config, config } from './config.ts';
export { cutContent } from './content/cut.ts';
export type { Dice } from './dice.ts';
// Running.
export type { ExploreDocument } from './explore/document.ts';
export { type Shrunk, shrink } from './explore/shrink.ts';
export type { Finished, Sweep, SweepOptions } from './explore/sweep.ts';
export { type BadRun, digestOf, type Ended, type Tally } from './explore/tally.ts';
export { drawPlan } from './faults/draw.ts';
export { menuOf } from './faults/menu.ts';
export type { Fault, FaultPlan } from './faults/plan.ts';
export type { Network } from './networks/network.ts';
export { findNetwork, NETWORKS } from './networks/presets.ts';
export type { BreachReport, Figures, Outcome } from './outcome.ts';
export type { Protocol } from './protocol.ts';
export { type RunOptions, run } from './run.ts';
export { RunError } from './run-error.ts';
export { SAMPLE_NAMES, type SampleName, sample } from './samples/samples.ts';
export { type Claim, claim, type Scenario, type Setting } from './scenario.ts';
export { SCENARIOS, scenarioNamed } from './scenarios/catalogue.ts';
export { sweep } from './scenarios/sweep.ts';
export { buildWorld, conversation, type Topology } from './scenarios/topology.ts';
export { type SessionScenario, session, sessionScenario } from './session/protocol.ts';
export type { SessionWorld, Story, Turn } from './session/world.ts';
export { type Exception, TARGET_NAMES, type TargetName, type TargetUse } from './targets/target.ts';
export { visit } from './visit.ts';
export type { Application, NodeSpec, Page, Seat, Wishes, World } from './world.ts';

/**
 * The library: run scenarios from your own code and tests; bring machines, a protocol, scenarios, laws, faults, networks and
 * policies of your own.
 */

// ---- laws: what must hold, and the history that they fold over

export { type Breach, type Ending, type Law, law, type Needs } from '../properties/laws/law.ts';
export { NEUTRAL_LAWS } from '../properties/laws/neutral/all.ts';
export { LAWS } from '../properties/laws/session/all.ts';
export type { ClientFacts, ErrorMeaning, Facts, HerdFacts } from '../src/facts.ts';
export type { Entries, EntriesOf, Entry, EntryKind, EntryOf, StreamId } from '../src/history.ts';

// ---- policies, and how a client of yours follows one

export { advance, type BackoffMemory, freshMemory, type NextDelay, nextDelay } from '../src/backoff/delay.ts';
export type { Problem } from '../src/backoff/knobs.ts';
export { type ParsedPolicy, parsePolicy, policyProblems, printPolicy } from '../src/backoff/parse.ts';
export { POLICY_DEFAULTS, type Policy } from '../src/backoff/policy.ts';
export { PRESETS, type PresetName, policyNamed } from '../src/backoff/presets.ts';

// ---- machines: the contract, and the words of network, timers and services around them

export type { BoundaryEffect, BoundaryIntent, CustomEffect } from '../src/boundary.ts';
export {
  between,
  type Context,
  chance,
  type Machine,
  NOTHING,
  type NodeId,
  type Ratio,
  unreachable,
} from '../src/machine.ts';
export type { MessageEvent, PostEffect, Probe, Probed } from '../src/session/services.ts';
export {
  CONNS_PER_NODE,
  type ConnId,
  type TimerEffect,
  type TimerEvent,
  type TransportEffect,
  type TransportEvent,
} from '../src/transport.ts';

// ---- worlds: nodes, links and applications, and the usual shape of a deployment

export { balancer } from '../src/balancer/balancer.ts';
export type { BalancerConfig } from '../src/balancer/config.ts';
export type { Bursts, LinkConfig, PathConfig } from '../src/link/config.ts';
export { balanced, balancedLinks, balancerConfig, balancerNode, LAN, SERVICE_DELAY } from './core/balanced.ts';
export type { Protocol } from './core/protocol.ts';
export { visit } from './core/visit.ts';
export type { Observer, Vocabulary } from './core/vocabulary.ts';
export type { AnyIntent, Application, ApplicationSpec, NodeSpec, Page, Role, Wishes, World } from './core/world.ts';
export type { Network } from './networks/network.ts';
export { findNetwork, NETWORKS } from './networks/presets.ts';

// ---- virtual time: integer microseconds

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

// ---- scenarios, what goes wrong in them, and the config by which the command knows them

export { type Config, config } from './config.ts';
export type { Cell, Dimensions } from './core/cells.ts';
export type { Dice } from './core/dice.ts';
export { type Claim, claim, oncePer, type Scenario, type Setting } from './core/scenario.ts';
export { fault, scenario } from './definition.ts';
export { type Faults, faultsOf, NEUTRAL_KINDS } from './faults/catalogue.ts';
export { drawPlan } from './faults/draw.ts';
export type { AnyKind, Begun, FaultBase, Kind, Menu } from './faults/kind.ts';
export { menuOf } from './faults/menu.ts';
/** What parameters of a kind of fault may be: `parameter.time('…')`, `parameter.oneOf('…', ['a', 'b'])`. */
export * as parameter from './faults/parameter.ts';
export type { Fault, FaultPlan } from './faults/plan.ts';
export type { Scene } from './faults/scene.ts';
export { type Figure, figure } from './figures/figure.ts';
export type { Exception, Level, TargetUse } from './targets/target.ts';

// ---- running, and what comes of it

export { timeline } from './cli/fold.ts';
export type { OpenRun, RunStep } from './core/open-run.ts';
export type { BreachReport, NotJudged, Outcome } from './core/outcome.ts';
export type { Change } from './core/record.ts';
export { type OpenOptions, open, type RunOptions, run } from './core/run.ts';
export { RunError } from './core/run-error.ts';
export { type RecordedEntry, trailTo } from './core/trail.ts';
export type { ExploreDocument, ScenarioDocument } from './explore/document.ts';
export type { FailureFile } from './explore/failure.ts';
export { type KeptFailure, keepFailure, loadFailure } from './explore/kept-run.ts';
export { type Shrunk, shrink } from './explore/shrink.ts';
export type { Finished, Sweep, SweepOptions } from './explore/sweep.ts';
export { type BadRun, digestOf, type Ended, type Tally } from './explore/tally.ts';
export { github } from './report/github.ts';
export { type History, historyEntry, parseHistory } from './report/history.ts';
export { junit } from './report/junit.ts';
export { reportPage } from './report/page.ts';
export { type Verdict, verdictOf } from './report/verdict.ts';
export { documentOf, sweep } from './session/scenarios/sweep.ts';

// ---- hangup's own session protocol and its scenarios

export type { Content, ContentKind } from '../src/content.ts';
export { cutContent } from './session/content/cut.ts';
export type { Figures } from './session/figures/measured.ts';
export { type SessionScenario, session, sessionScenario } from './session/protocol.ts';
export { SAMPLE_NAMES, type SampleName, sample } from './session/samples/samples.ts';
export { SCENARIOS, scenarioNamed } from './session/scenarios/catalogue.ts';
export { buildWorld, conversation, type Topology } from './session/scenarios/topology.ts';
export { TARGET_NAMES, type TargetName } from './session/targets.ts';
export type { SessionWorld, Story, Turn } from './session/world.ts';

/**
 * The core: worlds, runs, laws, faults and what came of a run. It needs nothing but JavaScript, so a page may load it, and
 * it knows no protocol.
 */

// ---- laws: what must hold, and the history that they fold over

export { BOUNDARY_LAWS } from '../../properties/laws/boundary/all.ts';
export { type Breach, type Ending, type Law, law, type Needs } from '../../properties/laws/law.ts';
export { NEUTRAL_LAWS } from '../../properties/laws/neutral/all.ts';
export type { ClientFacts, Delivery, ErrorMeaning, Facts, HerdFacts, Isolation, Promises } from '../../src/facts.ts';
export type {
  Entries,
  EntriesOf,
  Entry,
  EntryKind,
  EntryOf,
  Held,
  Piece,
  SocketState,
  StreamId,
} from '../../src/history.ts';

// ---- policies, and how a client of yours follows one

export { type BackoffMemory, freshMemory, type NextDelay, nextDelay } from '../../src/backoff/delay.ts';
export {
  type FunctionAnswer,
  type PolicyFunction,
  policyFunction,
  type Situation,
} from '../../src/backoff/function.ts';
export type { Problem } from '../../src/backoff/knobs.ts';
export { type ParsedPolicy, parsePolicy, policyProblems, printPolicy } from '../../src/backoff/parse.ts';
export { POLICY_DEFAULTS, type Policy } from '../../src/backoff/policy.ts';
export { PRESETS, type PresetName, policyNamed } from '../../src/backoff/presets.ts';
export { type Refusal, refusalOf } from '../../src/close-codes.ts';

// ---- machines: the contract, and the words of network, timers and services around them

export type { BoundaryEffect, BoundaryIntent, CustomEffect, OwnCodeEffect } from '../../src/boundary.ts';
export {
  between,
  type Context,
  chance,
  type Machine,
  NOTHING,
  type NodeId,
  type Ratio,
  unreachable,
} from '../../src/machine.ts';
export type { MessageEvent, PostEffect, Probe, Probed } from '../../src/post.ts';
export {
  CONNS_PER_NODE,
  type ConnId,
  type Handshake,
  type Over,
  type TimerEffect,
  type TimerEvent,
  type TransportEffect,
  type TransportEvent,
} from '../../src/transport.ts';
export {
  clearTimer,
  type Hears,
  hangUp,
  healthy,
  type Outage,
  retry,
  type Says,
  send,
  setTimer,
} from '../../src/words.ts';

// ---- worlds: nodes, links and applications, and the usual shape of a deployment

export { balancer } from '../../src/balancer/balancer.ts';
export type { BalancerConfig } from '../../src/balancer/config.ts';
export type { Content, ContentKind } from '../../src/content.ts';
export type { Bursts, LinkConfig, PathConfig } from '../../src/link/config.ts';
export { parseTrace, traceNetwork } from '../networks/mahimahi.ts';
export type { Network } from '../networks/network.ts';
export { findNetwork, NETWORKS } from '../networks/presets.ts';
export { balanced, balancedLinks, balancerConfig, balancerNode, LAN, SERVICE_DELAY } from './balanced.ts';
export type { About, Known, States } from './knowledge.ts';
export {
  type Enter,
  notePhases,
  type PhaseListener,
  type PhaseName,
  type Phases,
  type PhaseWatch,
  phases,
} from './phases.ts';
export type { Protocol } from './protocol.ts';
export { visit } from './visit.ts';
export type { Observer, Vocabulary } from './vocabulary.ts';
export type { AnyIntent, Application, ApplicationSpec, NodeSpec, Page, Role, Wishes, World } from './world.ts';
export { nodes } from './world.ts';

// ---- virtual time: integer microseconds

export {
  after,
  at,
  type Duration,
  elapsed,
  formatDuration,
  formatInstant,
  type Instant,
  minutes,
  ms,
  seconds,
  us,
  ZERO,
} from '../../src/time.ts';

// ---- scenarios, what goes wrong in them, and the config by which the command knows yours

export { type Faults, faultsOf, NEUTRAL_KINDS } from '../faults/catalogue.ts';
export { drawPlan } from '../faults/draw.ts';
export type { AnyKind, Begun, FaultBase, Kind, Menu, Place } from '../faults/kind.ts';
export { drawn, menuOf } from '../faults/menu.ts';
export type { Upon } from '../faults/moment.ts';
/** What parameters of a kind of fault may be: `parameter.time('…')`, `parameter.oneOf('…', ['a', 'b'])`. */
export * as parameter from '../faults/parameter.ts';
export type { Fault, FaultPlan } from '../faults/plan.ts';
export type { Scene } from '../faults/scene.ts';
export { type Figure, figure } from '../figures/figure.ts';
export type { Exception, Level, TargetUse } from '../targets/target.ts';
export type { Cell, Dimensions } from './cells.ts';
export { type Config, config } from './config.ts';
export { fault, scenario } from './definition.ts';
export type { Dice } from './dice.ts';
export { type Claim, claim, oncePer, type Scenario, type Setting } from './scenario.ts';

// ---- running, and what comes of it

export type { Failed } from '../explain/attempt.ts';
export type { Failing } from '../explain/cause.ts';
export { timeline } from '../explain/fold.ts';
export { type Extent, type ShrinkOptions, type Shrunk, shrink } from '../explain/shrink.ts';
export { type Guilt, type RunStory, type StoryLine, type StoryPart, storyOf } from '../explain/story.ts';
export type { OpenRun, RunStep } from './open-run.ts';
export type { BreachReport, NotJudged, Outcome } from './outcome.ts';
export type { Overrides } from './overrides.ts';
export type { Change } from './record.ts';
export { type Moment, type OpenOptions, open, type RunOptions, run } from './run.ts';
export { RunError } from './run-error.ts';
export type { Sizes, Sizing } from './sizes.ts';
export { type RecordedEntry, trailTo } from './trail.ts';

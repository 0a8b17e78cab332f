/**
 * hangup's own protocol, resumable sessions behind a balancer, and the catalogue of its scenarios: the first tenant of the
 * core. A page may load it, as it may the core.
 */

export { LAWS } from '../../properties/laws/session/all.ts';
export { cutContent } from '../content/cut.ts';
export { SAMPLE_NAMES, type SampleName, sample } from '../content/samples.ts';
export type { Figures } from './figures/measured.ts';
export { type SessionScenario, session, sessionScenario } from './protocol.ts';
export { SCENARIOS, scenarioNamed } from './scenarios/catalogue.ts';
export { buildWorld, type Topology } from './scenarios/topology.ts';
export { conversation } from './scenarios/turns.ts';
export { TARGET_NAMES, type TargetName } from './targets.ts';
export type { SessionWorld, Story, Turn } from './world.ts';

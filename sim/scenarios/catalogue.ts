/** The catalogue: every scenario, in the order in which tables show them. */
import type { Scenario } from '../scenario.ts';
import { agentMemory } from './context/agent-memory.ts';
import { basic } from './context/basic.ts';
import { durations } from './context/durations.ts';
import { manyCycles } from './context/many-cycles.ts';
import { buffers } from './midstream/buffers.ts';
import { cascade } from './midstream/cascade.ts';
import { concurrent } from './midstream/concurrent.ts';
import { degradation } from './midstream/degradation.ts';
import { json } from './midstream/json.ts';
import { large } from './midstream/large.ts';
import { multipart } from './midstream/multipart.ts';
import { retries } from './midstream/retries.ts';
import { streamStart } from './midstream/stream-start.ts';
import { tabSuspend } from './midstream/tab-suspend.ts';
import { text } from './midstream/text.ts';
import { tokenExpiry } from './midstream/token-expiry.ts';
import { crash } from './restart/crash.ts';
import { graceful } from './restart/graceful.ts';
import { rolling } from './restart/rolling.ts';

export const SCENARIOS: readonly Scenario[] = [
  basic,
  agentMemory,
  manyCycles,
  durations,
  text,
  json,
  multipart,
  buffers,
  retries,
  streamStart,
  cascade,
  large,
  concurrent,
  tokenExpiry,
  degradation,
  tabSuspend,
  graceful,
  crash,
  rolling,
];

/** The scenario of that name, or undefined: the caller knows best how to suggest one. */
export const scenarioNamed = (name: string): Scenario | undefined =>
  SCENARIOS.find((scenario) => scenario.name === name);

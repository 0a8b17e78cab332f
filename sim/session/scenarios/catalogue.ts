/** The catalogue: every scenario, in the order in which tables show them. */
import { shareWorlds } from '../../core/worlds.ts';
import type { SessionScenario } from '../protocol.ts';
import { addressChange } from './context/address-change.ts';
import { agentMemory } from './context/agent-memory.ts';
import { basic } from './context/basic.ts';
import { benchmarks as contextBenchmarks } from './context/benchmarks.ts';
import { durations } from './context/durations.ts';
import { errors } from './context/errors.ts';
import { fullOutbox } from './context/full-outbox.ts';
import { lostSession } from './context/lost-session.ts';
import { manyCycles } from './context/many-cycles.ts';
import { sameServer } from './context/same-server.ts';
import { services } from './context/services.ts';
import { shortLives } from './context/short-lives.ts';
import { stayingOn } from './context/staying-on.ts';
import { buffers } from './midstream/buffers.ts';
import { busyReload } from './midstream/busy-reload.ts';
import { cascade } from './midstream/cascade.ts';
import { concurrent } from './midstream/concurrent.ts';
import { degradation } from './midstream/degradation.ts';
import { exhaustion } from './midstream/exhaustion.ts';
import { json } from './midstream/json.ts';
import { large } from './midstream/large.ts';
import { manyAnswers } from './midstream/many-streams.ts';
import { multipart } from './midstream/multipart.ts';
import { originChange } from './midstream/origin-change.ts';
import { retries } from './midstream/retries.ts';
import { serverClose } from './midstream/server-close.ts';
import { snapshots } from './midstream/snapshots.ts';
import { stalledAnswers } from './midstream/stalled.ts';
import { streamStart } from './midstream/stream-start.ts';
import { tabSuspend } from './midstream/tab-suspend.ts';
import { text } from './midstream/text.ts';
import { tokenExpiry } from './midstream/token-expiry.ts';
import { versionChange } from './midstream/version-change.ts';
import { backoff } from './restart/backoff.ts';
import { backup } from './restart/backup.ts';
import { benchmarks as restartBenchmarks } from './restart/benchmarks.ts';
import { busyHandover } from './restart/busy-handover.ts';
import { crash } from './restart/crash.ts';
import { graceful } from './restart/graceful.ts';
import { herd } from './restart/herd.ts';
import { longOutage } from './restart/long-outage.ts';
import { noRoom } from './restart/no-room.ts';
import { rolling } from './restart/rolling.ts';
import { splitBrain } from './restart/split-brain.ts';
import { state } from './restart/state.ts';
import { unanswered } from './restart/unanswered.ts';
import { SWARM } from './swarm/family.ts';

const FORESEEN: readonly SessionScenario[] = shareWorlds([
  basic,
  agentMemory,
  addressChange,
  manyCycles,
  durations,
  errors,
  services,
  contextBenchmarks,
  lostSession,
  sameServer,
  fullOutbox,
  shortLives,
  stayingOn,
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
  tabSuspend,
  degradation,
  exhaustion,
  versionChange,
  originChange,
  busyReload,
  serverClose,
  manyAnswers,
  stalledAnswers,
  snapshots,
  graceful,
  crash,
  rolling,
  backoff,
  state,
  herd,
  busyHandover,
  longOutage,
  noRoom,
  unanswered,
  splitBrain,
  backup,
  restartBenchmarks,
]);

/** Those of `swarm` draw their worlds whole: hardly two seeds would share one. */
export const SCENARIOS: readonly SessionScenario[] = [...FORESEEN, ...SWARM];

/** The scenario of that name, or undefined: the caller knows best how to suggest one. */
export const scenarioNamed = (name: string): SessionScenario | undefined =>
  SCENARIOS.find((scenario) => scenario.name === name);

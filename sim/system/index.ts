/**
 * `hangup/system`: your own client and server as a scenario. It needs Node: modules are bundled, and run in contexts of
 * their own.
 */

export type { Side, SystemDefinition } from './definition.ts';
export {
  type Answer,
  type Asked,
  type Guest,
  type Hosting,
  type HostServer,
  hostServer,
  type Message,
} from './host-server.ts';
export {
  type Expected,
  fuzzed,
  type Hostility,
  type PeerOptions,
  type PeerTools,
  peer,
  type Saying,
  type Speaker,
  type Step,
} from './peer.ts';
export type { Promises } from './promises.ts';
export type { Argument, Caller, Exported, Functions, Json, Line, Story, Time, Tools } from './story.ts';
export { system } from './system.ts';

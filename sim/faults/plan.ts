/**
 * A fault plan is data: what goes wrong, where, when and for how long. It can be drawn, written by hand, shrunk, and
 * replayed years later. What each kind does is in `kinds/`, one file for each sort of target.
 */
import type { AuthFault } from './kinds/auth.ts';
import type { BalancerFault } from './kinds/balancer.ts';
import type { ClientFault } from './kinds/client.ts';
import type { HostFault } from './kinds/host.ts';
import type { LinkFault } from './kinds/link.ts';
import type { PageFault } from './kinds/page.ts';
import type { PauseFault } from './kinds/pause.ts';
import type { ServerFault } from './kinds/server.ts';
import type { StoreFault } from './kinds/store.ts';
import type { TabFault } from './kinds/tab.ts';

export type Fault =
  | LinkFault
  | ClientFault
  | TabFault
  | PageFault
  | ServerFault
  | HostFault
  | PauseFault
  | BalancerFault
  | StoreFault
  | AuthFault;

export type FaultKind = Fault['kind'];

export type FaultPlan = readonly Fault[];

/** Worlds and plans that are drawn whole: where nobody foresaw anything, and every bound follows from what was drawn. */
import { type SessionScenario, sessionScenario } from '../../protocol.ts';
import {
  crashedMidAnswer,
  cutDuringReplay,
  fencedOld,
  handedOver,
  movedServer,
  queued,
  resumed,
  sendRepeated,
  storeLostTail,
  told,
  turnedAway,
  workSurvived,
} from '../claims.ts';
import { regenerated, snapshot } from '../snapshots.ts';
import { drawnPlan } from './plan.ts';
import { STRUCK } from './struck.ts';
import { drawnWorld } from './world.ts';

/** One or two clients, whatever else there is: most of what can go wrong needs no more. */
export const session = sessionScenario({
  name: 'swarm/session',
  title: 'one or two clients in a world that is drawn whole, under any faults at any moments',
  sometimes: [resumed, cutDuringReplay, snapshot, regenerated, workSurvived, ...STRUCK],
  world: (setting) => drawnWorld(setting, { clients: [1, 2], servers: [1, 4], turns: [1, 4], limited: false }),
  plan: (setting, world) => drawnPlan(setting, world),
});

/** Kinds that hit what stands behind the clients. */
const BEHIND = /^(store|auth|token|clock|server|crash|drain|restart|overload|slow|balancer|stickiness|wrong|reset|cut)/;

export const services = sessionScenario({
  name: 'swarm/services',
  title: 'servers, store, token service and balancer fail in a world that is drawn whole',
  sometimes: [
    resumed,
    movedServer,
    handedOver,
    sendRepeated,
    storeLostTail,
    crashedMidAnswer,
    fencedOld,
    told('session_expired'),
  ],
  world: (setting) => drawnWorld(setting, { clients: [1, 3], servers: [1, 4], turns: [1, 3], limited: false }),
  plan: (setting, world) => drawnPlan(setting, world, (kind) => BEHIND.test(kind)),
});

export const crowd = sessionScenario({
  name: 'swarm/crowd',
  title: 'many clients, and servers that take so many of them a second, in a world that is drawn whole',
  sometimes: [resumed, movedServer, handedOver, queued, turnedAway],
  world: (setting) => drawnWorld(setting, { clients: [4, 16], servers: [1, 3], turns: [1, 1], limited: true }),
  plan: (setting, world) => drawnPlan(setting, world),
});

export const SWARM: readonly SessionScenario[] = [session, services, crowd];

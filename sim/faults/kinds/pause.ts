/** Faults that stop a server without killing it: `target` is its name, for instance `s1`. */
import type { MessageEvent, Probe } from '../../../src/post.ts';
import type { Duration } from '../../../src/time.ts';
import type { Passes } from '../../core/pause.ts';
import type { FaultBase, Kinds } from '../kind.ts';
import { time } from '../parameter.ts';

/** The server and its agent take no step for a while: a stopped process, a long collection, a migrating machine. */
interface ServerPause extends FaultBase {
  readonly kind: 'serverPause';
  readonly lasts: Duration;
}

/** The server accepts connections and calls itself healthy, and never answers anything else. */
interface BlackHole extends FaultBase {
  readonly kind: 'blackHole';
  readonly lasts: Duration;
}

export type PauseFault = ServerPause | BlackHole;

const lasts = time('microseconds until it goes on');

export const PAUSE_KINDS: Kinds<PauseFault> = {
  serverPause: {
    hits: 'server',
    about: 'server: stands still with its agent; what reaches it waits, its timers are late',
    parameters: { lasts },
    draw: (dice, menu, lasts) => ({ target: dice.pick('plan/server', menu.servers), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      for (const node of scene.host(fault.target)) scene.universe.pauses.hold(node, fault);
      return 'lasts';
    },
    end(scene, fault) {
      for (const node of scene.host(fault.target)) scene.universe.pauses.release(node, fault);
    },
  },
  blackHole: {
    hits: 'server',
    about: 'server: accepts connections and passes health checks, but answers nothing else until it goes on',
    parameters: { lasts },
    draw: (dice, menu, lasts) => ({ target: dice.pick('plan/server', menu.servers), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      scene.universe.pauses.hold(scene.node(fault.target), fault, looksAlive);
      return 'lasts';
    },
    end: (scene, fault) => scene.universe.pauses.release(scene.node(fault.target), fault),
  },
};

/** What a hung worker behind a healthy front door still does. */
const looksAlive: Passes = (event) => {
  if (event.type === 'incoming') return true;
  return event.type === 'message' && (event as MessageEvent<Probe | undefined>).message?.type === 'probe';
};

/** Faults of the process that a client runs in: a browser's tab, on a device. `target` is the client, for instance `c1`. */
import { type Duration, ms, seconds } from '../../../src/time.ts';
import type { FaultBase, Kinds } from '../kind.ts';
import { freeze, hide, show, thaw } from '../page-life.ts';
import { time } from '../parameter.ts';

/** The browser freezes the tab: it takes no step, and its connections stay with the operating system. */
interface Suspend extends FaultBase {
  readonly kind: 'suspend';
  readonly lasts: Duration;
}

/** The device sleeps: its processes stand still, and its network is silent. */
interface Sleep extends FaultBase {
  readonly kind: 'sleep';
  readonly lasts: Duration;
}

/** The tab is hidden: its timers fire once a second, and after `intensiveAfter` once a minute. */
interface Throttle extends FaultBase {
  readonly kind: 'throttle';
  readonly lasts: Duration;
  readonly intensiveAfter: Duration;
}

export type TabFault = Suspend | Sleep | Throttle;

export const TAB_KINDS: Kinds<TabFault> = {
  suspend: {
    hits: 'client',
    about: 'client: its tab is frozen; what reaches it waits, its timers are late',
    parameters: { lasts: time('microseconds until the tab goes on') },
    draw: (dice, menu, lasts) => ({ target: dice.pick('plan/client', menu.clients), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      freeze(scene, scene.node(fault.target), fault);
      return 'lasts';
    },
    end: (scene, fault) => thaw(scene, scene.node(fault.target), fault),
  },
  sleep: {
    hits: 'client',
    about: 'client: its device sleeps; no step is taken, and the link is silent',
    parameters: { lasts: time('microseconds until the device wakes') },
    draw: (dice, menu, lasts) => ({ target: dice.pick('plan/client', menu.clients), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      const client = scene.node(fault.target);
      scene.raise(`asleep/${fault.target}`);
      for (const tab of scene.universe.wiring.processesBeside(client)) scene.universe.pauses.hold(tab, fault);
      scene.cut(scene.universe.wiring.access(client), 'both', true);
      return 'lasts';
    },
    end(scene, fault) {
      const client = scene.node(fault.target);
      scene.cut(scene.universe.wiring.access(client), 'both', false);
      scene.lower(`asleep/${fault.target}`);
      for (const tab of scene.universe.wiring.processesBeside(client)) scene.universe.pauses.release(tab, fault);
    },
  },
  throttle: {
    hits: 'client',
    about: 'client: its tab is hidden, and its timers fire once a second, later once a minute',
    parameters: {
      lasts: time('microseconds until the tab is visible again'),
      intensiveAfter: time('microseconds until timers fire only once a minute (browsers: five minutes)'),
    },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/client', menu.clients),
      lasts,
      intensiveAfter: ms(dice.between('plan/throttle', 0, 10_000)),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      const client = scene.node(fault.target);
      const { pauses } = scene.universe;
      hide(scene, client);
      pauses.slow(client, fault, SLOW);
      // Before its end, so that it need not ask whether it still lasts.
      if (fault.intensiveAfter < fault.lasts)
        scene.later(fault.intensiveAfter, () => pauses.slow(client, fault, INTENSIVE));
      return 'lasts';
    },
    end(scene, fault) {
      const client = scene.node(fault.target);
      // A page is told that it is seen before its timers are what they were.
      show(scene, client);
      scene.universe.pauses.quicken(client, fault);
    },
  },
};

const SLOW = seconds(1);
const INTENSIVE = seconds(60);

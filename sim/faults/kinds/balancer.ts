/** Faults of the balancer: `target` is `lb`. */
import type { Order } from '../../../src/balancer/orders.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, ms, plus } from '../../../src/time.ts';
import { death } from '../death.ts';
import type { FaultBase, Kinds, Menu } from '../kind.ts';
import { node, oneOf, time } from '../parameter.ts';
import type { Scene } from '../scene.ts';

/** Its process dies, and every connection through it. */
interface BalancerCrash extends FaultBase {
  readonly kind: 'balancerCrash';
  readonly lasts: Duration;
}

/** A new process takes new connections; those of the old one live on for a grace. */
interface BalancerReload extends FaultBase {
  readonly kind: 'balancerReload';
  readonly grace: Duration;
}

/** Connections without traffic are closed much sooner than configured. */
interface BalancerIdle extends FaultBase {
  readonly kind: 'balancerIdle';
  readonly lasts: Duration;
  readonly timeout: Duration;
}

/** A backend counts as healthy, or as unhealthy, whatever it is. */
interface WrongHealth extends FaultBase {
  readonly kind: 'wrongHealth';
  readonly lasts: Duration;
  readonly backend: NodeId;
  readonly says: 'healthy' | 'unhealthy';
}

/** A backend is taken out: no new connections, and an end to the old ones at the deadline. */
interface BalancerDrain extends FaultBase {
  readonly kind: 'balancerDrain';
  readonly lasts: Duration;
  readonly backend: NodeId;
  readonly deadline: Duration;
}

/** A client that comes back is sent to another backend than the one that it was on. */
interface StickinessLost extends FaultBase {
  readonly kind: 'stickinessLost';
  readonly lasts: Duration;
}

export type BalancerFault =
  | BalancerCrash
  | BalancerReload
  | BalancerIdle
  | WrongHealth
  | BalancerDrain
  | StickinessLost;

/** What the balancer is called where a menu does not say it. */
const usual = 'lb';
const of = ({ balancers = [usual] }: Menu): NodeId => balancers[0] ?? usual;
const lasts = time('microseconds until it is over');
const backend = node('the server that it is about', 'server');

export const BALANCER_KINDS: Kinds<BalancerFault> = {
  balancerCrash: {
    hits: 'balancer',
    about: 'balancer: its process dies and comes back without memory',
    parameters: { lasts: time('microseconds until the new process starts') },
    draw: (_dice, menu, lasts) => ({ target: of(menu), lasts }),
    ...death,
  },
  balancerReload: {
    hits: 'balancer',
    about: 'balancer: a new process takes new connections, the old ones are closed after a grace',
    parameters: { grace: time('microseconds that the old connections live on') },
    draw: (dice, menu) => ({ target: of(menu), grace: ms(dice.between('plan/grace', 0, 8_000)) }),
    duration: (fault) => fault.grace,
    begin(scene, { target, grace }) {
      order(scene, target, { type: 'reload', grace });
      return 'lasts';
    },
    end() {},
  },
  balancerIdle: {
    hits: 'balancer',
    about: 'balancer: closes connections that carried nothing for a short while',
    parameters: { lasts, timeout: time('microseconds without traffic until a connection is closed') },
    draw: (dice, menu, lasts) => ({ target: of(menu), lasts, timeout: ms(dice.between('plan/idle', 500, 6_000)) }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, timeout }) {
      scene.raise(`idle/${target}`);
      order(scene, target, { type: 'idleTimeout', timeout });
      return 'lasts';
    },
    end(scene, { target }) {
      if (scene.lower(`idle/${target}`)) order(scene, target, { type: 'idleTimeout', timeout: null });
    },
  },
  wrongHealth: {
    hits: 'balancer',
    about: 'balancer: takes a healthy server for unhealthy, or a dead one for healthy',
    parameters: {
      lasts,
      backend,
      says: oneOf('healthy or unhealthy: what it takes the server for', ['healthy', 'unhealthy']),
    },
    draw: (dice, menu, lasts) => ({
      target: of(menu),
      lasts,
      backend: dice.pick('plan/server', menu.servers),
      says: dice.pick('plan/health', ['unhealthy', 'unhealthy', 'healthy'] as const),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, backend, says }) {
      scene.raise(`health/${backend}`);
      order(scene, target, { type: 'forceHealth', backend, says });
      return 'lasts';
    },
    end(scene, { target, backend }) {
      if (scene.lower(`health/${backend}`)) order(scene, target, { type: 'forceHealth', backend, says: null });
    },
  },
  balancerDrain: {
    hits: 'balancer',
    about: 'balancer: gives a server no new connections, closes the old ones at a deadline, then takes it back',
    parameters: {
      lasts: time('microseconds from the deadline until the server is back'),
      backend,
      deadline: time('microseconds until the old connections are closed'),
    },
    draw: (dice, menu, lasts) => ({
      target: of(menu),
      lasts,
      backend: dice.pick('plan/server', menu.servers),
      deadline: ms(dice.between('plan/deadline', 0, 8_000)),
    }),
    duration: (fault) => plus(fault.deadline, fault.lasts),
    begin(scene, { target, backend, deadline }) {
      scene.raise(`out/${backend}`);
      order(scene, target, { type: 'drainBackend', backend, deadline });
      return 'lasts';
    },
    end(scene, { target, backend }) {
      if (scene.lower(`out/${backend}`)) order(scene, target, { type: 'drainBackend', backend, deadline: null });
    },
  },
  stickinessLost: {
    hits: 'balancer',
    about: 'balancer: sends a client that comes back to another server than the one that it was on',
    parameters: { lasts },
    draw: (_dice, menu, lasts) => ({ target: of(menu), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, { target }) {
      if (scene.raise(`scatter/${target}`)) order(scene, target, { type: 'scatter', active: true });
      return 'lasts';
    },
    end(scene, { target }) {
      if (scene.lower(`scatter/${target}`)) order(scene, target, { type: 'scatter', active: false });
    },
  },
};

/** What an operator, or a wrong configuration, tells the balancer. */
const order = (scene: Scene, balancer: NodeId, what: Order): void => scene.tell(scene.node(balancer), what);

/** Faults of a server's process, whatever it speaks: `target` is its name, for instance `s1`. */
import { type Duration, ms, plus } from '../../../src/time.ts';
import type { AnyEvent } from '../../core/kernel.ts';
import { death } from '../death.ts';
import type { FaultBase, Kinds } from '../kind.ts';
import { oneOf, time } from '../parameter.ts';

/** The process (or the whole host) dies and comes back after `lasts`. */
interface Crash extends FaultBase {
  readonly kind: 'crash';
  readonly lasts: Duration;
  readonly how: 'process' | 'host';
}

/** Drain with notice, exit, and come back `lasts` after the exit. */
interface Drain extends FaultBase {
  readonly kind: 'drain';
  readonly deadline: Duration;
  readonly lasts: Duration;
}

/** The process is replaced by a new one at once, as a supervisor does. */
interface Restart extends FaultBase {
  readonly kind: 'restart';
  readonly lasts: Duration;
}

export type ServerFault = Crash | Drain | Restart;

export const SERVER_KINDS: Kinds<ServerFault> = {
  crash: {
    hits: 'server',
    about: 'server: dies without notice, and its agent with it; comes back without memory',
    parameters: {
      lasts: time('microseconds until the new process starts'),
      how: oneOf('process (peers hear of it) or host (silence)', ['process', 'host']),
    },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/server', menu.servers),
      lasts,
      how: dice.pick('plan/how', ['process', 'process', 'host'] as const),
    }),
    ...death,
  },
  drain: {
    hits: 'server',
    about: 'server: stops taking connections, sends GOAWAY, exits, comes back',
    parameters: {
      deadline: time('microseconds that sessions have to move'),
      lasts: time('microseconds from the exit until the new process starts'),
    },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/server', menu.servers),
      deadline: ms(dice.between('plan/deadline', 1000, 8000)),
      lasts,
    }),
    duration: (fault) => plus(fault.deadline, fault.lasts),
    begin(scene, { target, deadline }, number) {
      const server = scene.node(target);
      // A dead or already draining server cannot be drained: the fault is over before it began.
      if (!server.up || scene.awaitsExit(server)) return 'over';
      scene.awaitExit(server, number);
      scene.universe.deliver(server, { type: 'drain', deadline } as AnyEvent);
      // Who does not know how to end by itself is ended, as any supervisor does.
      if (server.spec.drains !== true)
        scene.later(deadline, () => {
          if (scene.awaitsExit(server)) scene.exit(server);
        });
      return 'later';
    },
    end(scene, { target }) {
      scene.revive(scene.node(target));
    },
  },
  restart: {
    hits: 'server',
    about: 'server: its process is replaced by a new one at once',
    parameters: { lasts: time('microseconds until the new process listens (5 to 500 ms)') },
    draw: (dice, menu) => ({
      target: dice.pick('plan/server', menu.servers),
      lasts: ms(dice.between('plan/restart', 5, 500)),
    }),
    ...death,
  },
};

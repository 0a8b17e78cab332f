/**
 * Orders: what an operator, or a mistake in a configuration, does to a balancer that runs.
 *
 * A reload starts a process with a fresh view of the backends, and leaves the connections of the old one alone for a
 * grace. A drained backend gets no new connections and loses its old ones at the deadline. A forced health is believed
 * whatever probes and dials say.
 */
import { NOTHING, type NodeId } from '../machine.ts';
import { after, type Duration, type Instant, latest } from '../time.ts';
import { endPair, NO_BACKEND } from './ending.ts';
import { startProbes } from './health.ts';
import { type BalancerEffect, type BalancerState, newBackend, type Pair } from './state.ts';

export type Order =
  /** A new process takes new connections; those of the old one end after `grace`. */
  | { readonly type: 'reload'; readonly grace: Duration }
  /** Another idle time-out is in force; null: the configured one. */
  | { readonly type: 'idleTimeout'; readonly timeout: Duration | null }
  /** A backend counts as healthy or unhealthy whatever it says; null: probes decide again. */
  | { readonly type: 'forceHealth'; readonly backend: NodeId; readonly says: 'healthy' | 'unhealthy' | null }
  /** No new connections to a backend, and an end to the old ones at the deadline; null: it is back. */
  | { readonly type: 'drainBackend'; readonly backend: NodeId; readonly deadline: Duration | null }
  /** Clients come to other backends than before; false: as configured. */
  | { readonly type: 'scatter'; readonly active: boolean };

export function obey(state: BalancerState, order: Order, now: Instant): readonly BalancerEffect[] {
  switch (order.type) {
    case 'reload':
      return reload(state, order.grace, now);
    case 'idleTimeout': {
      state.idleTimeout = order.timeout ?? state.config.idleTimeout;
      const effects: BalancerEffect[] = [];
      for (const pair of pairs(state))
        if (pair.spliced) {
          const at = latest(now, after(pair.lastActive, state.idleTimeout));
          effects.push({ type: 'setTimer', timer: 'idle', key: pair.client, at });
        }
      return effects;
    }
    case 'forceHealth': {
      const each = state.backends[state.config.backends.indexOf(order.backend)];
      if (each !== undefined) each.forced = order.says;
      return NOTHING;
    }
    case 'drainBackend': {
      const index = state.config.backends.indexOf(order.backend);
      const each = state.backends[index];
      if (each === undefined) return NOTHING;
      each.draining = order.deadline !== null;
      const key = index + 1;
      if (order.deadline === null) return [{ type: 'clearTimer', timer: 'drained', key }];
      return [{ type: 'setTimer', timer: 'drained', key, at: after(now, order.deadline) }];
    }
    case 'scatter':
      state.scattered = order.active;
      return NOTHING;
  }
}

/** A fresh process knows nothing about the backends: it takes them for healthy and asks. */
function reload(state: BalancerState, grace: Duration, now: Instant): readonly BalancerEffect[] {
  state.life++;
  state.backends = state.config.backends.map(newBackend);
  state.homes = {};
  const quiet = state.quiet;
  const probes = quiet ? NOTHING : startProbes(state, now);
  return [...probes, { type: 'setTimer', timer: 'grace', key: state.life, at: after(now, grace) }];
}

/** The timer `grace`: processes older than that number are gone. */
export const endOldLives = (state: BalancerState, life: number): readonly BalancerEffect[] =>
  endAll(state, (pair) => pair.life < life);

/** The timer `drained`: the deadline of a backend. */
export const endDrained = (state: BalancerState, backend: number): readonly BalancerEffect[] =>
  endAll(state, (pair) => pair.backend === backend && pair.spliced);

function endAll(state: BalancerState, which: (pair: Pair) => boolean): readonly BalancerEffect[] {
  return pairs(state)
    .filter(which)
    .flatMap((pair) => endPair(state, pair, NO_BACKEND));
}

const pairs = (state: BalancerState): Pair[] => Object.values(state.pairs);

/** Health checks: a probe to each backend at an interval; answers and silences in a row decide, so one of them does not. */
import { NOTHING, type NodeId } from '../machine.ts';
import type { Probed } from '../post.ts';
import { after, type Instant } from '../time.ts';
import type { Backend, BalancerEffect, BalancerState } from './state.ts';

/** Probes begin at once: a balancer that restarts must not route by guess for long. */
export function startProbes(state: BalancerState, now: Instant): readonly BalancerEffect[] {
  state.quiet = false;
  const effects: BalancerEffect[] = [];
  for (let backend = 0; backend < state.backends.length; backend++) effects.push(...probe(state, backend, now));
  return effects;
}

/** The timer `probe`: asks, and comes back. Timers are keyed by the backend's number from 1. */
export function probe(state: BalancerState, backend: number, now: Instant): readonly BalancerEffect[] {
  const each = state.backends[backend];
  const to = state.config.backends[backend];
  if (each === undefined || to === undefined || state.quiet) return NOTHING;
  state.probes++;
  each.probe = state.probes;
  const { probeInterval, probeTimeout } = state.config;
  return [
    { type: 'post', to, message: { type: 'probe', op: state.probes } },
    { type: 'setTimer', timer: 'probeTimeout', key: backend + 1, at: after(now, probeTimeout) },
    { type: 'setTimer', timer: 'probe', key: backend + 1, at: after(now, probeInterval) },
  ];
}

export function probeAnswered(state: BalancerState, from: NodeId, { op, ready }: Probed): readonly BalancerEffect[] {
  const backend = state.config.backends.indexOf(from);
  const each = state.backends[backend];
  if (each === undefined || each.probe !== op) return NOTHING;
  each.probe = 0;
  // Not ready is the backend's own word, and needs no second probe to be believed.
  if (ready) note(state, each, true);
  else {
    each.healthy = false;
    each.streak = 0;
  }
  return [{ type: 'clearTimer', timer: 'probeTimeout', key: backend + 1 }];
}

/** The timer `probeTimeout`: silence. */
export function probeFailed(state: BalancerState, backend: number): readonly BalancerEffect[] {
  const each = state.backends[backend];
  if (each === undefined || each.probe === 0) return NOTHING;
  each.probe = 0;
  note(state, each, false);
  return NOTHING;
}

/** A dial found nobody: out at once, until probes say otherwise. */
export function refused(state: BalancerState, backend: number): void {
  const each = state.backends[backend];
  if (each === undefined) return;
  each.healthy = false;
  each.streak = 0;
}

function note({ config }: BalancerState, each: Backend, good: boolean): void {
  each.streak = good ? Math.max(0, each.streak) + 1 : Math.min(0, each.streak) - 1;
  if (each.streak >= config.healthyAfter) each.healthy = true;
  if (-each.streak >= config.unhealthyAfter) each.healthy = false;
}

/** Whether a backend may get a new connection. */
const isOpen = ({ healthy, forced, draining }: Backend): boolean =>
  !draining && (forced === null ? healthy : forced === 'healthy');

/**
 * The healthy backend with the fewest connections that was not tried, or -1. Ties go round. `home` is where the client was
 * last (-1: unknown): a sticky balancer prefers it, one that scatters its clients takes it only when there is no other.
 */
export function chooseBackend(state: BalancerState, tried: readonly number[], home: number): number {
  const known = state.backends[home];
  const homely = known !== undefined && isOpen(known) && !tried.includes(home);
  if (homely && state.config.sticky === true && !state.scattered) return home;
  const best = leastConnections(state, tried, state.scattered ? home : -1);
  return best < 0 && homely ? home : best;
}

function leastConnections(state: BalancerState, tried: readonly number[], shunned: number): number {
  const count = state.backends.length;
  let best = -1;
  for (let i = 0; i < count; i++) {
    const index = (state.rotation + i) % count;
    const each = state.backends[index] as Backend;
    if (index === shunned || !isOpen(each) || tried.includes(index)) continue;
    if (best < 0 || each.connections < (state.backends[best] as Backend).connections) best = index;
  }
  if (best >= 0) state.rotation = (best + 1) % count;
  return best;
}

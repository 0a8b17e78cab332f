/** Pairs of connections: how they are counted and forgotten. */
import type { ConnId } from '../transport.ts';
import type { BalancerEffect, BalancerState, Pair } from './state.ts';

export function pairOfServer(state: BalancerState, conn: ConnId): Pair | undefined {
  const client = state.byServer[conn];
  return client === undefined ? undefined : state.pairs[client];
}

/** Notes that a pair uses its backend, or no longer does; a process counts its own connections only. */
export function count(state: BalancerState, { backend, life }: Pair, change: 1 | -1): void {
  const each = state.backends[backend];
  if (each !== undefined && life === state.life) each.connections += change;
}

/** Drops a pair; its timers go with it. */
export function forget(state: BalancerState, pair: Pair): BalancerEffect[] {
  const { client, server } = pair;
  delete state.pairs[client];
  delete state.byServer[server];
  count(state, pair, -1);
  return [
    { type: 'clearTimer', timer: 'idle', key: client },
    { type: 'clearTimer', timer: 'connect', key: server },
  ];
}

/** The parties of our session protocol, as whoever tells what they know finds them among the states of a run. */
import type { BalancerState } from '../../src/balancer/state.ts';
import { clientOf } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { AgentState } from '../../src/session/agent/agent.ts';
import type { AuthState } from '../../src/session/auth/auth.ts';
import type { ClientState } from '../../src/session/client/state.ts';
import type { ServerState } from '../../src/session/server/state.ts';
import type { SessionRecord, StoreState } from '../../src/session/store/state.ts';
import type { About } from '../core/knowledge.ts';

/** Streams and sends that are named one by one. */
export const NAMED = 3;

/** Says of somebody what they know, in parts of one sentence. */
export type Say = (who: NodeId, parts: readonly (string | null)[]) => void;

export interface Parties {
  readonly servers: readonly (readonly [NodeId, ServerState | null])[];
  readonly agents: readonly (readonly [NodeId, AgentState | null])[];
  readonly store: readonly [NodeId, StoreState | null] | null;
  readonly balancer: readonly [NodeId, BalancerState | null] | null;
  readonly auth: readonly [NodeId, AuthState | null] | null;
}

/** The session of a client, by what it knows or else the store; 0 for none. */
export const sessionOf = (state: ClientState | null, { store }: Pick<Parties, 'store'>, node: NodeId): number =>
  state?.session?.id ?? store?.[1]?.byClient[`@${node}`] ?? 0;

/** Streams that are asked about; all where none is. */
export function chosen<T>(
  streams: Readonly<Record<number, T>>,
  { streams: asked }: About,
): readonly (readonly [number, T])[] {
  const all = Object.entries(streams).map(([stream, value]) => [Number(stream), value] as const);
  const wanted = all.filter(([stream]) => asked.includes(stream));
  return (wanted.length > 0 ? wanted : all).slice(-NAMED);
}

export const inEpoch = (epoch: number): string => (epoch > 1 ? ` of epoch ${epoch}` : '');

/** The record of a client's session at the store. */
export function ownRecord(store: StoreState | null, client: NodeId): readonly [number, SessionRecord] | null {
  const id = store?.byClient[`@${clientOf(client)}`];
  const record = id === undefined ? undefined : store?.sessions[id];
  return id === undefined || record === undefined ? null : [id, record];
}

/** Every kind of fault, by name. The type makes sure that none is forgotten. */
import type { Duration } from '../../src/time.ts';
import type { Kind } from './kind.ts';
import { AUTH_KINDS } from './kinds/auth.ts';
import { BALANCER_KINDS } from './kinds/balancer.ts';
import { CLIENT_KINDS } from './kinds/client.ts';
import { LINK_KINDS } from './kinds/link.ts';
import { SERVER_KINDS } from './kinds/server.ts';
import { STORE_KINDS } from './kinds/store.ts';
import type { Fault, FaultKind } from './plan.ts';

const KINDS: { readonly [K in FaultKind]: Kind<Extract<Fault, { readonly kind: K }>> } = {
  ...LINK_KINDS,
  ...CLIENT_KINDS,
  ...SERVER_KINDS,
  ...BALANCER_KINDS,
  ...STORE_KINDS,
  ...AUTH_KINDS,
};

/** What a kind does. The caller holds a fault of that very kind. */
export const kindOf = (kind: FaultKind): Kind<Fault> => KINDS[kind] as unknown as Kind<Fault>;

export const FAULT_KINDS = Object.keys(KINDS) as FaultKind[];

/** For `hangup list faults`: a line for each kind, with its parameters. */
export const FAULTS: readonly { readonly name: FaultKind; readonly about: string }[] = FAULT_KINDS.map((name) => {
  const { about, parameters } = kindOf(name);
  const list = Object.entries(parameters).map(([parameter, meaning]) => `${parameter}: ${meaning}`);
  return { name, about: list.length === 0 ? about : `${about} [${list.join('; ')}]` };
});

/** How long a fault lasts, at the most, from its beginning. */
export const durationOf = (fault: Fault): Duration => kindOf(fault.kind).duration(fault);

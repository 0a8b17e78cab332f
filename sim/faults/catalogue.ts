/** Every kind of fault, by name. The type makes sure that none is forgotten. */
import type { ApplicationError } from '../../src/application.ts';
import type { Duration } from '../../src/time.ts';
import type { Kind } from './kind.ts';
import { AUTH_KINDS } from './kinds/auth.ts';
import { BALANCER_KINDS } from './kinds/balancer.ts';
import { CLIENT_KINDS } from './kinds/client.ts';
import { HOST_KINDS } from './kinds/host.ts';
import { LINK_KINDS } from './kinds/link.ts';
import { PAGE_KINDS } from './kinds/page.ts';
import { PAUSE_KINDS } from './kinds/pause.ts';
import { SERVER_KINDS } from './kinds/server.ts';
import { STORE_KINDS } from './kinds/store.ts';
import { TAB_KINDS } from './kinds/tab.ts';
import type { Parameter } from './parameter.ts';
import type { Fault, FaultKind, FaultPlan } from './plan.ts';

const KINDS: { readonly [K in FaultKind]: Kind<Extract<Fault, { readonly kind: K }>> } = {
  ...LINK_KINDS,
  ...CLIENT_KINDS,
  ...TAB_KINDS,
  ...PAGE_KINDS,
  ...SERVER_KINDS,
  ...HOST_KINDS,
  ...PAUSE_KINDS,
  ...BALANCER_KINDS,
  ...STORE_KINDS,
  ...AUTH_KINDS,
};

/** What a kind does. The caller holds a fault of that very kind. */
export const kindOf = (kind: FaultKind): Kind<Fault> => KINDS[kind] as unknown as Kind<Fault>;

export const FAULT_KINDS = Object.keys(KINDS) as FaultKind[];

/** A kind as `hangup list faults` shows it. */
export interface ListedFault {
  readonly name: FaultKind;
  readonly about: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** For `hangup list faults`: what each kind hits and does, and its parameters with unit and range. */
export const FAULTS: readonly ListedFault[] = FAULT_KINDS.map((name) => {
  const { about, parameters } = kindOf(name);
  const meanings = Object.entries<Parameter>(parameters).map(([each, { about }]) => [each, about] as const);
  return { name, about, parameters: Object.fromEntries(meanings) };
});

/** Errors that applications may be told under a plan, whatever its scenario allows. */
export const excusesOf = (plan: FaultPlan): readonly ApplicationError[] => [
  ...new Set(plan.flatMap(({ kind }) => kindOf(kind).excuses ?? [])),
];

/** How long a fault lasts, at the most, from its beginning. */
export const durationOf = (fault: Fault): Duration => kindOf(fault.kind).duration(fault);

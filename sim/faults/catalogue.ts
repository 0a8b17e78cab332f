/**
 * The kinds of faults that a scenario knows, by name: those of its protocol, which are the neutral ones where it has none,
 * and its own.
 */
import type { ApplicationError } from '../../src/errors.ts';
import type { Duration } from '../../src/time.ts';
import { perObject } from '../core/per-object.ts';
import type { Scenario } from '../core/scenario.ts';
import { type AnyKind, listed } from './kind.ts';
import { BALANCER_KINDS } from './kinds/balancer.ts';
import { CLIENT_KINDS } from './kinds/client.ts';
import { LINK_KINDS } from './kinds/link.ts';
import { PAGE_KINDS } from './kinds/page.ts';
import { PAUSE_KINDS } from './kinds/pause.ts';
import { SERVER_KINDS } from './kinds/server.ts';
import { TAB_KINDS } from './kinds/tab.ts';
import type { Parameter } from './parameter.ts';
import type { Fault, FaultPlan } from './plan.ts';

/** Kinds that hit any link, and any process that plays the part of a client, a server or a balancer. */
export const NEUTRAL_KINDS: readonly AnyKind[] = [
  ...listed(LINK_KINDS),
  ...listed(CLIENT_KINDS),
  ...listed(TAB_KINDS),
  ...listed(PAGE_KINDS),
  ...listed(SERVER_KINDS),
  ...listed(PAUSE_KINDS),
  ...listed(BALANCER_KINDS),
];

/** Kinds by name, in the order in which they are drawn from. */
export type Faults = ReadonlyMap<string, AnyKind>;

/** Throws for two kinds of one name. */
export function catalogued(kinds: readonly AnyKind[]): Faults {
  const faults = new Map<string, AnyKind>();
  for (const kind of kinds) {
    if (faults.has(kind.name))
      throw new Error(`\`faults\`: expected kinds of different names, got two of ${kind.name}`);
    faults.set(kind.name, kind);
  }
  return faults;
}

/** What may go wrong in a scenario. Throws for two kinds of one name. */
export const faultsOf = perObject(
  ({ protocol, faults = [] }: Pick<Scenario, 'protocol' | 'faults'>): Faults =>
    catalogued([...(protocol?.faults ?? NEUTRAL_KINDS), ...faults]),
);

/** What a kind does. The plan was checked: there is one of that name. */
export const kindOf = (faults: Faults, name: string): AnyKind => faults.get(name) as AnyKind;

/** A kind as `hangup list faults` shows it. */
export interface ListedFault {
  readonly name: string;
  readonly about: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** For `hangup list faults`: what each kind hits and does, and its parameters with unit and range. */
export const listOf = (faults: Faults): readonly ListedFault[] =>
  [...faults.values()].map(({ name, about, parameters }) => {
    const meanings = Object.entries<Parameter>(parameters).map(([each, { about }]) => [each, about] as const);
    return { name, about, parameters: Object.fromEntries(meanings) };
  });

/** Errors that applications may be told under a plan, whatever its scenario allows. */
export const excusesOf = (faults: Faults, plan: FaultPlan): readonly ApplicationError[] => [
  ...new Set(plan.flatMap(({ kind }) => kindOf(faults, kind).excuses ?? [])),
];

/** How long a fault lasts, at the most, from its beginning. */
export const durationOf = (faults: Faults, fault: Fault): Duration => kindOf(faults, fault.kind).duration(fault);

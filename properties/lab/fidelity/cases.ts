/** Storms and policies in which the two fidelities are held against each other, each with what must be the same in both. */

import { type Outage, REFERENCE_STORM, type Storm } from '../../../sim/lab/storm/storm.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import { PRESETS } from '../../../src/backoff/presets.ts';
import { type Duration, ms, seconds, ZERO } from '../../../src/time.ts';

export interface Case {
  readonly name: string;
  readonly storm: Storm;
  readonly policy: Policy;
}

const ALL = { num: 1, of: 1 };
const NONE = { num: 0, of: 1 };

const outage = (more: Partial<Outage> = {}): Outage => ({
  at: 0 as Outage['at'],
  lasts: seconds(20),
  drops: ALL,
  remains: NONE,
  dials: 'refused',
  noticed: { least: ZERO, most: ZERO },
  ...more,
});

/** So many clients, of whom the servers admit a twentieth a second: 20 s of work for them. */
export const stormOf = (clients: number, more: Partial<Storm> = {}): Storm => ({
  ...REFERENCE_STORM,
  clients,
  capacity: Math.ceil(clients / 20),
  outages: [outage()],
  dialTimeout: seconds(7),
  horizon: seconds(2_000),
  ...more,
});

export const POLICIES = {
  jittered: PRESETS.default.policy,
  'socket.io': PRESETS['socket.io'].policy,
  growing: PRESETS['kubernetes-reflector'].policy,
  decorrelated: PRESETS['aws-decorrelated'].policy,
  grpc: PRESETS.grpc.policy,
  throttled: PRESETS['aws-sdk-throttling'].policy,
  directed: { ...PRESETS.default.policy, retryAfter: 'exact' },
  unjittered: PRESETS.mqtt.policy,
} as const satisfies Readonly<Record<string, Policy>>;

const later = (at: Duration, more: Partial<Outage>): Outage => outage({ at: at as number as Outage['at'], ...more });

/** Each way in which a storm differs from the usual one. Refusals come behind the upgrade where they say when to come again: HTTP has no microseconds. */
const WAYS: Readonly<Record<string, Partial<Storm>>> = {
  'two outages': { outages: [outage(), later(seconds(50), { lasts: seconds(5) })] },
  'a third of all clients': { outages: [outage({ drops: { num: 1, of: 3 } })] },
  'a third, and then a half': {
    outages: [outage({ drops: { num: 1, of: 3 } }), later(seconds(26), { drops: { num: 1, of: 2 } })],
  },
  'a brown-out to a quarter': { outages: [outage({ remains: { num: 1, of: 4 } })] },
  'a brown-out for a half': { outages: [outage({ drops: { num: 1, of: 2 }, remains: { num: 1, of: 4 } })] },
  'noticed late': { outages: [outage({ noticed: { least: ZERO, most: seconds(40) } })] },
  'a queue': { queue: { length: 20 } },
  'refused behind the upgrade': { refuses: 'close' },
  'the same retry-after for all': { retryAfter: { kind: 'fixed', after: seconds(3) }, horizon: seconds(60) },
  'a drawn retry-after': { refuses: 'close', retryAfter: { kind: 'uniform', least: ZERO, most: seconds(20) } },
  'slots spread by the server': { refuses: 'close', retryAfter: { kind: 'slot' } },
  'longer windows': { window: ms(250) },
  'windows of a fraction of an admission': { window: ms(30) },
};

/** Without distance and without ties nothing is left to luck but draws, and both have the same: everything is equal. */
export const usualCases = (clients: number, policies: readonly (keyof typeof POLICIES)[]): readonly Case[] =>
  policies.map((name) => ({ name, storm: stormOf(clients), policy: POLICIES[name] }));

export function waysOf(clients: number, policies: readonly (keyof typeof POLICIES)[]): readonly Case[] {
  // Whole microseconds of the server, as its intake counts them.
  const cost = { num: stormOf(clients).capacity, of: 400 };
  return Object.entries({ ...WAYS, 'refusals that cost': { refusalCost: cost } }).flatMap(([way, more]) =>
    policies.map((name) => ({ name: `${way}, ${name}`, storm: stormOf(clients, more), policy: POLICIES[name] })),
  );
}

/**
 * Where who is admitted is decided by ties, which both break by lot, or by the way of each message, of which the universe
 * has more than one a dial: equal on average. `leaves`: what is known to differ, and why.
 */
export const averageCases = (clients: number): readonly (Case & { readonly leaves?: readonly string[] })[] => [
  { name: 'unjittered', storm: stormOf(clients, { window: seconds(1) }), policy: POLICIES.unjittered },
  {
    name: 'jittered, with distance',
    storm: stormOf(clients, { roundTrip: { least: ms(40), most: ms(120) } }),
    policy: POLICIES.jittered,
    // A host without a listener answers a SYN, half as soon as a server answers a request.
    leaves: ['attempts_during'],
  },
  {
    name: 'directed, with distance',
    storm: stormOf(clients, { roundTrip: { least: ms(40), most: ms(40) }, retryAfter: { kind: 'slot' } }),
    policy: POLICIES.directed,
    leaves: ['attempts_during'],
  },
];

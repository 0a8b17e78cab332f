/**
 * `hangup/arbitraries`: what a run is made of, for properties of fast-check. Whatever is drawn is sound: `run` takes it, and
 * a failing property shrinks to few and short faults, short waits and fast networks.
 */
export { networks } from './networks.ts';
export { type Case, cases, type PlansOptions, plans, seeds } from './plans.ts';
export { type PoliciesOptions, policies } from './policies.ts';

/**
 * A fault plan is data: what goes wrong, where, when and for how long. It can be drawn, written by hand, shrunk, and
 * replayed years later. What each kind does is in `kinds/`, one file for each sort of target, or wherever a protocol or a
 * scenario brings kinds of its own; the kinds that a scenario knows say whether a plan is sound.
 */
import type { FaultBase } from './kind.ts';

/** One fault: what it is called, what it hits, when it begins, and the parameters of its kind. */
export type Fault = FaultBase & { readonly kind: string } & { readonly [parameter: string]: unknown };

export type FaultPlan = readonly Fault[];

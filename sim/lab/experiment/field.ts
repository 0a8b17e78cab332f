/**
 * Whom an advice looks at: what others publish, what comes with hangup, and families with their numbers fitted to the storm.
 * None of them knows N or C while it runs; the numbers of a family are chosen for them beforehand.
 */

import { durationText } from '../../../src/backoff/forms.ts';
import { policyProblems } from '../../../src/backoff/parse.ts';
import { type Policy, SPAN_MAX } from '../../../src/backoff/policy.ts';
import { PRESETS } from '../../../src/backoff/presets.ts';
import { us } from '../../../src/time.ts';
import { boundOf } from './assemble.ts';
import type { Entrant, NamedStorm } from './experiment.ts';

/** Shapes whose cap is fitted: how the wait grows matters little once an outage is longer than the cap. */
const FAMILIES = ['full-jitter', 'equal-jitter', 'decorrelated-jitter', 'centrifuge'] as const;
/** Caps as parts of N/C: a cap near it spreads everybody over the time that the servers need. */
const CAPS = [0.4, 0.6, 0.8, 1, 1.25, 1.6, 2] as const;

/** Presets that can be run at all: one that never waits is a busy loop. */
const isRunnable = (policy: Policy): boolean => !(policy.delay.kind === 'constant' && policy.delay.base === 0);

export const presets = (): readonly Entrant[] =>
  Object.entries(PRESETS)
    .filter(([, { policy }]) => isRunnable(policy))
    .map(([name, { policy }]) => ({ name, family: name, parameters: {}, policy }));

/** Whether somebody ships it. */
export const isPublished = (name: string): boolean =>
  Object.hasOwn(PRESETS, name) && PRESETS[name as keyof typeof PRESETS].source !== null;

/** Families with caps that go with the N/C of these storms; of several storms, with each of them. */
export function fitted(storms: readonly NamedStorm[]): readonly Entrant[] {
  const bounds = [...new Set(storms.map(({ storm }) => boundOf(storm)))];
  const caps = new Set(bounds.flatMap((bound) => CAPS.map((part) => capOf(bound * part))));
  return FAMILIES.flatMap((family) =>
    [...caps].flatMap((cap): Entrant[] => {
      const policy: Policy = { ...PRESETS[family].policy, cap: us(cap) };
      if (policyProblems(policy).length > 0) return [];
      const parameters = { cap: durationText(cap) };
      return [{ name: `${family},cap=${parameters.cap}`, family, parameters, policy }];
    }),
  );
}

/** Two digits are enough, and 100 ms the least that anybody would wait. */
function capOf(seconds: number): number {
  let step = 100_000;
  const exact = Math.min(seconds * 1_000_000, SPAN_MAX);
  while (exact / step >= 100) step *= 10;
  return Math.max(100_000, Math.round(exact / step) * step);
}

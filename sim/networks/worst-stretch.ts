/**
 * The claim of every sweep on measured links: the worst of the traces was met. A drive of a quarter of an hour whose
 * longest outage no run has seen says nothing of that outage.
 */
import { meaningOf } from '../../src/facts.ts';
import { type Claim, claim } from '../core/scenario.ts';
import type { Outage } from './beginning.ts';

/** For sweeps that never met it. How many should depends on how long the drive is, so none is expected to: they only say so. */
export const WORST_STRETCH = {
  name: 'worst-stretch',
  states: 'a client had connected, and not left, when the longest outage of the trace began',
  // How often a run meets it depends on the trace: a sweep that never did says so, and does not fail for it.
  oncePer: null,
} as const;

export function worstStretch({ begins, period, from }: Outage): Claim {
  return claim({
    ...WORST_STRETCH,
    remember: (facts) => ({ facts, since: new Map<string, number>() }),
    on: {
      opened({ since }, { node, at }) {
        if (!since.has(node)) since.set(node, at);
      },
      intent({ since }, { node, intent, at }, reached) {
        if (intent === 'leave') judge(since, node, at, reached);
      },
      told({ facts, since }, { node, error, at }, reached) {
        if (meaningOf(facts, error)?.terminal) judge(since, node, at, reached);
      },
    },
  });

  function judge(since: Map<string, number>, node: string, until: number, reached: () => void): void {
    const began = since.get(node);
    if (began === undefined) return;
    since.delete(node);
    const first = begins - from;
    const next = first + Math.ceil((began - first) / period) * period;
    if (next <= until) reached();
  }
}

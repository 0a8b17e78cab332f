/** Sweeps in which the catalogue's scenarios are known by themselves: what the library exports. */
import { CATALOGUE } from './catalogue.ts';
import type { ExploreDocument } from './explore/document.ts';
import { type Sweep, type SweepOptions, sweep as sweepOf } from './explore/sweep.ts';
import { documentOf as documentFrom } from './explore/sweep-document.ts';

/**
 * Runs every seed of every scenario. Scenarios of the catalogue are found by worker processes without a word; others need
 * `module`, or `jobs: 1`. Rejects with an `Error` of one line, before the first run, for what cannot be swept.
 */
export const sweep = (options: SweepOptions): Promise<Sweep> => sweepOf(options, [CATALOGUE]);

/**
 * The document of `swept`, which is what `options` came to: the same that `hangup explore --report` writes as `results.json`
 * (docs/json.md), for `reportPage`, `junit`, `github` and `verdictOf`. Bad runs are made a second time, to confirm them.
 */
export async function documentOf(swept: Sweep, options: SweepOptions): Promise<ExploreDocument> {
  if (!Array.isArray(swept?.tallies) || options === undefined)
    throw new Error('documentOf: expected what sweep(options) came to, and these options');
  return documentFrom(swept, options, [CATALOGUE]);
}

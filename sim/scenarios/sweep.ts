/** Sweeps in which the catalogue's scenarios are known by themselves: what the library exports. */
import { type Sweep, type SweepOptions, sweep as sweepOf } from '../explore/sweep.ts';
import { CATALOGUE } from './catalogue.ts';

/**
 * Runs every seed of every scenario. Scenarios of the catalogue are found by worker processes without a word; others need
 * `module`, or `jobs: 1`. Rejects with an `Error` of one line, before the first run, for what cannot be swept.
 */
export const sweep = (options: SweepOptions): Promise<Sweep> => sweepOf(options, [CATALOGUE]);

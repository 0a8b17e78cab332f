/** The document of a sweep for code: what pages, JUnit and comparisons are made of, without a command. */
import { VERSION } from '../cli/version.ts';
import type { Scenario } from '../core/scenario.ts';
import { seedNumber } from '../core/seeds.ts';
import { writtenAs } from './command-line.ts';
import { documentOf as documentFrom, type ExploreDocument } from './document.ts';
import { configFiles } from './kept-run.ts';
import { problemsOf } from './problems.ts';
import type { Source } from './source.ts';
import { type Sweep, type SweepOptions, sweep } from './sweep.ts';
import { emptyTally } from './tally.ts';

/**
 * The document of `swept`, which is what `options` came to: the same that `hangup explore --report` writes as
 * `results.json` (docs/json.md). The first run of each broken law is made a second time, to confirm it.
 */
export async function documentOf(
  swept: Sweep,
  options: SweepOptions,
  known: readonly Source[] = [],
): Promise<ExploreDocument> {
  const { laws = null, from = 1, seeds } = options;
  const origin = { ...writtenAs(options).origin, config: configFiles(options.module, []).config };
  const { onProgress: _, onFinished: __, onDeath: ___, failures: ____, resumed: _____, ...same } = options;
  const again = async (scenario: Scenario, { seed }: { readonly seed: string }) => {
    const one = { ...same, scenarios: [scenario], seeds: 1, from: seedNumber(seed) ?? 0, jobs: 1, apart: false };
    return (await sweep(one, known)).tallies[0]?.tally ?? emptyTally();
  };
  const problems = await problemsOf(swept, again, origin);
  return documentFrom(swept, problems, { version: VERSION, seeds, from, origin, laws });
}

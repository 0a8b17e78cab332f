/** `hangup lab compare`: policies side by side on the same luck. */

import { type Comparison, compare, comparisonDocument } from '../../lab/experiment/compare.ts';
import type { LabDocument, LabTrace } from '../../lab/experiment/document.ts';
import { comparisonWords } from '../../lab/experiment/words.ts';
import { UsageError } from '../errors.ts';
import { knownWith } from '../known.ts';
import { unknownName } from '../names.ts';
import { VERSION } from '../version.ts';
import {
  type AskedFlags,
  budgetOf,
  CONFIDENCE,
  enoughOf,
  fidelityOf,
  jobsOf,
  labSeed,
  leastChangeOf,
  metricsOf,
} from './asked.ts';
import { comparisonTables } from './compare-table.ts';
import { checkDelivered, type DeliverFlags, deliver, exitOf } from './deliver.ts';
import { entrantsOf } from './entrants.ts';
import { headerOf } from './header.ts';
import { stormLines } from './storm-line.ts';
import { type StormFlags, stormsOf } from './storms.ts';
import { Workbench } from './workbench.ts';

export interface CompareFlags extends AskedFlags, StormFlags, DeliverFlags {
  readonly policies: string;
  readonly against: string;
  readonly config?: string;
  readonly resume?: boolean;
}

/** `line` makes the same experiment again. */
export async function labCompare(flags: CompareFlags, line: string): Promise<number> {
  checkDelivered(flags);
  const comparison = await comparisonOf(flags, line);
  return compared(comparison, flags, (document) => comparisonTables(document), comparisonWords);
}

type Wordless = Omit<LabDocument, 'words'>;

/** Makes a comparison and delivers it: tables and words are those of whoever asks. */
export async function compared(
  comparison: Comparison,
  flags: CompareFlags,
  tablesOf: (document: Wordless) => string,
  wordsOf: (document: Wordless) => readonly string[],
): Promise<number> {
  const bench = new Workbench({
    conditions: {
      seed: comparison.seed,
      fidelity: comparison.fidelity,
      metrics: comparison.metrics.map(({ name }) => name),
    },
    header: headerOf(comparison, comparison.entrants),
    ...{ jobs: jobsOf(flags), budgetMs: budgetOf(flags), resume: flags.resume === true, folder: flags.out ?? null },
  });
  let delivered = false;
  try {
    const traces: LabTrace[] = [];
    const words = `${comparison.entrants.length} policies`;
    await bench.work(words, () => compare(comparison, bench.rows, traces, bench.heard));
    const wordless = comparisonDocument(comparison, bench.rows, traces, bench.stopped);
    const document = { ...wordless, words: wordsOf(wordless) };
    bench.pause();
    const tables = `${stormLines(document)}\n\n${tablesOf(document)}`;
    await deliver(document, tables, flags, bench.machine);
    delivered = true;
    return exitOf(document);
  } finally {
    bench.end(delivered);
  }
}

export async function comparisonOf(flags: CompareFlags, line: string): Promise<Comparison> {
  const storms = stormsOf(flags);
  const metrics = metricsOf(flags.metrics);
  const seed = labSeed(flags);
  const fidelity = fidelityOf(flags);
  const entrants = entrantsOf(flags.policies, await knownWith(flags.config));
  const names = entrants.map(({ name }) => name);
  const { against } = flags;
  if (against !== 'best' && against !== 'first' && !names.includes(against))
    throw unknownName('--against: unknown policy', against, names, `best, first, ${names.join(', ')}`);
  const [first] = names;
  if (first === undefined)
    throw new UsageError('--policies: expected policies such as full-jitter,socket.io, got nothing');
  return {
    version: VERSION,
    asks: 'compare',
    command: line,
    ...{ seed, fidelity, storms, metrics, entrants },
    confidence: CONFIDENCE,
    leastChange: leastChangeOf(flags),
    ...enoughOf(flags, metrics, storms),
    against: against === 'best' ? 'best' : { name: against === 'first' ? first : against },
    traces: flags.json === true || flags.out !== undefined,
    axes: null,
  };
}

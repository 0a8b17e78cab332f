/** `hangup lab tune`: the best parameters of a policy, under constraints, for one storm or several. */
import { shown } from '../../core/shown.ts';
import type { LabConstraint, LabMetric } from '../../lab/experiment/document.ts';
import { type Designed, searchDocument } from '../../lab/experiment/search-document.ts';
import { searchWords } from '../../lab/experiment/search-words.ts';
import { newSearched, type Search, search } from '../../lab/experiment/tune.ts';
import { count, counted } from '../../report/words.ts';
import { UsageError } from '../errors.ts';
import { knownWith } from '../known.ts';
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
  mustBeMetric,
} from './asked.ts';
import { comparisonTables } from './compare-table.ts';
import { checkDelivered, type DeliverFlags, deliver, exitOf } from './deliver.ts';
import { entrantsOf } from './entrants.ts';
import { headerOf } from './header.ts';
import { searchTable } from './search-table.ts';
import { stormLines } from './storm-line.ts';
import { type StormFlags, stormsOf } from './storms.ts';
import { type Design, type DesignFlags, designOf } from './vary.ts';
import { Workbench } from './workbench.ts';

export interface TuneFlags extends AskedFlags, StormFlags, DeliverFlags, DesignFlags {
  readonly family: string;
  readonly minimise?: string;
  readonly maximise?: string;
  readonly subjectTo: readonly string[];
  readonly config?: string;
  readonly resume?: boolean;
}

/** Of the budget: behind that, fresh replications are made with what is left. */
export const SEARCH_SHARE = 0.6;

export async function labTune(flags: TuneFlags, line: string): Promise<number> {
  checkDelivered(flags);
  const { what, designed, design } = await searchOf(flags, line);
  const bench = new Workbench({
    conditions: { seed: what.seed, fidelity: what.fidelity, metrics: what.metrics.map(({ name }) => name) },
    header: headerOf(what, [...what.candidates, ...what.others]),
    ...{ jobs: jobsOf(flags), budgetMs: budgetOf(flags), resume: flags.resume === true, folder: flags.out ?? null },
  });
  let delivered = false;
  try {
    const { refused } = design;
    if (refused.count > 0)
      bench.say(
        `${counted(refused.count, 'combination is', 'combinations are')} no policy and left out; the first: ${refused.why}`,
      );
    const found = newSearched();
    await bench.work('', () =>
      search(what, bench.rows, found, {
        reached: bench.heard,
        words: bench.words,
        goesOn: () => !bench.isSpent(SEARCH_SHARE),
      }),
    );
    const wordless = searchDocument(what, designed, bench.rows, found, bench.stopped);
    const document = { ...wordless, words: searchWords(wordless) };
    bench.pause();
    const tables = [
      stormLines(document),
      searchTable(document),
      ...(found.finalists.length === 0
        ? []
        : [
            `on ${count(document.estimates.find(({ phase }) => phase === 'estimate')?.replications ?? 0)} or more fresh replications, which chose nobody:\n\n${comparisonTables(document)}`,
          ]),
    ].join('\n\n');
    await deliver(document, tables, flags, bench.machine);
    delivered = true;
    return exitOf(document);
  } finally {
    bench.end(delivered);
  }
}

async function searchOf(flags: TuneFlags, line: string): Promise<{ what: Search; designed: Designed; design: Design }> {
  const storms = stormsOf(flags);
  const { name, better } = aimOf(flags);
  const constraints = flags.subjectTo.map(constraintOf);
  const first = [...new Set([name, ...constraints.map(({ metric }) => metric)])].join(',');
  const metrics = metricsOf(flags.metrics === undefined ? withUsual(first) : `${first},${flags.metrics}`);
  const known = await knownWith(flags.config);
  const others = entrantsOf(flags.family, known);
  if (others.length !== 1)
    throw new UsageError(`--family: expected one policy, got ${others.length}: ${shown(flags.family)}`);
  const design = designOf(flags.family, flags, known);
  const { candidates } = design;
  return {
    design,
    designed: { family: flags.family, design: design.design, varied: design.varied },
    what: {
      version: VERSION,
      asks: 'tune',
      command: line,
      ...{ seed: labSeed(flags), fidelity: fidelityOf(flags), storms, metrics, candidates },
      confidence: CONFIDENCE,
      leastChange: leastChangeOf(flags),
      others: others.filter((other) => !candidates.some(({ name: own }) => own === other.name)),
      objective: { metric: metrics.find((metric) => metric.name === name) as LabMetric, better, constraints },
      ...enoughOf(flags, metrics, storms),
      traces: flags.json === true || flags.out !== undefined,
    },
  };
}

/** What is asked for first, then what tables usually show. */
export function withUsual(first: string): string {
  const usual = metricsOf(undefined)
    .filter(({ shown: isShown }) => isShown)
    .map(({ name }) => name);
  return [...new Set([...first.split(','), ...usual])].join(',');
}

export function aimOf({ minimise, maximise }: Pick<TuneFlags, 'minimise' | 'maximise'>): {
  readonly name: string;
  readonly better: 'less' | 'more';
} {
  if (minimise !== undefined && maximise !== undefined)
    throw new UsageError('--minimise and --maximise: expected one of them');
  const name = maximise ?? minimise ?? 'recovery_p99';
  const [flag, better] = maximise === undefined ? (['--minimise', 'less'] as const) : (['--maximise', 'more'] as const);
  mustBeMetric(flag, name);
  const own = metricsOf(name).find((metric) => metric.name === name)?.better ?? null;
  if (own !== null && own !== better)
    throw new UsageError(`${flag}: expected a metric that is better when it is ${better}, got ${name}`);
  return { name, better };
}

export function constraintOf(text: string): LabConstraint {
  const match = /^\s*([a-z_][a-z0-9_]*)\s*(<=|>=|<|>)\s*(\d{1,12}(?:\.\d{1,9})?)\s*$/.exec(text);
  if (match === null)
    throw new UsageError(`--subject-to: expected METRIC<=NUMBER such as 'attempts_after<=1.4', got ${shown(text)}`);
  const [, metric = '', relation, bound] = match;
  mustBeMetric('--subject-to', metric);
  return { metric, relation: relation as LabConstraint['relation'], bound: Number(bound) };
}

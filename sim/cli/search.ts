/** The part of `hangup explore` that chooses plans instead of letting seeds draw them: flags, and what they come to. */
import type { Overrides } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Cases } from '../explore/cases.ts';
import type { SearchDocument } from '../explore/document.ts';
import type { Shared } from '../explore/portion.ts';
import { type Figure, figuresOf } from '../figures/figure.ts';
import { counted } from '../report/words.ts';
import { exhaustive, type Searched } from '../search/exhaustive.ts';
import { Guided } from '../search/guided.ts';
import { Maximised } from '../search/maximised.ts';
import { readCorpus, writeCorpus } from './corpus-file.ts';
import { UsageError } from './errors.ts';
import { unknownName } from './names.ts';
import { maximisedLines, type Saving, saveWorst } from './worst.ts';

export interface SearchFlags {
  readonly exhaustive?: string;
  readonly guided?: boolean;
  readonly maximise?: string;
  readonly corpus?: string;
  readonly coverage?: boolean;
  readonly seeds?: string;
  readonly strictTargets?: boolean;
  readonly byCell?: boolean;
  readonly targets?: boolean;
  readonly input?: string;
}

export interface Search {
  /** What it is, in the words of the command: `exhaustive 1`. */
  readonly name: string;
  /** Conditions of its runs: the kinds of faults are chosen by the search, and stand in the plan of each run. */
  readonly overrides: Overrides;
  readonly observed: Shared['observed'];
  readonly cases: ReadonlyMap<string, Cases>;
  readonly runs: number;
  /** What was searched, above the table, and what came of it, below. */
  above(): readonly string[];
  below(): readonly string[];
  document(): SearchDocument;
  /** Keeps what it found besides failures. Throws `OutputError`. */
  keep(saving: Saving): void;
}

/** Words for the figures that `--maximise` is mostly asked for. */
const OBJECTIVES: Readonly<Record<string, string>> = {
  recovery: 'recovery',
  arrivals: 'peak-arrivals-1s',
  buffer: 'peak-buffer',
};

export const isSearch = (flags: SearchFlags): boolean => flagOf(flags) !== null;

const flagOf = ({ exhaustive, guided, maximise }: SearchFlags): string | null => {
  if (exhaustive !== undefined) return '--exhaustive';
  if (maximise !== undefined) return '--maximise';
  return guided === true ? '--guided' : null;
};

/** So many seeds without `--seeds`: an exhaustive search makes thousands of runs of one. */
export const seedsOf = ({ seeds, exhaustive }: SearchFlags): string =>
  seeds ?? (exhaustive === undefined ? '1000' : '1');

/** The search that flags ask for, null for a sweep of seeds. Throws `UsageError` for flags that do not go together. */
export function searchOf(
  flags: SearchFlags,
  named: readonly Scenario[],
  swept: { readonly from: number; readonly seeds: number },
  overrides: Overrides,
): Search | null {
  const flag = flagOf(flags);
  if (flag === null) {
    if (flags.corpus !== undefined) throw new UsageError('--corpus: expected --guided or --maximise with it');
    return null;
  }
  refuse(flags, flag);
  const { faults: _, ...conditions } = overrides;
  const base = { overrides: conditions, swept, all: overrides };
  return flag === '--exhaustive' ? exhaustiveOf(flags, named, base) : guidedOf(flags, named, base);
}

interface Base {
  readonly overrides: Overrides;
  readonly swept: { readonly from: number; readonly seeds: number };
  /** With the kinds of faults that were chosen. */
  readonly all: Overrides;
}

const coverageOf = ({ coverage }: SearchFlags): Shared['observed'] =>
  coverage === true ? { coverage: true, traces: false, objective: null } : undefined;

function exhaustiveOf(flags: SearchFlags, named: readonly Scenario[], { overrides, swept, all }: Base): Search {
  if (flags.exhaustive !== '1' && flags.exhaustive !== '2')
    throw new UsageError(`--exhaustive: expected 1 (every fault) or 2 (every pair), got ${flags.exhaustive}`);
  const depth = flags.exhaustive === '1' ? 1 : 2;
  const of = named.map(({ name }, i) => ({ name, cases: exhaustive(named[i] as Scenario, swept, all, depth) }));
  const searched = (): readonly ({ readonly scenario: string } & Searched)[] =>
    of.flatMap(({ name, cases }) => cases.searched.map((each) => ({ scenario: name, ...each })));
  return {
    name: `exhaustive ${flags.exhaustive}`,
    overrides,
    observed: coverageOf(flags),
    cases: new Map(of.map(({ name, cases }) => [name, cases])),
    runs: of.reduce((sum, { cases }) => sum + cases.size, 0),
    above: () => searched().map(searchedLine),
    below: () => [],
    document: () => ({ kind: 'exhaustive', depth, searched: searched() }),
    keep() {},
  };
}

/** `midstream/json@1: 416 events at 355 moments x 280 faults = 99,400 runs; 1,200 pairs, 300 like others`. */
function searchedLine({
  scenario,
  seed,
  events,
  moments,
  faults,
  runs,
  pairs,
}: { readonly scenario: string } & Searched): string {
  const line = `${scenario}@${seed}: ${counted(events, 'event')} at ${counted(moments, 'moment')} x ${counted(faults, 'fault')} = ${counted(runs, 'run')}`;
  if (pairs === undefined) return line;
  return `${line}, then ${counted(pairs.runs, 'pair')}; ${counted(pairs.pruned, 'pair')} left out, which begin in a state that was searched`;
}

function guidedOf(flags: SearchFlags, named: readonly Scenario[], { overrides, swept, all }: Base): Search {
  const { from, seeds: runs } = swept;
  const { maximise, corpus } = flags;
  const objective = maximise === undefined ? null : (OBJECTIVES[maximise] ?? maximise);
  const found = named.map((scenario) => {
    const begin = corpus === undefined ? [] : readCorpus(corpus, scenario, overrides);
    const options = { scenario, runs, from, overrides: all, begin };
    if (objective === null) return { scenario, guided: new Guided(options), maximised: null };
    const maximised = new Maximised(options, objectiveOf(scenario, objective, maximise as string));
    return { scenario, guided: maximised.guided, maximised };
  });
  const began = found.map(({ guided }) => guided.begun).reduce((a, b) => a + b, 0);
  return {
    name: [
      maximise === undefined ? 'guided' : `maximise ${maximise}`,
      ...(began === 0 ? [] : [`from ${counted(began, 'run')} of a corpus`]),
    ].join(' '),
    overrides,
    observed: { coverage: flags.coverage === true, traces: true, objective },
    cases: new Map(found.map(({ scenario, guided, maximised }) => [scenario.name, maximised ?? guided])),
    runs: found.reduce((sum, { guided, maximised }) => sum + (maximised ?? guided).size, 0),
    above: () => [],
    below: () =>
      found.flatMap(({ scenario, guided, maximised }) => [
        `${scenario.name}: ${counted(guided.corpus.kept.length, 'run')} met something new, ${counted(guided.corpus.features, 'feature')} in all`,
        ...(maximised === null ? [] : maximisedLines(scenario, maximised)),
      ]),
    document: () => ({
      kind: maximise === undefined ? 'guided' : 'maximise',
      found: found.map(({ scenario, guided, maximised }) => ({
        scenario: scenario.name,
        kept: guided.corpus.kept.length,
        features: guided.corpus.features,
        ...(maximised === null ? {} : { maximised: maximised.result }),
      })),
    }),
    keep(saving) {
      for (const { scenario, guided, maximised } of found) {
        if (corpus !== undefined) writeCorpus(corpus, scenario, guided.corpus.kept);
        if (maximised !== null) saveWorst(scenario, maximised, saving);
      }
    },
  };
}

/** What is maximised of a scenario. */
function objectiveOf(scenario: Scenario, name: string, given: string): Figure {
  const usable = figuresOf(scenario).filter(({ statistic }) => ['p95', 'mean', 'max', 'sum'].includes(statistic));
  const figure = usable.find((each) => each.name === name);
  if (figure !== undefined) return figure;
  const names = usable.map((each) => each.name);
  const words = Object.entries(OBJECTIVES).flatMap(([word, of]) => (names.includes(of) ? [word] : []));
  throw unknownName(
    `--maximise: ${scenario.name} measures no`,
    given,
    [...words, ...names],
    `it can be ${[...words, ...names.slice(0, 3)].join(', ')}, … (hangup list figures)`,
  );
}

const ALONE: readonly (readonly [name: keyof SearchFlags, flag: string])[] = [
  ['strictTargets', '--strict-targets'],
  ['byCell', '--by-cell'],
  ['targets', '--targets'],
];

/** What is promised of seeds that draw their plan is not promised of plans that a search chose. */
function refuse(flags: SearchFlags, search: string): void {
  const { exhaustive, guided, maximise, corpus } = flags;
  if (exhaustive !== undefined && (guided === true || maximise !== undefined))
    throw new UsageError(
      `--exhaustive and ${maximise === undefined ? '--guided' : '--maximise'}: expected one of them: the one tries everything, the other what looks promising`,
    );
  if (exhaustive !== undefined && corpus !== undefined)
    throw new UsageError('--corpus: expected --guided or --maximise with it, got --exhaustive, which keeps none');
  const given = ALONE.find(([name]) => flags[name] === true);
  if (given !== undefined)
    throw new UsageError(
      `${search}: expected no ${given[1]} with it: targets and cells are of plans that seeds draw, and this chooses its own`,
    );
}

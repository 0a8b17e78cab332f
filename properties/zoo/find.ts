/**
 * Looking for one planted bug: try by try through every scenario, until a run is red. The same tries of the shipped machines
 * tell how often the bug acted at all: a run whose digest is another one.
 */
import { type RunOptions, run } from '../../sim/core/run.ts';
import { RunError } from '../../sim/core/run-error.ts';
import { seedOf } from '../../sim/core/seeds.ts';
import { exhaustive } from '../../sim/search/exhaustive.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';
import type { Bug } from './bug.ts';
import { planted } from './plant.ts';

/**
 * How the runs come about. `random`: seeds of the default catalogue; `swarm`: seeds of scenarios whose worlds are drawn whole;
 * `exhaustive`: every fault at every moment of the fault-free run of one seed, from coarse to fine.
 */
export type Strategy = 'random' | 'swarm' | 'exhaustive';
export const STRATEGIES: readonly Strategy[] = ['random', 'swarm', 'exhaustive'];

const isSwarm = ({ name }: SessionScenario): boolean => name.startsWith('swarm/');

export const scenariosOf = (strategy: Strategy): readonly SessionScenario[] =>
  SCENARIOS.filter((scenario) => isSwarm(scenario) === (strategy === 'swarm'));

export interface Search {
  readonly strategy: Strategy;
  /** The first seed, and how many tries each scenario has. */
  readonly from: number;
  readonly tries: number;
}

export interface Finding {
  readonly scenario: string;
  readonly seed: string;
  /** Of an exhaustive search: which of its runs it was. */
  readonly number: number | null;
  readonly law: string;
  readonly message: string;
}

/** What a search came to. */
export interface Found {
  readonly finding: Finding | null;
  /** So many tries of each scenario, the last one counted, and so many runs in all. */
  readonly tries: number;
  readonly runs: number;
  /** Runs that were not those of the shipped machines. */
  readonly acted: number;
}

interface Try {
  readonly seed: string;
  /** Of an exhaustive search: which of its runs it is. */
  readonly number: number | null;
  readonly options: RunOptions;
}

/** One run of a search, `nth` counted from 0; undefined where a scenario has no more. */
type Tries = (nth: number) => Try | undefined;

function triesOf(scenario: SessionScenario, { strategy, from }: Search): Tries {
  if (strategy !== 'exhaustive') return (nth) => ({ seed: seedOf(from + nth), number: null, options: {} });
  const all = exhaustive(scenario, { from, seeds: 1 }, {});
  return (nth) => {
    const [found] = all.from(nth, 1);
    return found === undefined ? undefined : { seed: found.seed, number: nth, options: { plan: found.plan } };
  };
}

/** What one run says of the bug: red, or nothing; and its digest, empty when it threw. */
export function tryOne(
  scenario: SessionScenario,
  seed: string,
  options: RunOptions,
  number: number | null = null,
): { readonly finding: Finding | null; readonly digest: string } {
  const place = { scenario: scenario.name, seed, number };
  try {
    const { verdict, breaches, exceeded, digest } = run(scenario, seed, options);
    if (verdict === 'holds') return { finding: null, digest };
    const [breach] = breaches;
    const finding = { ...place, law: breach?.law ?? 'budget', message: breach?.message ?? exceeded ?? '' };
    return { finding, digest };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { finding: { ...place, law: 'exception', message: error.message }, digest: '' };
  }
}

/** Digests of the shipped machines, for as long as this process lives: each bug is compared with the same ones. */
const shipped = new Map<string, string>();

function shippedDigest(scenario: SessionScenario, { seed, number, options }: Try): string {
  const key = `${scenario.name} ${seed} ${number}`;
  const known = shipped.get(key);
  if (known !== undefined) return known;
  const { digest } = run(scenario, seed, { ...options, laws: [] });
  shipped.set(key, digest);
  return digest;
}

/** A finding counts where the shipped machines are green; where they are red as well, that is no news of the bug. */
function isOwn(scenario: SessionScenario, { seed, options, number }: Try): boolean {
  const { finding } = tryOne(scenario, seed, options, number);
  if (finding !== null)
    console.error(`zoo: without any bug ${scenario.name} ${seed} is red: ${finding.law}: ${finding.message}`);
  return finding === null;
}

export function find(bug: Bug, search: Search, originals = scenariosOf(search.strategy)): Found {
  const scenarios = planted(bug, originals);
  const tries = originals.map((scenario) => triesOf(scenario, search));
  let runs = 0;
  let acted = 0;
  for (let nth = 0; nth < search.tries; nth++)
    for (const [i, scenario] of scenarios.entries()) {
      const next = tries[i]?.(nth);
      const original = originals[i] as SessionScenario;
      if (next === undefined) continue;
      const { finding, digest } = tryOne(scenario, next.seed, next.options, next.number);
      runs++;
      const changes = digest !== shippedDigest(original, next);
      if (changes) acted++;
      if (finding !== null && changes && isOwn(original, next)) return { finding, tries: nth + 1, runs, acted };
    }
  return { finding: null, tries: search.tries, runs, acted };
}

/**
 * Looking for one planted bug: try by try through every scenario, until a run is red. The same tries of the shipped machines
 * tell how often the bug acted at all: a run whose digest is another one.
 */

import type { Observed } from '../../sim/core/observed.ts';
import type { Outcome } from '../../sim/core/outcome.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import { RunError } from '../../sim/core/run-error.ts';
import { seedOf } from '../../sim/core/seeds.ts';
import type { Cases } from '../../sim/explore/cases.ts';
import { addTrace, emptyTally } from '../../sim/explore/tally.ts';
import { type Coverage, cover, emptyCoverage } from '../../sim/search/coverage.ts';
import { exhaustive } from '../../sim/search/exhaustive.ts';
import { Guided } from '../../sim/search/guided.ts';
import { NO_TRACE, traceOf } from '../../sim/search/trace.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';
import type { Bug } from './bug.ts';
import { planted } from './plant.ts';

/**
 * How the runs come about. `random`: seeds of the default catalogue; `swarm`: seeds of scenarios whose worlds are drawn whole;
 * `exhaustive`: every fault at every moment of the fault-free run of one seed, from coarse to fine; `guided`: plans made of
 * those that met something new.
 */
export type Strategy = 'random' | 'swarm' | 'exhaustive' | 'guided';
export const STRATEGIES: readonly Strategy[] = ['random', 'swarm', 'exhaustive', 'guided'];

const isSwarm = ({ name }: SessionScenario): boolean => name.startsWith('swarm/');

/** Those that a way of looking goes through; or the one of that name. */
export const scenariosOf = (strategy: Strategy, only?: string): readonly SessionScenario[] =>
  SCENARIOS.filter((scenario) =>
    only === undefined ? isSwarm(scenario) === (strategy === 'swarm') : scenario.name === only,
  );

export interface Search {
  readonly strategy: Strategy;
  /** The first seed, and how many tries each scenario has. */
  readonly from: number;
  readonly tries: number;
  /** The name of the only scenario that is looked through; all by default. */
  readonly only?: string;
}

export interface Finding {
  readonly scenario: string;
  readonly seed: string;
  /** Of a search that chooses its runs: which of them it was. */
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
  /** Of a search that chooses its runs: which of them it is. */
  readonly number: number | null;
  readonly options: RunOptions;
}

/** The runs of one scenario in a search. */
interface Tries {
  /** Counted from 0; undefined where there are no more. */
  at(nth: number): Try | undefined;
  /** What the planted run came to, for a search that learns of it. */
  heard?(outcome: Outcome | null, met: Coverage): void;
}

function triesOf(original: SessionScenario, scenario: SessionScenario, { strategy, from, tries }: Search): Tries {
  const chosen = (cases: Cases, nth: number): Try | undefined => {
    const [found] = cases.from(nth, 1);
    return found === undefined ? undefined : { seed: found.seed, number: nth, options: { plan: found.plan } };
  };
  if (strategy === 'exhaustive') {
    const all = exhaustive(original, { from, seeds: 1 }, {});
    return { at: (nth) => chosen(all, nth) };
  }
  if (strategy === 'guided') {
    const guided = new Guided({ scenario, runs: tries, from, overrides: {} });
    return {
      at: (nth) => chosen(guided, nth),
      heard(outcome, met) {
        const tally = emptyTally();
        tally.runs = 1;
        addTrace(tally, outcome === null ? NO_TRACE : traceOf(met, outcome, scenario, null));
        guided.heard(tally);
      },
    };
  }
  return { at: (nth) => ({ seed: seedOf(from + nth), number: null, options: {} }) };
}

/** What one run says of the bug: red, or nothing; with its outcome, null when it threw. */
export function tryOne(
  scenario: SessionScenario,
  { seed, options, number }: Try,
): { readonly finding: Finding | null; readonly outcome: Outcome | null } {
  const place = { scenario: scenario.name, seed, number };
  try {
    const outcome = run(scenario, seed, options);
    const { verdict, breaches, exceeded } = outcome;
    if (verdict === 'holds') return { finding: null, outcome };
    const [breach] = breaches;
    const finding = { ...place, law: breach?.law ?? 'budget', message: breach?.message ?? exceeded ?? '' };
    return { finding, outcome };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { finding: { ...place, law: 'exception', message: error.message }, outcome: null };
  }
}

/** Digests of the shipped machines, for as long as this process lives: each bug is compared with the same ones. */
const shipped = new Map<string, string>();

function shippedDigest(scenario: SessionScenario, { seed, number, options }: Try, keeps: boolean): string {
  const key = `${scenario.name} ${seed} ${number}`;
  const known = keeps ? shipped.get(key) : undefined;
  if (known !== undefined) return known;
  const { digest } = run(scenario, seed, { ...options, laws: [] });
  if (keeps) shipped.set(key, digest);
  return digest;
}

/** A finding counts where the shipped machines are green; where they are red as well, that is no news of the bug. */
function isOwn(scenario: SessionScenario, next: Try): boolean {
  const { finding } = tryOne(scenario, next);
  if (finding !== null)
    console.error(`zoo: without any bug ${scenario.name} ${next.seed} is red: ${finding.law}: ${finding.message}`);
  return finding === null;
}

export function find(bug: Bug, search: Search, originals = scenariosOf(search.strategy, search.only)): Found {
  const scenarios = planted(bug, originals);
  const all = scenarios.map((scenario, i) => triesOf(originals[i] as SessionScenario, scenario, search));
  // Plans of a guided search are made of what the planted runs met: no other bug has the same.
  const keeps = search.strategy !== 'guided';
  let runs = 0;
  let acted = 0;
  for (let nth = 0; nth < search.tries; nth++)
    for (const [i, scenario] of scenarios.entries()) {
      const tries = all[i] as Tries;
      const original = originals[i] as SessionScenario;
      const next = tries.at(nth);
      if (next === undefined) continue;
      const met = emptyCoverage();
      const watched = { ...next.options, observe: (of: Observed) => cover(met, of) };
      const { finding, outcome } = tryOne(scenario, tries.heard === undefined ? next : { ...next, options: watched });
      tries.heard?.(outcome, met);
      runs++;
      const changes = outcome?.digest !== shippedDigest(original, next, keeps);
      if (changes) acted++;
      if (finding !== null && changes && isOwn(original, next)) return { finding, tries: nth + 1, runs, acted };
    }
  return { finding: null, tries: search.tries, runs, acted };
}

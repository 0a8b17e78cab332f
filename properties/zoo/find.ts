/**
 * Looking for one planted bug: seed by seed through every scenario, until a run is red. The same seeds of the shipped
 * machines tell how often the bug acted at all: a run whose digest is another one.
 */
import { run } from '../../sim/core/run.ts';
import { RunError } from '../../sim/core/run-error.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';
import type { Bug } from './bug.ts';
import { planted } from './plant.ts';

/** How plans and worlds come about: what the catalogue always drew, or the scenarios that are drawn whole. */
export type Strategy = 'random' | 'swarm';
export const STRATEGIES: readonly Strategy[] = ['random', 'swarm'];

export const scenariosOf = (strategy: Strategy): readonly SessionScenario[] =>
  SCENARIOS.filter(({ name }) => name.startsWith('swarm/') === (strategy === 'swarm'));

export interface Search {
  readonly strategy: Strategy;
  /** The first seed, and how many of each scenario are tried. */
  readonly from: number;
  readonly seeds: number;
}

export interface Finding {
  readonly scenario: string;
  readonly seed: string;
  readonly law: string;
  readonly message: string;
}

/** What a search came to. */
export interface Found {
  readonly finding: Finding | null;
  /** So many seeds of each scenario, the last one counted, and so many runs in all. */
  readonly seeds: number;
  readonly runs: number;
  /** Runs that were not those of the shipped machines. */
  readonly acted: number;
}

/** Digests of the shipped machines, for as long as this process lives: each bug is compared with the same ones. */
const shipped = new Map<string, string>();

function shippedDigest(scenario: SessionScenario, seed: number): string {
  const key = `${scenario.name} ${seed}`;
  const known = shipped.get(key);
  if (known !== undefined) return known;
  const { digest } = run(scenario, seed, { laws: [] });
  shipped.set(key, digest);
  return digest;
}

/** What one run says of the bug: red, or nothing; and whether it was another run than that of the shipped machines. */
export function tryOne(
  scenario: SessionScenario,
  seed: number,
): { readonly finding: Finding | null; readonly digest: string } {
  try {
    const { verdict, breaches, exceeded, digest, seed: text } = run(scenario, seed);
    if (verdict === 'holds') return { finding: null, digest };
    const [breach] = breaches;
    const law = breach?.law ?? 'budget';
    return {
      finding: { scenario: scenario.name, seed: text, law, message: breach?.message ?? exceeded ?? '' },
      digest,
    };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return {
      finding: { scenario: scenario.name, seed: seed.toString(36), law: 'exception', message: error.message },
      digest: '',
    };
  }
}

export function find(bug: Bug, { strategy, from, seeds }: Search): Found {
  const originals = scenariosOf(strategy);
  const scenarios = planted(bug, originals);
  let runs = 0;
  let acted = 0;
  for (let seed = from; seed < from + seeds; seed++)
    for (const [i, scenario] of scenarios.entries()) {
      const { finding, digest } = tryOne(scenario, seed);
      runs++;
      if (finding !== null) return { finding, seeds: seed - from + 1, runs, acted: acted + 1 };
      if (digest !== shippedDigest(originals[i] as SessionScenario, seed)) acted++;
    }
  return { finding: null, seeds, runs, acted };
}

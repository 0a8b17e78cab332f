/** A process by itself: a script, or a bundle, in a realm of its own, with a clock and timers, and nobody to talk to. */
import { Script } from 'node:vm';
import { scenario } from '../../sim/core/definition.ts';
import type { Outcome } from '../../sim/core/outcome.ts';
import type { Protocol } from '../../sim/core/protocol.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import type { World } from '../../sim/core/world.ts';
import type { Bundle } from '../../sim/realm/bundle.ts';
import type { Profile } from '../../sim/realm/host.ts';
import { type ProcessConfig, processMachine } from '../../sim/system/process.ts';

export type Code = string | Pick<Bundle, 'script' | 'place'>;

export interface Given {
  readonly profile?: Profile;
  readonly seed?: number;
  readonly around?: Protocol['around'];
  readonly budgets?: World['budgets'];
  readonly run?: RunOptions;
}

export interface Ran {
  readonly outcome: Outcome;
  /** What it said on its console, and the errors that it did not catch. */
  readonly said: readonly string[];
  /** The same, each with the millisecond. */
  readonly timed: readonly string[];
  /** Stacks of the errors that it did not catch. */
  readonly stacks: readonly string[];
}

const machine = processMachine('client');

export const moduleOf = (code: Code): Pick<Bundle, 'script' | 'place'> =>
  typeof code === 'string'
    ? {
        script: new Script(`(function (require) { ${code}\n })`, { filename: 'bundle:alone.js' }),
        place: (text) => text,
      }
    : code;

export function aloneScenario(code: Code, { profile = 'browser', around, budgets }: Given = {}): Scenario {
  const config: ProcessConfig = {
    profile,
    module: moduleOf(code),
    options: {},
    platform: () => ({ host: { location: () => 'http://server/' }, event() {} }),
  };
  const made = scenario({
    name: 'test/alone',
    title: 'a process by itself',
    laws: [],
    world: () => ({
      nodes: [{ id: 'c1', role: 'client', machine: machine as never, config }],
      links: [],
      serviceDelay: 0 as never,
      applications: [],
      facts: { clients: [] },
      conditions: 'none',
      ...(budgets === undefined ? {} : { budgets }),
    }),
    plan: () => [],
  }) as Scenario;
  if (around === undefined) return made;
  return { ...made, protocol: { name: 'test', cast: (world) => world as World, laws: [], faults: [], around } };
}

export function alone(code: Code, given: Given = {}): Ran {
  return ran(aloneScenario(code, given), given);
}

/** One more run of a scenario: its process finds a realm that served before. */
export function ran(of: Scenario, { seed = 1, run: options = {} }: Pick<Given, 'seed' | 'run'> = {}): Ran {
  const said: string[] = [];
  const timed: string[] = [];
  const stacks: string[] = [];
  const outcome = run(of, seed, {
    ...options,
    witness(entry) {
      if (entry.kind !== 'console' && entry.kind !== 'uncaught') return;
      const text = entry.kind === 'console' ? entry.text : `uncaught ${entry.how}: ${entry.error}`;
      if (entry.kind === 'uncaught') stacks.push(entry.stack);
      said.push(text);
      timed.push(`${entry.at / 1000} ${text}`);
    },
  });
  return { outcome, said, timed, stacks };
}

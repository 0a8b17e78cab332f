/**
 * Where scenarios and laws come from. They are code, and code does not travel between processes: what travels is the
 * address of the module that exports them, and their names. hangup's own catalogue is such a module, and yours is another.
 */
import type { Law } from '../../properties/laws/law.ts';
import { lawsOf, type Scenario } from '../core/scenario.ts';

/** A module, as another process finds it. */
export interface Address {
  /** What `import()` takes: `file:///…/hangup.config.ts`. */
  readonly url: string;
  /** Whether it comes with hangup, so that what throws in it is a bug of hangup. */
  readonly ours: boolean;
}

/** A module, and what it exports. */
export interface Source extends Address {
  readonly scenarios: readonly Scenario[];
  /** Laws that it exports, besides those of its scenarios. */
  readonly laws: readonly Law[];
}

/** Everything that a sweep and its workers can find by name. */
export class Sources {
  readonly all: readonly Source[];
  readonly #scenarios: ReadonlyMap<string, Scenario>;
  #laws: ReadonlyMap<string, Law> | null = null;

  /** Throws in one line when two modules have scenarios of one name. */
  constructor(all: readonly Source[]) {
    this.all = all;
    const scenarios = new Map<string, Scenario>();
    for (const { url, scenarios: theirs, ours } of all)
      for (const scenario of theirs) {
        const other = scenarios.get(scenario.name);
        if (other !== undefined && other !== scenario)
          throw new Error(
            `${ours ? 'the catalogue' : placeOf(url)}: \`scenarios\`: ${scenario.name} is the name of another scenario already; expected one of its own`,
          );
        scenarios.set(scenario.name, scenario);
      }
    this.#scenarios = scenarios;
  }

  /** In the order of their modules. */
  get scenarios(): readonly Scenario[] {
    return [...this.#scenarios.values()];
  }

  find(name: string): Scenario | undefined {
    return this.#scenarios.get(name);
  }

  /** A law that a module exports, or that one of its scenarios is judged by. */
  law(name: string): Law | undefined {
    this.#laws ??= new Map(
      this.all.flatMap(({ laws, scenarios }) =>
        [...laws, ...scenarios.flatMap(lawsOf)].reverse().map((law) => [law.name, law] as const),
      ),
    );
    return this.#laws.get(name);
  }

  /** Whether a law, a claim or a scenario comes with hangup. */
  isOurs(code: object): boolean {
    return this.all.some(
      ({ ours, scenarios }) =>
        ours &&
        scenarios.some(
          (scenario) =>
            scenario === code || lawsOf(scenario).includes(code as Law) || scenario.sometimes.includes(code as never),
        ),
    );
  }

  /** The same with these laws, which only this process can find. */
  withLaws(laws: readonly Law[]): Sources {
    return new Sources([{ url: '', ours: false, scenarios: [], laws }, ...this.all]);
  }
}

/** A module as people name it: a path where it is a file. */
export const placeOf = (url: string): string => (url.startsWith('file:') ? decodeURI(new URL(url).pathname) : url);

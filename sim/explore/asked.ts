/** What a sweep is asked to run: scenarios by themselves, by name, or by the module that exports them. */
import type { Law } from '../../properties/laws/law.ts';
import { mustGoTogether } from '../core/definition.ts';
import { homeOf } from '../core/home.ts';
import type { Scenario } from '../core/scenario.ts';
import { shown } from '../core/shown.ts';
import { IN_WORKER } from './crew.ts';
import { sourceOf } from './exports.ts';
import { addressOf, importModule, isProgram, Unfinished } from './module.ts';
import { placeOf, type Source, Sources } from './source.ts';
import type { SweepOptions } from './sweep.ts';

/** The scenarios of a sweep, where worker processes find them, and whether there are any: it is `isApart`, or they must be. */
export async function asked(
  { module, scenarios: given, laws = null }: SweepOptions,
  isApart: boolean,
  known: readonly Source[],
): Promise<{ readonly scenarios: readonly Scenario[]; readonly sources: Sources; readonly isApart: boolean }> {
  mustBeNoWorker();
  const own = module === undefined ? null : await loaded(module);
  let sources = new Sources(own === null ? known : [...known, own]);
  const scenarios = chosen(given, own, sources);
  const homes = await homesOf(scenarios, sources);
  if (homes.length > 0) sources = new Sources([...sources.all, ...homes]);
  const apart = isApart || scenarios.some((each) => homeOf(each) !== null && sources.find(each.name) === each);
  mustBeSweepable(scenarios, laws, apart ? sources : null);
  for (const scenario of scenarios) scenario.ready?.();
  return { scenarios, sources, isApart: apart };
}

/** Modules of scenarios that belong into worker processes, and that no source has yet. */
async function homesOf(scenarios: readonly Scenario[], sources: Sources): Promise<readonly Source[]> {
  const urls = scenarios.filter(({ name }) => sources.find(name) === undefined).map(homeOf);
  const homes: Source[] = [];
  // What the running program itself exports can be run nowhere but here.
  for (const url of new Set(urls)) if (url !== null && !isProgram(url)) homes.push(await loaded(url));
  return homes;
}

/** A module that is loaded for its scenarios, and sweeps when it is loaded, would do so in every worker. */
function mustBeNoWorker(): void {
  if (process.env[IN_WORKER] !== undefined)
    throw new Error(
      'a module sweeps when it is loaded, and a worker process loaded it for its scenarios: expected them in a module of their own',
    );
}

/** The module of `options.module`. Rejects with what it throws, or in one line when there is no scenario in it. */
async function loaded(module: string | URL): Promise<Source> {
  const url = addressOf(module);
  const exports = await importModule(url).catch((error: unknown) => {
    throw error instanceof Unfinished ? new Error(`\`module\`: ${placeOf(url)}: ${error.message}`) : error;
  });
  const source = sourceOf({ url, ours: false }, exports);
  if (source.scenarios.length === 0)
    throw new Error(
      `\`module\`: ${placeOf(url)}: expected exported scenarios, or \`export default config({ scenarios: […] })\`, got none`,
    );
  return source;
}

/** The scenarios that were asked for, by themselves or by name; all of the module's when none was. */
function chosen(asked: SweepOptions['scenarios'], own: Source | null, sources: Sources): readonly Scenario[] {
  if (asked === undefined && own !== null) return own.scenarios;
  if (!Array.isArray(asked))
    throw new Error(`\`scenarios\`: expected a list, or a \`module\` that has them, got ${shown(asked)}`);
  return asked.map((each: Scenario | string) => {
    if (typeof each !== 'string') return each;
    const found = sources.find(each);
    if (found === undefined)
      throw new Error(`\`scenarios\`: expected a name of the catalogue or of \`module\`, got ${shown(each)}`);
    return found;
  });
}

/** Names are how results, failures and workers tell scenarios apart; `sources` is where workers look, if there are any. */
function mustBeSweepable(scenarios: readonly Scenario[], laws: readonly Law[] | null, sources: Sources | null): void {
  if (scenarios.length === 0) throw new Error('`scenarios`: expected one at the least, got none');
  const seen = new Set<string>();
  for (const scenario of scenarios) {
    const { name } = scenario;
    if (seen.has(name)) throw new Error(`${name}: expected scenarios of different names, got two of this one`);
    seen.add(name);
    mustGoTogether(scenario);
  }
  if (sources === null) return;
  // A worker would run another scenario of that name, or none.
  for (const scenario of scenarios) mustBeFound('scenario', scenario, sources.find(scenario.name));
  for (const law of laws ?? []) mustBeFound('law', law, sources.law(law.name));
}

function mustBeFound<T extends { readonly name: string }>(what: string, wanted: T, found: T | undefined): void {
  if (found === wanted) return;
  const { name } = wanted;
  throw new Error(
    found === undefined
      ? `${what} ${name}: worker processes cannot find it: give sweep the \`module\` that exports it, or jobs: 1`
      : `${what} ${name}: worker processes would take another ${what} of that name (this is a changed copy, or was loaded twice): name it in \`scenarios\`, or sweep it with jobs: 1`,
  );
}

/** `hangup list`: what there is, each in a line. */
import pc from 'picocolors';
import { printPolicy } from '../../src/backoff/parse.ts';
import type { Preset } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { valuesOf } from '../core/cells.ts';
import { NEUTRAL_PHASES, phasesOf } from '../core/phases.ts';
import { lawsOf, type Scenario } from '../core/scenario.ts';
import { shown } from '../core/shown.ts';
import { catalogued, faultsOf, listOf } from '../faults/catalogue.ts';
import { figuresOf } from '../figures/figure.ts';
import { isModulePath } from '../input/config-argument.ts';
import { METRICS } from '../lab/metrics/catalogue.ts';
import type { Metric } from '../lab/metrics/metric.ts';
import { NETWORKS } from '../networks/presets.ts';
import { OWN_CODE_KINDS } from '../system/faults/catalogue.ts';
import { inOneOrder, type Level, levelsOf, targetsOf } from '../targets/target.ts';
import { hanging } from './columns.ts';
import { EXIT, UsageError } from './errors.ts';
import { type Known, knownWith } from './known.ts';
import { unknownName } from './names.ts';
import { detailsOf, ofPolicy } from './policy-list.ts';
import { streams } from './streams.ts';
import { boundOf } from './target-table.ts';
import { say, sayJson } from './terminal.ts';
import { VERSION } from './version.ts';

interface Item {
  readonly name: string;
  readonly about: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of a scenario: the values that `--cell` may fix, by dimension. */
  readonly dimensions?: Readonly<Record<string, readonly string[]>>;
  /** Of a policy: further lines, by the word before each of them. */
  readonly details?: Readonly<Record<string, string>>;
  /** Of a metric: what it is counted in, and whether less or more of it is better; only in the JSON document. */
  readonly unit?: Metric['unit'];
  readonly better?: Metric['better'];
  /** The whole of a policy, as `--policy FILE.json` reads it; only in the JSON document. */
  readonly policy?: unknown;
}

/** What comes with hangup, then what a config adds. */
const LISTS: Readonly<Record<string, (known: Known['alone']) => readonly Item[]>> = {
  scenarios: ({ scenarios }) =>
    scenarios.map(({ name, title, dimensions = {} }) => ({
      name,
      about: title,
      dimensions: Object.fromEntries(valuesOf(dimensions)),
    })),
  faults: ({ scenarios }) =>
    once([...scenarios.flatMap((each) => listOf(faultsOf(each))), ...listOf(catalogued(OWN_CODE_KINDS))]),
  phases: ({ scenarios }) => once(scenarios.flatMap(phasesIn)),
  laws: ({ scenarios }) => once(scenarios.flatMap(lawsOf)).map(({ name, states }) => ({ name, about: states })),
  targets: ({ scenarios }) => targetsIn(scenarios),
  figures: ({ scenarios }) => once(scenarios.flatMap(figuresOf)).map(({ name, states }) => ({ name, about: states })),
  policies: ({ policies, config }) => [
    ...Object.entries<Preset>(PRESETS).map(([name, preset]) => ({
      name,
      about: preset.about,
      details: detailsOf(preset),
      policy: printPolicy(preset.policy),
    })),
    ...Object.entries(policies).map(([name, policy]) => ({
      name,
      about: `of ${config?.path}`,
      details: ofPolicy(policy),
      policy: printPolicy(policy),
    })),
  ],
  metrics: () =>
    METRICS.map(({ name, unit, better, states }) => ({ name, about: `${states} (${UNITS[unit]})`, unit, better })),
  networks: ({ networks }) => [...NETWORKS, ...networks].map(({ name, source }) => ({ name, about: source })),
};

/** Units of the lab's metrics, in words. */
const UNITS: Readonly<Record<Metric['unit'], string>> = {
  s: 'seconds',
  ratio: 'ratio',
  count: 'number',
  share: 'share, 0 to 1',
  per_second: 'a second',
  per_hour: 'an hour',
};

/** The phases of a protocol, by the part of whoever is in them: what a fault of a plan may wait for. */
function phasesIn({ protocol }: Scenario): readonly Item[] {
  const { of } = protocol?.phases ?? NEUTRAL_PHASES;
  const whose = protocol?.phases === undefined ? '' : `${protocol.name} `;
  const all = { ...of, '(any other)': phasesOf({ of: {} }, '') };
  return Object.entries(all).map(([role, names]) => ({ name: `${whose}${role}`, about: names.join(', ') }));
}

/** Every target that scenarios may promise by name, and those on figures of their own. */
export function targetsIn(scenarios: readonly Scenario[]): readonly Item[] {
  const levels: readonly Readonly<Record<string, Level>>[] = scenarios.flatMap((scenario) => [
    levelsOf(scenario),
    Object.fromEntries(targetsOf(scenario).map((target) => [target.name, target])),
  ]);
  return inOneOrder(levels.map(Object.keys)).map((name) => {
    const level = levels.find((each) => Object.hasOwn(each, name))?.[name] as Level;
    return { name, about: `${level.figure.states}: ${boundOf(level)}` };
  });
}

/** The first of each name: scenarios share most of their laws and faults. */
const once = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] => {
  const names = new Set<string>();
  return items.filter(({ name }) => !names.has(name) && names.add(name));
};

/** `module`: the path of a module, whose scenarios alone are asked. */
export async function list(
  asked: string | undefined,
  { json, config }: { readonly json?: boolean; readonly config?: string },
  module: string | undefined = asked !== undefined && isModulePath(asked) ? asked : undefined,
): Promise<number> {
  const names = Object.keys(LISTS);
  const what = asked === module ? undefined : asked;
  if (module !== undefined && !isModulePath(module))
    throw new UsageError(`list: expected one list, and the path of a module, got ${shown(module)}`);
  if (module !== undefined && config !== undefined)
    throw new UsageError(`--config: expected one config, got ${module} and ${config}`);
  if (what !== undefined && !names.includes(what)) throw unknownName('unknown list', what, names, names.join(', '));
  const chosen = what === undefined ? names : [what];
  const all = await knownWith(module ?? config);
  const known = module === undefined ? all : all.alone;
  const lists = Object.fromEntries(
    chosen.map((name) => [name, (LISTS[name] as (known: Known['alone']) => readonly Item[])(known)]),
  );
  if (json) {
    sayJson({ schema: 'hangup/list/1', version: VERSION, ...lists }, 2);
    return EXIT.holds;
  }
  for (const [name, items] of Object.entries(lists)) {
    const width = Math.max(...items.map((item) => item.name.length));
    say(
      `${name}\n${items.map((item) => `  ${item.name.padEnd(width)}  ${hanging(`${item.about}${parametersOf(item)}`, width + 4, streams().stdout)}\n${cellsOf(item)}${name === what ? detailLinesOf(item) : ''}`).join('')}`.trimEnd(),
    );
  }
  return EXIT.holds;
}

/** Behind the sentence, on the same line, so that a search by name finds everything about a fault. */
function parametersOf({ parameters = {} }: Item): string {
  const list = Object.entries(parameters).map(([name, meaning]) => `${name}: ${meaning}`);
  return list.length === 0 ? '' : pc.dim(` (${list.join('; ')})`);
}

/** Below their policy, the words in one column. */
const detailLinesOf = ({ details = {} }: Item): string =>
  Object.entries(details)
    .map(([word, text]) => {
      const before = `      ${word.padEnd(8)} `;
      return pc.dim(`${before}${hanging(text, before.length, streams().stdout)}\n`);
    })
    .join('');

/** Below its scenario, because there are many: what `--cell` takes, as it takes it. */
const cellsOf = ({ dimensions = {} }: Item): string =>
  Object.entries(dimensions)
    .map(([dimension, values]) => {
      const before = `      --cell ${dimension}=`;
      return pc.dim(`${before}${hanging(values.join(' | '), before.length, streams().stdout)}\n`);
    })
    .join('');

/** `hangup list`: what there is, each in a line. */
import pc from 'picocolors';
import { LAWS } from '../../properties/laws/all.ts';
import { printPolicy } from '../../src/backoff/parse.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { valuesOf } from '../cells.ts';
import { listOf } from '../faults/catalogue.ts';
import { NETWORKS } from '../networks/presets.ts';
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { SESSION_FAULTS } from '../session/faults.ts';
import { inOneOrder, type Level, levelsOf, targetsOf } from '../targets/target.ts';
import { hanging } from './columns.ts';
import { EXIT } from './errors.ts';
import { unknownName } from './names.ts';
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
  /** The whole of a policy, as `--policy FILE.json` reads it; only in the JSON document. */
  readonly policy?: unknown;
}

const LISTS: Readonly<Record<string, () => readonly Item[]>> = {
  scenarios: () =>
    SCENARIOS.map(({ name, title, dimensions = {} }) => ({
      name,
      about: title,
      dimensions: Object.fromEntries(valuesOf(dimensions)),
    })),
  faults: () => listOf(SESSION_FAULTS),
  laws: () => LAWS.map(({ name, states }) => ({ name, about: states })),
  targets: () => targetsIn(SCENARIOS),
  policies: () =>
    Object.entries(PRESETS).map(([name, { about, policy }]) => ({ name, about, policy: printPolicy(policy) })),
  networks: () => NETWORKS.map(({ name, source }) => ({ name, about: source })),
};

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

export function list(what: string | undefined, { json }: { readonly json?: boolean }): number {
  const names = Object.keys(LISTS);
  if (what !== undefined && !names.includes(what)) throw unknownName('unknown list', what, names, names.join(', '));
  const chosen = what === undefined ? names : [what];
  const lists = Object.fromEntries(chosen.map((name) => [name, (LISTS[name] as () => readonly Item[])()]));
  if (json) {
    sayJson({ schema: 'hangup/list/1', version: VERSION, ...lists }, 2);
    return EXIT.holds;
  }
  for (const [name, items] of Object.entries(lists)) {
    const width = Math.max(...items.map((item) => item.name.length));
    say(
      `${name}\n${items.map((item) => `  ${item.name.padEnd(width)}  ${hanging(`${item.about}${parametersOf(item)}`, width + 4, streams().stdout)}\n${cellsOf(item)}`).join('')}`.trimEnd(),
    );
  }
  return EXIT.holds;
}

/** Behind the sentence, on the same line, so that a search by name finds everything about a fault. */
function parametersOf({ parameters = {} }: Item): string {
  const list = Object.entries(parameters).map(([name, meaning]) => `${name}: ${meaning}`);
  return list.length === 0 ? '' : pc.dim(` (${list.join('; ')})`);
}

/** Below its scenario, because there are many: what `--cell` takes, as it takes it. */
const cellsOf = ({ dimensions = {} }: Item): string =>
  Object.entries(dimensions)
    .map(([dimension, values]) => {
      const before = `      --cell ${dimension}=`;
      return pc.dim(`${before}${hanging(values.join(' | '), before.length, streams().stdout)}\n`);
    })
    .join('');

/** `hangup list`: what there is, each in a line. */
import pc from 'picocolors';
import { LAWS } from '../../properties/laws/all.ts';
import { printPolicy } from '../../src/backoff/parse.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { FAULTS } from '../faults/catalogue.ts';
import { NETWORKS } from '../networks/presets.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { TARGETS } from '../targets/catalogue.ts';
import { TARGET_NAMES } from '../targets/target.ts';
import { EXIT } from './errors.ts';
import { unknownName } from './names.ts';
import { boundOf } from './target-table.ts';
import { say, sayJson } from './terminal.ts';
import { VERSION } from './version.ts';

interface Item {
  readonly name: string;
  readonly about: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The whole of a policy, as `--policy FILE.json` reads it; only in the JSON document. */
  readonly policy?: unknown;
}

const LISTS: Readonly<Record<string, () => readonly Item[]>> = {
  scenarios: () => SCENARIOS.map(({ name, title }) => ({ name, about: title })),
  faults: () => FAULTS,
  laws: () => LAWS.map(({ name, states }) => ({ name, about: states })),
  targets: () => TARGET_NAMES.map((name) => ({ name, about: `${TARGETS[name].states}: ${boundOf(TARGETS[name])}` })),
  policies: () =>
    Object.entries(PRESETS).map(([name, { about, policy }]) => ({ name, about, policy: printPolicy(policy) })),
  networks: () => NETWORKS.map(({ name, source }) => ({ name, about: source })),
};

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
    say([name, ...items.map((item) => `  ${item.name.padEnd(width)}  ${item.about}${parametersOf(item)}`)].join('\n'));
  }
  return EXIT.holds;
}

/** Behind the sentence, on the same line, so that a search by name finds everything about a fault. */
function parametersOf({ parameters = {} }: Item): string {
  const list = Object.entries(parameters).map(([name, meaning]) => `${name}: ${meaning}`);
  return list.length === 0 ? '' : pc.dim(` (${list.join('; ')})`);
}

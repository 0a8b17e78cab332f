/** Flags that choose something instead of what scenarios would do: read, and checked against each scenario that they are for. */
import { closedBy, type Given, type Overrides, overridesIn } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { settingOf, untaken } from '../core/setting.ts';
import { flawOfSizes } from '../core/worlds.ts';
import { contentsOf } from '../input/content-argument.ts';
import { networkOf } from '../input/network-argument.ts';
import { policyOf } from '../input/policy-argument.ts';
import type { Reader } from '../input/used-files.ts';
import { faultsOf, mustCarry } from './arguments.ts';
import { cellOf } from './cell-argument.ts';
import { UsageError } from './errors.ts';
import type { Known } from './known.ts';
import { tellPolicy } from './policy-lines.ts';
import { sizesOf } from './sizes-argument.ts';
import { warn } from './terminal.ts';

/** Throws `UsageError` or `InputError` in one line. */
export function overridesFrom(
  { input, schema, network, policy, faults, cell, sizes }: Given,
  scenarios: readonly Scenario[],
  known: Known,
  read: Reader,
): Overrides {
  const given = <T>(text: string | null | undefined, parse: (text: string) => T): T | null =>
    text === undefined || text === null ? null : parse(text);
  if (schema && !input) throw new UsageError('--schema: expected --input FILE.json with it');
  const overrides = overridesIn({
    input: given(input, (text) => contentsOf(text, schema ?? undefined, read, warn)),
    network: given(network, (text) => networkOf(text, read, known.networks)),
    policy: given(policy, (text) => policyOf(text, read, known.policies, tellPolicy)),
    cell: given(cell, (text) => cellOf(text, scenarios)),
    faults: given(faults, (text) => faultsOf(text, scenarios)),
    sizes: given(sizes, sizesOf),
  });
  if (overrides.network) mustCarry(overrides.network, scenarios);
  for (const scenario of scenarios) {
    const flaw = overrides.sizes ? flawOfSizes(scenario, settingOf(scenario, 1, overrides), overrides.sizes) : null;
    if (flaw !== null) throw new UsageError(`--sizes: ${flaw}`);
  }
  for (const scenario of scenarios) {
    const flag = untaken(scenario, overrides);
    if (flag !== null)
      throw new UsageError(`--${flag}: ${scenario.name} takes none: its worlds do not ask for \`setting.${flag}\``);
  }
  return overrides;
}

/** Refuses a cell that fixes what another flag takes from these scenarios. */
export function mustStayOpen(overrides: Overrides, scenarios: readonly Scenario[]): void {
  for (const dimension of Object.keys(overrides.cell ?? {}))
    for (const scenario of scenarios) {
      const flag = closedBy(dimension, scenario, overrides);
      if (flag !== null)
        throw new UsageError(
          `--cell: expected no ${dimension} with --${flag}, which takes the place of what ${scenario.name} would choose by it`,
        );
    }
}

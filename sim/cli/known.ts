/** What a command knows by name: what comes with hangup, and what a config adds to it. */
import { CATALOGUE } from '../catalogue.ts';
import type { Scenario } from '../core/scenario.ts';
import { Sources } from '../explore/source.ts';
import { configOf, type GivenConfig } from '../input/config-argument.ts';
import type { Policies } from '../input/policy-names.ts';
import type { UsedFile } from '../input/used-files.ts';
import type { Network } from '../networks/network.ts';
import { InputError } from './errors.ts';

export class Known {
  readonly config: GivenConfig | null;
  readonly sources: Sources;

  constructor(config: GivenConfig | null) {
    this.config = config;
    if (config !== null)
      for (const { name } of config.source.scenarios)
        if (CATALOGUE.scenarios.some((each) => each.name === name && !config.source.scenarios.includes(each)))
          throw new InputError(
            `${config.path}: \`scenarios\`: ${name} is the name of a scenario of the catalogue; expected one of its own`,
          );
    this.sources = new Sources(config === null ? [CATALOGUE] : [CATALOGUE, config.source]);
  }

  /** The catalogue's scenarios, then the config's. */
  get scenarios(): readonly Scenario[] {
    return this.sources.scenarios;
  }

  /** What is explored when nothing is named. */
  get usual(): readonly Scenario[] {
    const own = this.config?.source.scenarios ?? [];
    // A config may have policies for the lab and nothing else.
    return own.length > 0 ? own : this.scenarios;
  }

  /** The same without what comes with hangup. */
  get alone(): Pick<Known, 'scenarios' | 'networks' | 'policies' | 'config'> {
    const { networks, policies, config } = this;
    return { scenarios: this.usual, networks, policies, config };
  }

  get networks(): readonly Network[] {
    return this.config?.networks ?? [];
  }

  get policies(): Policies {
    return this.config?.policies ?? {};
  }

  /** Whether a run of these cannot be made again without the config. */
  needsConfig(
    scenarios: readonly Scenario[],
    { network, policy }: { readonly network?: string | null | undefined; readonly policy?: string | null | undefined },
  ): boolean {
    return (
      scenarios.some((scenario) => this.config?.source.scenarios.includes(scenario)) ||
      this.networks.some(({ name }) => name === network) ||
      Object.hasOwn(this.policies, policy?.split(',')[0] ?? '')
    );
  }

  /** The config as a failure file and a journal remember it. */
  get files(): readonly UsedFile[] {
    return this.config === null ? [] : [this.config.file];
  }
}

/** What a command knows with `--config FILE`, or with the config of the present folder. */
export const knownWith = async (config: string | undefined): Promise<Known> => new Known(await configOf(config));

/**
 * What a scenario is: a world, a story, a way to harm it, and claims about what must sometimes happen.
 */
import type { Law } from '../../properties/laws/law.ts';
import { NEUTRAL_LAWS } from '../../properties/laws/neutral/all.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import type { Content } from '../../src/content.ts';
import type { Facts } from '../../src/facts.ts';
import type { Entries, EntriesOf, Handlers } from '../../src/history.ts';
import type { Faults } from '../faults/catalogue.ts';
import type { AnyKind } from '../faults/kind.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Figure } from '../figures/figure.ts';
import type { Network } from '../networks/network.ts';
import type { TargetUse } from '../targets/target.ts';
import type { Cell, Dimensions } from './cells.ts';
import type { Dice } from './dice.ts';
import type { Phases } from './phases.ts';
import type { Protocol } from './protocol.ts';

/** What a scenario may use to build its world. */
export interface Setting {
  readonly dice: Dice;
  /** Contents from `--input`, or null for the scenario's own samples. */
  readonly input: readonly Content[] | null;
  /** Network from `--network`, or null for the scenario's own choice. */
  readonly network: Network | null;
  /**
   * Backoff policy from `--policy`, or null for the scenario's own. Where a protocol knows what follows from another one
   * (`underPolicy`), its scenarios need not ask for it.
   */
  readonly policy: Policy | null;
  /** One value for each dimension that the scenario opens. */
  readonly cell: Cell;
  /** The kinds of faults that the scenario knows. */
  readonly faults: Faults;
  /** The phases of its protocol, where that says which there are. */
  readonly phases?: Phases;
}

/** A claim that a sweep must have seen come true at least once; a law that was never exercised proves nothing. */
export interface Claim<Memory = unknown, F extends Facts = Facts, M extends Entries = Entries> {
  readonly name: string;
  readonly states: string;
  /**
   * It is expected to come true in one run of so many at least: 2 or more, 50 by default. Say it from a long sweep where a
   * claim is rarer, and with a margin: a sweep that should have seen it, and has not, fails. `null` expects nothing.
   */
  readonly oncePer?: number | null;
  remember(facts: F): Memory;
  readonly on: Handlers<Memory, () => void, M>;
}

/** Fixes a claim's memory type for inference, and forgets it for lists. `P` is what your protocol sends. */
export function claim<Memory, P = unknown>(definition: Claim<Memory, Facts, EntriesOf<P>>): Claim {
  return definition as unknown as Claim;
}

/** A claim that comes true in one run of so many: the upper end of what a sweep of thousands of seeds allows. */
export const oncePer = (runs: number, rare: Claim): Claim => ({ ...rare, oncePer: runs });

/**
 * A scenario. `W` is how it describes its world: a `World` as it is, or what its protocol makes one of. Lists hold scenarios
 * of all sorts, so `W` is forgotten there.
 */
export interface Scenario<W = unknown> {
  /** `family/name`, as on the command line. */
  readonly name: string;
  /** One line for `hangup list scenarios`. */
  readonly title: string;
  readonly sometimes: readonly Claim[];
  /** What it varies besides luck, with all the values; none by default. */
  readonly dimensions?: Dimensions;
  /**
   * Dimensions that its world is built by, and not only its plan (or, where one is called size, the choice of its content):
   * they stay open where `--faults` takes the place of the plan, and `--input` that of the content. None by default.
   */
  readonly builds?: readonly string[];
  /** The service levels that it promises; none by default. */
  readonly targets?: readonly TargetUse[];
  /** Who speaks what; without one its world is a `World`, and the neutral laws judge it. */
  readonly protocol?: Protocol<W>;
  /** Laws of its own, besides those of its protocol. */
  readonly laws?: readonly Law[];
  /** Kinds of faults of its own, besides those of its protocol. */
  readonly faults?: readonly AnyKind[];
  /** Figures of its own, besides those of its protocol. */
  readonly figures?: readonly Figure[];
  /** Looks at what it needs besides itself, such as files; called before a sweep or a replay. Throws in one line for what is missing. */
  ready?(): void;
  /** Modules that its runs are made of, besides the one that it stands in: from the present folder, with a SHA-256 of all that runs. */
  modules?(): readonly { readonly path: string; readonly sha256: string }[];
  world(setting: Setting): W;
  plan(setting: Setting, world: W): FaultPlan;
}

/** The laws that judge a scenario by default. */
export const lawsOf = ({ protocol, laws = [] }: Pick<Scenario, 'protocol' | 'laws'>): readonly Law[] => [
  ...(protocol?.laws ?? NEUTRAL_LAWS),
  ...laws,
];

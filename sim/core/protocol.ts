/**
 * A protocol: what all scenarios of one sort have in common. It makes a world of the description that they give, and brings
 * the laws, kinds of faults and figures that speak its language. hangup's own session protocol is one of them.
 */
import type { Law } from '../../properties/laws/law.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import type { Instant } from '../../src/time.ts';
import type { AnyKind } from '../faults/kind.ts';
import type { Figure } from '../figures/figure.ts';
import type { Network } from '../networks/network.ts';
import type { Level } from '../targets/target.ts';
import type { About, Known, States } from './knowledge.ts';
import type { Phases } from './phases.ts';
import type { AnyMachine } from './record.ts';
import type { Sizing } from './sizes.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

/** `W`: how its scenarios describe their world; `F`: what its folds measure together. */
export interface Protocol<W = World, F = unknown> {
  readonly name: string;
  /** Its nodes, links and applications. */
  cast(world: W): World;
  /** The laws that judge its runs by default; those that know no protocol where it does not say. */
  readonly laws?: readonly Law[];
  /** What it says in history beyond what every protocol does; nothing by default. */
  readonly vocabulary?: Vocabulary;
  /** What its parties are in the middle of, as a witness sees it; by default what is seen of connections and processes. */
  readonly phases?: Phases;
  /** Kinds of faults that only its machines know, besides those that hit any link or process. */
  readonly faults: readonly AnyKind[];
  /** Machines whose words need not be looked at in every run, nor those of its applications, because tests drive them. None by default. */
  readonly tested?: ReadonlySet<AnyMachine>;
  /** The same world in which every client follows another backoff policy, with all that is derived from it. */
  underPolicy?(world: W, policy: Policy): W;
  /** How its worlds are made smaller; one that is described as a `World` can have fewer clients without a word of it. */
  readonly sizes?: Sizing<W>;
  /** Why no client can keep its promises on a network, in one line; null when it can. */
  flawOfNetwork?(network: Network): string | null;
  /**
   * Calls a run, or a part of one: whatever must stand around code that may never come back. Throws a `Stuck` for a call
   * that does not; where it is `repeatable`, it may be made a second time to find out where. `patience`: so many times as
   * long as others it may take, 1 by default. By default it is just called.
   */
  around?<T>(call: () => T, repeatable: boolean, patience?: number): T;
  /**
   * Calls a run so that nothing which runs before it have left behind can reach it: what comes to something else here than
   * in a sweep does not depend on its seed alone. By default it is just called.
   */
  anew?<T>(call: () => T): T;
  /**
   * What its laws look at happens in one of so many runs at the least: what none of enough runs has seen was never put to
   * the test. Default 50; 1 where it is to happen in every run.
   */
  readonly heardOncePer?: number;
  /** What is measured in each of its runs: figures with a fold of their own, and figures of what `measure` says. */
  readonly figures?: readonly Figure[];
  /** Targets that its scenarios may promise by name, in the order in which reports show them. */
  readonly targets?: Readonly<Record<string, Level>>;
  /**
   * What its parties know at one moment of a run, each in a sentence with its numbers, the one that asks first; from the
   * states of their machines then. By default it is told from what a witness saw of them.
   */
  knows?(states: States, about: About): readonly Known[];
  /**
   * For figures that share their folds: attaches those to a witness; what it returns says what they came to when the run is
   * over.
   */
  measure?(witness: Witness, world: W): (ended: Instant) => F;
}

/** What a run of a scenario measures: what its protocol says, or figures by name. */
export type MeasuredIn<S> = S extends { readonly protocol: Protocol<infer _W, infer F> }
  ? F
  : Readonly<Record<string, unknown>>;

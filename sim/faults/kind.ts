/** What every kind of fault says of itself. */
import type { ApplicationError } from '../../src/errors.ts';
import type { NodeId } from '../../src/machine.ts';
import type { Duration, Instant } from '../../src/time.ts';
import type { Dice } from '../core/dice.ts';
import type { PhaseName } from '../core/phases.ts';
import type { Upon } from './moment.ts';
import type { Parameters, Sort } from './parameter.ts';
import type { Scene } from './scene.ts';

/** What may go wrong in a scenario. */
export interface Menu {
  /** Kinds of faults by their names. */
  readonly kinds: readonly string[];
  /** How many faults, both included. */
  readonly count: readonly [number, number];
  /** Faults begin in this stretch of time. */
  readonly from: Instant;
  readonly until: Instant;
  /** How long a fault lasts, both included. */
  readonly lasts: readonly [Duration, Duration];
  /** Access links (`c1-lb`), clients and servers that may be hit. */
  readonly links: readonly NodeId[];
  readonly clients: readonly NodeId[];
  readonly servers: readonly NodeId[];
  /** Nodes by every part that nodes play, those of other names among them; none by default. */
  readonly parts?: Readonly<Record<string, readonly NodeId[]>>;
  /** By default one that is called `lb`. */
  readonly balancers?: readonly NodeId[];
  /** Who is ever in the middle of something: then faults may begin at such moments. None by default. */
  readonly places?: readonly Place[];
  /** Until when the stories of the world go on, if nothing goes wrong; by default `until`. */
  readonly busyUntil?: Instant;
  /** Lengths of time about which faults may last, longer ones than `lasts` among them; none by default. */
  readonly scales?: readonly Duration[];
  /** How long things take that are under way for a short while: a trip, an fsync. */
  readonly trips?: readonly Duration[];
}

/** Somebody, and the phases in which they may be met. */
export interface Place {
  readonly node: NodeId;
  readonly role: string;
  /** The phase in which it does what it is there for, if that is said. */
  readonly steady?: PhaseName;
  readonly phases: readonly {
    readonly phase: PhaseName;
    /** For which time at the soonest. */
    readonly first: number;
    /** Whether it is entered at every piece. */
    readonly often: boolean;
    /** Kinds of the menu that lead there. */
    readonly leads: readonly string[];
  }[];
}

/** What all faults have: on what, and when. */
export interface FaultBase {
  readonly target: NodeId;
  /** When it begins; with `upon`, at the latest. */
  readonly at: Instant;
  /** It begins at this moment of the protocol, if that comes before `at`. */
  readonly upon?: Upon;
}

/**
 * After it began a fault is over at once (`over`), ends when its time is up (`lasts`), or ends when the scene says so
 * (`later`: a drain ends after its server's process has exited).
 */
export type Begun = 'over' | 'lasts' | 'later';

/** One kind of fault; `F` is its data in a plan. */
export interface Kind<F extends FaultBase & { readonly kind: string }> {
  /** One line for `hangup list faults`: what it hits, and what happens. */
  readonly about: string;
  /** What its targets are. */
  readonly hits: Sort;
  /** Each parameter with its meaning, unit and range. */
  readonly parameters: Parameters<F>;
  /** Errors that no client can spare its application under this fault; none by default. */
  readonly excuses?: readonly ApplicationError[];
  /** Everything but kind and time; `lasts` was drawn already. */
  draw(dice: Dice, menu: Menu, lasts: Duration): Omit<F, 'kind' | 'at'>;
  /** How long it lasts, at the most, from its beginning. */
  duration(fault: F): Duration;
  /** `number` is the fault's place in the plan: a name for what this fault alone began. */
  begin(scene: Scene, fault: F, number: number): Begun;
  /** When it acts again between its beginning and its end, counted from its beginning; only for what `lasts`. */
  steps?(fault: F): readonly Duration[];
  /** The `index`-th of these moments has come. */
  step?(scene: Scene, fault: F, index: number): void;
  /** Called when its time is up; never after `over`. */
  end(scene: Scene, fault: F, number: number): void;
}

/** Of any kind whatever. */
// biome-ignore lint/suspicious/noExplicitAny: lists hold kinds with different parameters side by side.
export type AnyKind = Kind<any> & { readonly name: string };

/** All kinds of one sort of target, by name. */
export type Kinds<F extends FaultBase & { readonly kind: string }> = {
  readonly [K in F['kind']]: Kind<Extract<F, { readonly kind: K }>>;
};

/** The same as a list, in the order in which they stand there. */
export const listed = (kinds: object): readonly AnyKind[] =>
  Object.entries(kinds as Readonly<Record<string, object>>).map(([name, kind]) => ({ ...kind, name }) as AnyKind);

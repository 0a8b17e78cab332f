/**
 * Vocabulary: what a protocol adds to history. Transport, timers, processes and faults are seen in every world alike; what
 * happens at the application is said by effects and intents, and a protocol may have more to say there than others.
 */
import type { Entry } from '../../src/history.ts';
import type { Spelling } from './identity.ts';
import type { AnyEvent, Kernel, Node } from './kernel.ts';
import type { Witness } from './witness.ts';
import type { AnyIntent } from './world.ts';

export interface Vocabulary {
  /** Kinds of entries that only this protocol has. */
  readonly kinds: readonly string[];
  /** Those of them that happen too often for a timeline: whoever listens hears of them, and no recorder does. None by default. */
  readonly quiet?: readonly string[];
  /** The types of its messages: who listens to `sent WELCOM` is told that there is none. Missing: nobody can tell. */
  readonly frames?: readonly string[];
  /** The type that nearly all of its messages are of, if there is one: whoever means another type is spared them. */
  readonly bulk?: string;
  readonly observer: Observer;
  /** A quicker way to tell the digest of what is said most; by default all of it is walked. */
  readonly spelling?: Spelling;
  /** What somebody says where an entry of the boundary is written, by its kind: `probe.received`. By default the kind itself is told. */
  readonly said?: Readonly<Record<string, string>>;
  /** Its entries and messages in words, for timelines; by default they are printed as they are. */
  readonly tell?: Tell;
}

/** What a line says, as text around one number: many lines of one sort are folded into one with its numbers. */
export type Words = readonly [what: string, number: number | null, behind: string];

/** How a timeline speaks of a protocol; null for what needs no words of its own. */
export interface Tell {
  /** `strong`: worth a look by itself. */
  entry(entry: Entry): { readonly words: Words; readonly strong?: boolean } | null;
  message(payload: unknown): Words | null;
}

/** Writes entries for what machines do at the boundary. Called for every chunk, so it makes each entry as one literal. */
export interface Observer {
  /** An effect that is neither the transport's nor a timer: what an application is given, what is done in the world. */
  effect(witness: Witness, kernel: Kernel, node: Node, effect: AnyEvent): void;
  /** What an application, or the device, tells its client. */
  intent(witness: Witness, kernel: Kernel, node: Node, intent: AnyIntent): void;
  /** What one service says to another. */
  message(witness: Witness, kernel: Kernel, node: Node, message: unknown): void;
  /** That is at the other one, which runs. By default nobody looks. */
  reached?(witness: Witness, kernel: Kernel, node: Node, event: unknown): void;
}

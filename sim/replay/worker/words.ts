/** What a page and its worker say to each other. Each question has a number, and its answer the same. */
import type { FaultPlan } from '../../faults/plan.ts';
import type { Model, Texts, Verdict } from '../model/model.ts';
import type { Told } from '../model/told.ts';

/** What is changed of the recorded run. */
export interface Edit {
  readonly plan: FaultPlan;
  readonly seed?: string;
  /** The name of a preset. */
  readonly policy?: string;
  readonly network?: string;
}

/** What a run comes to, without its history. */
export interface Verdicted {
  readonly verdict: Verdict;
  /** The first law that it breaks; `budget` when one was used up. */
  readonly law: string | null;
  readonly at: number | null;
  readonly message: string | null;
  readonly digest: string;
  readonly events: number;
  /** Milliseconds that it took here. */
  readonly took: number;
}

export interface Detail {
  /** The entry as it stands in history, as JSON. */
  readonly entry: string;
  readonly event: number;
  readonly node: string | null;
  /** What machines did in its event. */
  readonly changes: readonly ChangeLine[];
  /** States of machines behind it, as JSON. */
  readonly states: readonly (readonly [node: string, state: string])[];
  /** Why there are none; null where there are. */
  readonly stateless: string | null;
}

export interface ChangeLine {
  readonly node: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A kind of fault that may be added, and whom it may hit. */
export interface Addable {
  readonly kind: string;
  readonly about: string;
  readonly targets: readonly string[];
}

export interface Questions {
  run: { readonly ask: { readonly edit: Edit | null }; readonly answer: Model };
  texts: { readonly ask: { readonly edit: Edit | null }; readonly answer: Texts };
  story: { readonly ask: { readonly edit: Edit | null }; readonly answer: Told };
  verdict: { readonly ask: { readonly edit: Edit }; readonly answer: Verdicted };
  detail: { readonly ask: { readonly edit: Edit | null; readonly row: number }; readonly answer: Detail };
  addable: { readonly ask: { readonly edit: Edit | null }; readonly answer: readonly Addable[] };
  draw: {
    readonly ask: { readonly edit: Edit | null; readonly kind: string; readonly target: string; readonly at: number };
    readonly answer: FaultPlan[number];
  };
}

export type QuestionName = keyof Questions;

export type Question = {
  readonly [K in QuestionName]: { readonly id: number; readonly name: K } & Questions[K]['ask'];
}[QuestionName];

export type Answer =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string; readonly at: string | null };

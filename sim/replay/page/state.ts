/// <reference lib="dom" />
/** What the page shows: the recorded run, the edited one, the place in it, and who is told when something changes. */
import type { FaultPlan } from '../../faults/plan.ts';
import type { Model } from '../model/model.ts';
import type { Subject } from '../subject.ts';
import type { Edit } from '../worker/words.ts';
import type { Core } from './core-link.ts';

export const TABS = ['why', 'step', 'events', 'what'] as const;
export type Tab = (typeof TABS)[number];

export interface View {
  /** Where the cursor is, and the row that is selected; -1 for none. */
  at: number;
  row: number;
  /** The window of time that is shown. */
  from: number;
  to: number;
  tab: Tab;
  compare: boolean;
  magnified: boolean;
  query: string;
  filter: string;
  streams: [number, number];
  playing: boolean;
}

export interface Tried {
  readonly what: string;
  readonly model: Model;
  readonly edit: Edit;
  readonly parts: number | null;
}

/** A fault of the page: one of the recorded plan or one that was added, on or off, moved or not. */
export interface PageFault {
  readonly name: string;
  /** As recorded; null for one that was added. */
  readonly recorded: FaultPlan[number] | null;
  fault: FaultPlan[number];
  on: boolean;
}

export interface Knobs {
  seed?: string;
  policy?: string;
  network?: string;
}

export class State {
  readonly subject: Subject;
  /** Null where the run was recorded and is not run again. */
  readonly core: Core | null;
  readonly recorded: Model;
  edited: Model | null = null;
  faults: PageFault[];
  knobs: Knobs = {};
  readonly view: View;
  readonly tried: Tried[] = [];
  /** Of the run that the page made itself: whether it came to what Node's did. */
  readonly same: boolean;
  error: string | null = null;
  #listeners: (() => void)[] = [];
  #frame = 0;

  constructor(subject: Subject, core: Core | null, recorded: Model) {
    this.subject = subject;
    this.core = core;
    this.recorded = recorded;
    this.same = recorded.digest === subject.digest;
    this.faults = recorded.plan.map((fault, i) => ({ name: `F${i + 1}`, recorded: fault, fault, on: true }));
    const breach = recorded.breaches[0];
    this.view = {
      ...{ at: breach?.at ?? 0, row: breach?.row ?? -1, from: 0, to: recorded.ended, tab: 'why' as const },
      ...{ compare: false, magnified: breach !== undefined, query: '', filter: 'all', streams: [0, 1], playing: false },
    };
  }

  /** The run under the cursor. */
  get run(): Model {
    return this.edited ?? this.recorded;
  }

  /** What differs from the recorded run; null for nothing. */
  get edit(): Edit | null {
    const plan = this.faults.filter(({ on }) => on).map(({ fault }) => fault);
    const same =
      this.faults.every(({ on, fault, recorded }) => on && JSON.stringify(fault) === JSON.stringify(recorded)) &&
      plan.length === this.recorded.plan.length;
    return same && Object.keys(this.knobs).length === 0 ? null : { plan, ...this.knobs };
  }

  /** Places in the plan of the shown run that each fault of the page has; -1 for one that is off. */
  get places(): readonly number[] {
    let place = 0;
    return this.faults.map(({ on }) => (on ? place++ : -1));
  }

  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Draws everything again, once a frame. */
  changed(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      for (const listener of this.#listeners) listener();
    });
  }

  /** Moves the cursor to a row. */
  select(row: number): void {
    const { rows } = this.run;
    if (row < 0 || row >= rows.count) return;
    this.view.row = row;
    this.view.at = rows.at[row] as number;
    this.reveal(this.view.at);
    this.changed();
  }

  /** The window follows the cursor. */
  reveal(at: number): void {
    const { view, run } = this;
    if (at >= view.from && at <= view.to) return;
    const width = view.to - view.from;
    this.show(at - width / 2, at + width / 2, run.ended);
  }

  show(from: number, to: number, ended: number = this.run.ended): void {
    const width = Math.min(Math.max(to - from, 50), ended);
    const begin = Math.min(Math.max(from, 0), ended - width);
    this.view.from = begin;
    this.view.to = begin + width;
    this.changed();
  }
}

/// <reference lib="dom" />
/** Edits and the runs that come of them: at most one is under way, and only the latest of what was asked meanwhile. */
import { formatDuration } from '../../../src/time.ts';
import { type Model, textAt, whoAt } from '../model/model.ts';
import type { Edit } from '../worker/words.ts';
import { CoreError } from './core-link.ts';
import { rowAt } from './place.ts';
import type { State } from './state.ts';

export interface Parting {
  readonly at: number;
  /** Rows that only one of the runs has. */
  readonly recorded: ReadonlySet<number>;
  readonly edited: ReadonlySet<number>;
}

/** A run that takes longer than that is not made again at every move, in milliseconds. */
const SLOW_MS = 400;

/** The story of a longer run would keep the worker from what the reader does. */
const STORY_EVENTS = 30_000;

export class Reruns {
  readonly #state: State;
  readonly #say: (text: string) => void;
  #busy = false;
  #again = false;
  #note = false;
  #parting: { readonly of: Model; readonly worded: boolean; readonly is: Parting | null } | null = null;
  #took = 0;

  constructor(state: State, say: (text: string) => void) {
    this.#state = state;
    this.#say = say;
  }

  /** Runs what the state says now. `note`: an entry of what was tried, for edits that are complete. */
  async run(note: boolean): Promise<void> {
    const { core } = this.#state;
    this.#note ||= note;
    if (core === null) return;
    // What takes so long is run when a fault is let go, and not at each move.
    if (!note && this.#took > SLOW_MS && this.#state.edit !== null) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    do {
      this.#again = false;
      const { edit } = this.#state;
      const before = this.#state.edited;
      try {
        const from = performance.now();
        const model = edit === null ? null : await core.ask('run', { edit });
        if (model !== null) this.#took = performance.now() - from;
        if (model !== null) void this.texts(model, edit);
        this.#state.edited = model;
        this.#state.error = null;
        this.#follow(model ?? this.#state.recorded, before);
        if (this.#note && !this.#again) {
          this.#keep(model, edit);
          if (model !== null) void this.story(model, edit);
        }
      } catch (error) {
        // The last run stays, beside the edit that no run came of.
        this.#state.error = `${changesOf(this.#state).join(', ')}: ${error instanceof CoreError ? error.message : String(error)}`;
      }
      if (!this.#again) this.#note = false;
      this.#state.changed();
    } while (this.#again);
    this.#busy = false;
  }

  /** Asks for the story of a run that fails; behind everything else, because it makes more runs. */
  async story(model: Model, edit: Edit | null): Promise<void> {
    if (model.told !== null || model.verdict === 'holds' || model.events > STORY_EVENTS) return;
    model.told = (await this.#state.core?.ask('story', { edit }).catch(() => null)) ?? null;
    this.#state.changed();
  }

  /** Asks for the words of a long run, which follow it. */
  async texts(model: Model, edit: Edit | null): Promise<void> {
    if (model.rows.texts !== null) return;
    model.rows.texts = (await this.#state.core?.ask('texts', { edit }).catch(() => null)) ?? null;
    this.#state.changed();
  }

  #keep(model: Model | null, edit: Edit | null): void {
    const run = model ?? this.#state.recorded;
    this.#say(
      `${run.verdict === 'broken' ? `Broken: ${run.breaches[0]?.message ?? ''}` : run.verdict === 'holds' ? 'Holds: no law is broken' : `Out of budget: ${run.exceeded ?? ''}`}`,
    );
    if (model === null || edit === null) return;
    const parted = this.partingOf(model);
    this.#state.tried.unshift({ what: changesOf(this.#state).join(', '), model, edit, parts: parted?.at ?? null });
    this.#state.tried.length = Math.min(this.#state.tried.length, 60);
  }

  /** The cursor stays where it is, on a row of the run that is shown now. */
  #follow(run: Model, before: Model | null): void {
    const { view } = this.#state;
    if (run === before) return;
    const breach = run.breaches[0];
    const stood = (before ?? this.#state.recorded).breaches.some(({ at }) => at === view.at);
    // Who stood on the breach goes on to the one of the new run, if that has one.
    if (stood && breach !== undefined) {
      view.at = breach.at;
      view.row = breach.row;
    } else view.row = rowAt(run, view.at);
    if (view.to > run.ended) this.#state.show(view.from, run.ended, run.ended);
  }

  /** Where the edited run parts from the recorded one; null where they are the same. */
  partingOf(edited: Model): Parting | null {
    const worded = edited.rows.texts !== null && this.#state.recorded.rows.texts !== null;
    if (this.#parting?.of !== edited || this.#parting.worded !== worded)
      this.#parting = { of: edited, worded, is: partingOf(this.#state.recorded, edited) };
    return this.#parting.is;
  }
}

function partingOf(a: Model, b: Model): Parting | null {
  const most = Math.min(a.rows.count, b.rows.count);
  const worded = a.rows.texts !== null && b.rows.texts !== null;
  const isSame = (row: number): boolean =>
    a.rows.at[row] === b.rows.at[row] &&
    a.rows.sort[row] === b.rows.sort[row] &&
    whoAt(a.rows, row) === whoAt(b.rows, row) &&
    (!worded || whatOf(a, row) === whatOf(b, row));
  let first = 0;
  while (first < most && isSame(first)) first++;
  if (first === a.rows.count && first === b.rows.count) return null;
  const at = Math.min(a.rows.at[first] ?? Number.POSITIVE_INFINITY, b.rows.at[first] ?? Number.POSITIVE_INFINITY);
  if (!worded) return { at, recorded: new Set(), edited: new Set() };
  return { at, recorded: onlyIn(a, b, first), edited: onlyIn(b, a, first) };
}

const whatOf = ({ rows }: Model, row: number): string => `${whoAt(rows, row)} ${textAt(rows, row)}`;

function onlyIn(a: Model, b: Model, from: number): ReadonlySet<number> {
  const counts = new Map<string, number>();
  for (let row = from; row < b.rows.count; row++) {
    const words = whatOf(b, row);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const only = new Set<number>();
  for (let row = from; row < a.rows.count; row++) {
    const words = whatOf(a, row);
    const left = counts.get(words) ?? 0;
    if (left === 0) only.add(row);
    else counts.set(words, left - 1);
  }
  return only;
}

/** What differs from the recorded run, in words. */
export function changesOf({ faults, knobs }: State): readonly string[] {
  const words = faults.flatMap(({ name, fault, recorded, on }) => {
    if (recorded === null) return on ? [`${name} added: ${fault.kind} of ${fault.target}`] : [];
    if (!on) return [`${name} off`];
    const moved = fault.at - recorded.at;
    const changed = Object.keys(fault).filter(
      (key) => key !== 'at' && JSON.stringify(fault[key]) !== JSON.stringify(recorded[key]),
    );
    return [
      ...(moved === 0 ? [] : [`${name} moved by ${moved > 0 ? '+' : ''}${formatDuration(moved)}`]),
      ...changed.map((key) => `${name} ${key} ${shownOf(fault[key])}`),
    ];
  });
  return [...words, ...Object.entries(knobs).map(([name, value]) => `${name} ${value}`)];
}

const shownOf = (value: unknown): string => (typeof value === 'number' ? formatDuration(value) : String(value));

/** What a reader changes of the run: faults off, moved, longer or added, and knobs. Each change is run at once. */
import { type Duration, formatDuration, formatInstant } from '../../../src/time.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import type { BoardActions } from './board/board.ts';
import { spanOf } from './board/faults.ts';
import type { EditActions } from './panels/what-if.ts';
import type { Reruns } from './rerun.ts';
import type { PageFault, State, Tried } from './state.ts';

type Fault = FaultPlan[number];

/** What is found by hand can be written down: to the millisecond. */
const GRAIN_US = 1_000;
const round = (time: number): number => Math.max(0, Math.round(time / GRAIN_US) * GRAIN_US);

export class Edits implements BoardActions, EditActions {
  readonly #state: State;
  readonly #reruns: Reruns;
  readonly #say: (text: string) => void;

  constructor(state: State, reruns: Reruns, say: (text: string) => void) {
    this.#state = state;
    this.#reruns = reruns;
    this.#say = say;
  }

  #ran(note = true): void {
    this.#state.changed();
    void this.#reruns.run(note);
  }

  reset(): void {
    this.load(
      this.#state.faults.map(() => true),
      false,
    );
    this.#state.view.compare = false;
    this.#say('Back to the recorded run');
  }

  toggle(index: number): void {
    const fault = this.#state.faults[index];
    if (fault === undefined || this.#state.core === null) return;
    fault.on = !fault.on;
    this.#ran();
  }

  /** The recorded faults where they were, some of them off; what was added goes. */
  load(on: readonly boolean[], note = true): void {
    const state = this.#state;
    state.faults = state.faults.flatMap((fault, i): PageFault[] =>
      fault.recorded === null ? [] : [{ ...fault, fault: fault.recorded, on: on[i] ?? true }],
    );
    state.knobs = {};
    this.#ran(note);
  }

  loadTried({ edit }: Tried): void {
    const state = this.#state;
    const left = [...edit.plan];
    // Which fault of the recorded plan each is, by what it hits; those that are left were added.
    state.faults = state.faults.flatMap((fault): PageFault[] => {
      const { recorded } = fault;
      if (recorded === null) return [];
      const place = left.findIndex(({ kind, target }) => kind === recorded.kind && target === recorded.target);
      return place < 0
        ? [{ ...fault, fault: recorded, on: false }]
        : [{ ...fault, fault: left.splice(place, 1)[0] as Fault, on: true }];
    });
    for (const fault of left) this.#push(fault);
    const { plan: _, ...knobs } = edit;
    state.knobs = { ...knobs };
    this.#ran(false);
  }

  set(index: number, changes: Readonly<Record<string, unknown>>): void {
    const fault = this.#state.faults[index];
    if (fault === undefined) return;
    fault.fault = changed(fault.fault, changes);
    this.#ran();
  }

  nudge(index: number, by: number, part: 'all' | 'end'): void {
    const fault = this.#state.faults[index];
    if (fault === undefined || this.#state.core === null || !fault.on) return;
    const lasts = spanOf(this.#state, index)?.lasts;
    if (part === 'all') this.set(index, { at: Math.max(0, this.#beginOf(index) + by) });
    else if (typeof lasts === 'string')
      this.set(index, { [lasts]: Math.max(GRAIN_US, Number(fault.fault[lasts]) + by) });
    const length =
      typeof lasts === 'string' ? `, ${lasts} ${formatDuration(Number(fault.fault[lasts]) as Duration)}` : '';
    this.#say(`${fault.name} at ${formatInstant(fault.fault.at)}${length}`);
  }

  drag(index: number, at: number, part: 'all' | 'end', done: boolean): void {
    const fault = this.#state.faults[index];
    if (fault === undefined) return;
    const lasts = spanOf(this.#state, index)?.lasts;
    if (part === 'all') fault.fault = changed(fault.fault, { at: round(at) });
    else if (typeof lasts === 'string')
      fault.fault = changed(fault.fault, { [lasts]: Math.max(GRAIN_US, round(at - this.#beginOf(index))) });
    this.#ran(done);
  }

  async add(kind: string, target: string): Promise<void> {
    const state = this.#state;
    try {
      const fault = await state.core?.ask('draw', { edit: state.edit, kind, target, at: Math.round(state.view.at) });
      if (fault === undefined) return;
      this.#push(fault);
      this.#ran();
    } catch (error) {
      state.error = `${kind} of ${target}: ${(error as Error).message}`;
      state.changed();
    }
  }

  remove(index: number): void {
    this.#state.faults.splice(index, 1);
    this.#ran(false);
  }

  knob(name: 'seed' | 'policy' | 'network', value: string | null): void {
    if (value === null) delete this.#state.knobs[name];
    else this.#state.knobs[name] = value;
    this.#ran();
  }

  #push(fault: Fault): void {
    const { faults } = this.#state;
    const last = Math.max(0, ...faults.map(({ name }) => Number(name.slice(1))));
    faults.push({ name: `F${last + 1}`, recorded: null, fault, on: true });
  }

  /** When it begins in the shown run, which for one that waits for a moment is not its time. */
  #beginOf(index: number): number {
    const span = spanOf(this.#state, index);
    return span?.happened === true ? span.begins : (this.#state.faults[index]?.fault.at ?? 0);
  }
}

/** A fault that was moved begins at its time, and waits for nothing. */
function changed(fault: Fault, changes: Readonly<Record<string, unknown>>): Fault {
  const { upon, ...rest } = { ...fault, ...changes } as Fault;
  return (upon === undefined || 'at' in changes ? rest : { ...rest, upon }) as Fault;
}

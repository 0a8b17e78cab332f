/// <reference lib="dom" />
/**
 * What the page tries by itself: the recorded run with every combination of its faults, or for a longer plan with each of
 * them away, and then the least that still breaks the same law. In the worker, one after the other; what is dragged goes
 * before, and what takes too long is left out and said to be.
 */
import type { FaultPlan } from '../../faults/plan.ts';
import type { Verdicted } from '../worker/words.ts';
import type { State } from './state.ts';

/** All combinations of so many faults. */
const ALL = 4;
/** More faults than that are not taken away one by one. */
const SINGLES = 48;
/** All of it in so much time, in milliseconds. */
const PATIENCE = 15_000;

export interface Column {
  /** Which of the recorded faults are on. */
  readonly on: readonly boolean[];
  readonly result: Verdicted | null;
}

export interface Start {
  readonly at: number;
  readonly breaks: boolean;
}

/** So many times over the whole run are tried for each of so many faults that it takes, within so many milliseconds. */
const STARTS = 64;
const STARTED = 3;
const STARTS_MS = 12_000;

export class Experiments {
  readonly columns: Column[] = [];
  /** Indexes of the faults that it takes; null before that is known, or where no law is broken. */
  accused: ReadonlySet<number> | null = null;
  /** Other sets of the same size. */
  others: readonly ReadonlySet<number>[] = [];
  /** It breaks with every fault switched off. */
  needsNone = false;
  runs = 0;
  /** Of a fault that it takes: whether it still breaks the law when it begins at these times instead. */
  readonly starts = new Map<number, readonly Start[]>();
  state: 'waiting' | 'running' | 'done' | 'late' = 'waiting';
  readonly #state: State;
  readonly #law: string | null;

  constructor(state: State) {
    this.#state = state;
    this.#law = state.recorded.breaches[0]?.law ?? (state.recorded.exceeded === null ? null : 'budget');
    const count = state.recorded.plan.length;
    const masks: boolean[][] = [];
    if (count <= ALL)
      for (let mask = 0; mask < 1 << count; mask++)
        masks.push(Array.from({ length: count }, (_, i) => ((mask >> i) & 1) === 1));
    else if (count <= SINGLES)
      masks.push(
        ...Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => j !== i)),
        Array.from({ length: count }, () => true),
      );
    masks.sort((a, b) => sum(a) - sum(b));
    this.columns = masks.map((on) => ({ on, result: null }));
  }

  get isWhole(): boolean {
    return this.#state.recorded.plan.length <= ALL;
  }

  async start(): Promise<void> {
    const { core, recorded } = this.#state;
    if (core === null) return;
    this.state = 'running';
    const until = performance.now() + PATIENCE;
    const isOver = (): boolean => performance.now() > until;
    const ask = (on: readonly boolean[]): Promise<Verdicted> => {
      this.runs++;
      return core.ask('verdict', { edit: { plan: recorded.plan.filter((_, i) => on[i]) } });
    };
    for (const [i, { on }] of this.columns.entries()) {
      if (isOver()) return this.#end('late');
      try {
        this.columns[i] = { on, result: await ask(on) };
      } catch {
        // A plan that the core cannot carry out has no verdict.
      }
      this.#state.changed();
    }
    if (this.#law === null) return this.#end('done');
    const breaks = ({ result }: Pick<Column, 'result'>): boolean => result?.law === this.#law;
    if (this.isWhole) {
      const bad = this.columns.filter(breaks);
      const least = Math.min(...bad.map(({ on }) => sum(on)));
      const smallest = bad.filter(({ on }) => sum(on) === least).map(({ on }) => setOf(on));
      this.accused = smallest[0] ?? null;
      this.others = smallest.slice(1);
    } else {
      // Groups are left out for as long as the law still breaks (Zeller's ddmin, without its complements).
      let on = recorded.plan.map(() => true);
      for (let group = Math.ceil(on.length / 2); group > 0; ) {
        let missed = false;
        const left = on.flatMap((is, i) => (is ? [i] : []));
        for (let from = 0; from < left.length; from += group) {
          if (isOver()) return this.#end('late');
          const out = new Set(left.slice(from, from + group));
          const without = on.map((is, i) => is && !out.has(i));
          if (!breaks({ result: await ask(without) })) continue;
          on = without;
          missed = true;
        }
        this.#state.changed();
        if (group > 1) group = Math.ceil(group / 2);
        else if (!missed) group = 0;
      }
      this.accused = setOf(on);
    }
    this.needsNone = this.accused?.size === 0;
    this.#end('done');
  }

  /** Behind everything else: when each fault that it takes could have begun as well. */
  async underline(): Promise<void> {
    const { core, recorded } = this.#state;
    if (core === null || this.accused === null) return;
    const took = this.columns.map(({ result }) => result?.took ?? 0).sort((a, b) => a - b);
    const usual = took[took.length >> 1] ?? 0;
    // What would take longer than that is left out: a part of it would look like an answer.
    if (usual * STARTS * Math.min(STARTED, this.accused.size) > STARTS_MS) return;
    for (const index of [...this.accused].slice(0, STARTED)) {
      const starts: Start[] = [];
      for (let i = 0; i < STARTS; i++) {
        const at = Math.round(((i + 0.5) / STARTS) * recorded.ended);
        const plan = recorded.plan.map((fault, j) => (j === index ? movedTo(fault, at) : fault));
        const result = await core.ask('verdict', { edit: { plan } }).catch(() => null);
        starts.push({ at, breaks: result?.law === this.#law });
        if (i % 16 === 15) {
          this.starts.set(index, [...starts]);
          this.#state.changed();
        }
      }
    }
  }

  #end(state: 'done' | 'late'): void {
    this.state = state;
    this.#state.changed();
  }
}

const sum = (on: readonly boolean[]): number => on.filter(Boolean).length;
const setOf = (on: readonly boolean[]): ReadonlySet<number> => new Set(on.flatMap((is, i) => (is ? [i] : [])));

/** The fault at another time, for which it waits and for nothing else. */
function movedTo(fault: FaultPlan[number], at: number): FaultPlan[number] {
  const { upon: _, ...rest } = fault;
  return { ...rest, at } as FaultPlan[number];
}

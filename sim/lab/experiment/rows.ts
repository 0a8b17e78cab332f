/**
 * The rows of an experiment, made where they are missing: asked for by cell and replication, in any order, and each made
 * once. Which rows there are depends on who asks, never on threads or on time; those of a journal count as made.
 */
import { type Cell, type Conditions, cellKey, type Values } from './experiment.ts';
import type { FromThread, Task, ToThread, Traced } from './task.ts';
import { Ended, Refused, type Threads } from './threads.ts';

/** Consecutive replications of one cell that are done. */
export interface Done {
  readonly storm: string;
  readonly contender: string;
  readonly from: number;
  readonly values: readonly Values[];
}

/** What is heard of rows as they come. */
export interface Listener {
  /** Rows that were just made; not those that were there before. */
  made(done: Done, wallMs: number): void;
}

/** Wall time for which a thread is sent away: long enough to be worth a message, short enough to be even at the end. */
const PORTION_MS = 150;

export class Rows {
  readonly conditions: Conditions;
  readonly #threads: Threads;
  readonly #listener: Listener;
  readonly #made = new Map<string, Map<number, Values>>();
  readonly #asked = new Map<string, Map<number, Promise<void>>>();
  /** Wall time of a replication of a cell, as it was last. */
  readonly #paceMs = new Map<string, number>();

  constructor(conditions: Conditions, threads: Threads, listener: Listener, before: readonly Done[] = []) {
    this.conditions = conditions;
    this.#threads = threads;
    this.#listener = listener;
    for (const done of before) this.#keep(JSON.stringify([done.storm, done.contender]), done);
  }

  /** Waits until replications `from` to before `to` of a cell are there. Rejects with `Ended` when threads are ended. */
  async upTo(cell: Cell, to: number, from = 0): Promise<void> {
    const key = cellKey(cell);
    // The first one alone: how long it takes says how many go together.
    if (!this.#paceMs.has(key) && to - from > 1) await this.upTo(cell, from + 1, from);
    const asked = mapIn(this.#asked, key);
    const made = mapIn(this.#made, key);
    const waits = new Set<Promise<void>>();
    for (let at = from; at < to; ) {
      if (made.has(at)) {
        at++;
        continue;
      }
      let wait = asked.get(at);
      if (wait === undefined) {
        let end = at + 1;
        const most = at + this.#portion(key, to - from);
        while (end < Math.min(to, most) && !made.has(end) && !asked.has(end)) end++;
        wait = this.#make(cell, at, end - at);
        for (let each = at; each < end; each++) asked.set(each, wait);
        at = end;
      } else at++;
      waits.add(wait);
    }
    await Promise.all(waits);
  }

  /** Rows of a cell from `from` on, as many as are there without a gap, at most up to before `to`. */
  of(cell: Cell, to = Number.POSITIVE_INFINITY, from = 0): readonly Values[] {
    const made = mapIn(this.#made, cellKey(cell));
    const rows: Values[] = [];
    for (let at = from; at < to; at++) {
      const row = made.get(at);
      if (row === undefined) break;
      rows.push(row);
    }
    return rows;
  }

  async trace({ storm, entrant }: Cell, replication: number): Promise<Traced> {
    const { seed, fidelity } = this.conditions;
    const task = {
      storm: storm.storm,
      policy: entrant.policy,
      seed,
      fidelity,
      from: replication,
      trace: true,
    } as const;
    const answer = (await this.#perform(task, entrant.name)) as Extract<FromThread, { traced: unknown }>;
    return answer.traced;
  }

  /** How many replications go to a thread at once; what is left is shared out evenly. */
  #portion(key: string, all: number): number {
    const pace = this.#paceMs.get(key) ?? PORTION_MS;
    const worth = Math.max(1, Math.floor(PORTION_MS / Math.max(pace, 0.01)));
    return Math.min(worth, Math.max(1, Math.ceil(all / this.#threads.size)));
  }

  async #make(cell: Cell, from: number, count: number): Promise<void> {
    const { seed, fidelity, metrics } = this.conditions;
    const { storm, entrant } = cell;
    const task: Task = { storm: storm.storm, policy: entrant.policy, seed, fidelity, metrics, from, count };
    const answer = (await this.#perform(task, entrant.name)) as Extract<FromThread, { values: unknown }>;
    this.#paceMs.set(cellKey(cell), answer.wallMs / count);
    const values = Array.from({ length: count }, (_, nth) =>
      answer.values.slice(nth * metrics.length, (nth + 1) * metrics.length),
    );
    const done: Done = { storm: storm.name, contender: entrant.name, from, values };
    this.#keep(cellKey(cell), done);
    this.#listener.made(done, answer.wallMs);
  }

  /** Who cannot be run is named. */
  async #perform(task: ToThread, contender: string): Promise<FromThread> {
    try {
      return await this.#threads.perform(task);
    } catch (error) {
      throw error instanceof Refused ? new Refused(`${contender}: ${error.message}`) : error;
    }
  }

  #keep(key: string, { from, values }: Done): void {
    const made = mapIn(this.#made, key);
    for (const [nth, row] of values.entries()) made.set(from + nth, row);
  }
}

/** Runs what may be ended from outside: false when it was. */
export async function untilEnded(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Ended) return false;
    throw error;
  }
}

function mapIn<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const map = maps.get(key) ?? new Map<K, V>();
  maps.set(key, map);
  return map;
}

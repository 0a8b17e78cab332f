/// <reference lib="dom" />
/** Going through a run: to its breach, its story, a step's cause, what is odd. What a key reaches is spoken. */
import { formatInstant } from '../../../src/time.ts';
import { CLASS, FATE, type Model, SORT, textAt, whoAt } from '../model/model.ts';
import { storyRows } from './panels/story.ts';
import type { State } from './state.ts';

/** Beside the story on each side: of its length, and at the least. */
const BESIDE = 0.12;
const BESIDE_US = 30_000;

export class Walk {
  readonly #state: State;
  readonly #say: (text: string) => void;

  constructor(state: State, say: (text: string) => void) {
    this.#state = state;
    this.#say = say;
  }

  breach(): void {
    const [breach] = this.#state.run.breaches;
    if (breach === undefined) return;
    this.#state.select(breach.row);
    this.#state.view.at = breach.at;
    this.#state.reveal(breach.at);
    this.speak();
  }

  whole(): void {
    this.#state.show(0, this.#state.run.ended);
  }

  story(): void {
    const { run } = this.#state;
    const rows = storyRows(run);
    if (rows === null) {
      this.#state.show(0, Math.min(run.ended, busyUntil(run) * (1 + BESIDE / 2)));
      return;
    }
    const times = [...rows].map((row) => run.rows.at[row] as number);
    const from = Math.min(...times);
    const to = Math.max(...times, run.breaches[0]?.at ?? 0);
    const pad = Math.max((to - from) * BESIDE, BESIDE_US);
    this.#state.show(from - pad, to + pad);
  }

  cause(): void {
    const { run, view } = this.#state;
    const cause = (run.rows.cause[view.row] ?? 0) - 1;
    if (cause >= 0) this.#state.select(cause);
    this.speak();
  }

  /** To the next loss, hold, error or breach. */
  odd(by: 1 | -1): void {
    const { run, view } = this.#state;
    for (let row = view.row + by; row >= 0 && row < run.rows.count; row += by)
      if (isOdd(run, row)) {
        this.#state.select(row);
        this.speak();
        return;
      }
  }

  /** By a part of the window. */
  move(by: number): void {
    const { from, to } = this.#state.view;
    this.#state.show(from + by * (to - from), to + by * (to - from));
  }

  /** Around the cursor, if that is seen. */
  zoom(factor: number): void {
    const { from, to, at } = this.#state.view;
    const around = at >= from && at <= to ? at : (from + to) / 2;
    this.#state.show(around - (around - from) * factor, around + (to - around) * factor);
  }

  /** What the cursor stands on, for who does not see it. */
  speak(): void {
    const { run, view } = this.#state;
    if (view.row < 0) return;
    const broken = run.breaches.filter(({ row }) => row === view.row).map(({ law }) => `. ${law} is broken`);
    this.#say(
      `${formatInstant(view.at)}, ${whoAt(run.rows, view.row)} ${textAt(run.rows, view.row)}${broken.join('')}`,
    );
  }
}

/** What follows the last message and fault is only waited for. */
function busyUntil({ messages, faults }: Model): number {
  let last = Math.max(0, ...faults.map(({ ends }) => ends));
  for (let i = 0; i < messages.count; i++)
    if (messages.beat[i] === 0 && messages.class[i] !== CLASS.post) last = Math.max(last, messages.ends[i] as number);
  return last;
}

function isOdd(run: Model, row: number): boolean {
  const { rows, messages } = run;
  const message = rows.message[row] as number;
  const isLost = message >= 0 && messages.ended[message] === row && messages.fate[message] !== FATE.ok;
  return (
    isLost ||
    rows.sort[row] === SORT.fault ||
    rows.sort[row] === SORT.process ||
    run.breaches.some((breach) => breach.row === row) ||
    run.marks.some((mark) => mark.row === row)
  );
}

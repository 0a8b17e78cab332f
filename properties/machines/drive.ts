/**
 * Drives one machine by hand: a clock, its timers, fixed dice. What it asks for is noted, nothing is done about it; what
 * comes back is up to the test.
 */
import type { Machine } from '../../src/machine.ts';
import { at, type Instant, START } from '../../src/time.ts';

type AnyEffect = { readonly type: string };
type Of<Effect, Type> = Extract<Effect, { readonly type: Type }>;

export class Drive<Config, State, Event, Effect extends AnyEffect> {
  readonly state: State;
  now: Instant = START;
  /** Effects of the last step. */
  last: readonly Effect[] = [];
  readonly #machine: Machine<Config, State, Event, Effect>;
  readonly #timers = new Map<string, { readonly timer: string; readonly key: number; readonly at: number }>();
  #draws = 0;

  constructor(machine: Machine<Config, State, Event, Effect>, config: Config) {
    this.#machine = machine;
    this.state = machine.init(config);
  }

  /** Tells the machine something, now. */
  tell(event: Event): readonly Effect[] {
    const context = { now: this.now, random: () => Math.imul(++this.#draws, 2_654_435_761) >>> 0, newConn: () => 0 };
    this.last = this.#machine.step(this.state, event, context);
    for (const effect of this.last as readonly (AnyEffect & { timer?: string; key?: number; at?: number })[]) {
      const { type, timer = '', key = 0, at: due = 0 } = effect;
      if (type === 'setTimer') this.#timers.set(`${timer} ${key}`, { timer, key, at: due });
      else if (type === 'clearTimer') this.#timers.delete(`${timer} ${key}`);
    }
    return this.last;
  }

  /** A timer of the test's own, which `tell` hears of like those of the machine. */
  protected plan(timer: string, key: number, due: number): void {
    this.#timers.set(`${timer} ${key}`, { timer, key, at: due });
  }

  /** Names and keys of the pending timers. */
  timers(): string[] {
    return [...this.#timers.keys()].sort();
  }

  /** Lets time pass, and the timers that fall into it fire; returns all their effects. */
  pass(duration: number): Effect[] {
    const until = this.now + duration;
    const all: Effect[] = [];
    for (;;) {
      const due = [...this.#timers.values()].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(`${due.timer} ${due.key}`);
      this.now = at(Math.max(this.now, due.at));
      all.push(...this.tell({ type: 'timer', timer: due.timer, key: due.key } as Event));
    }
    this.now = at(until);
    this.last = all;
    return all;
  }

  /** Effects of one type of the last step. */
  effects<Type extends Effect['type']>(type: Type): readonly Of<Effect, Type>[] {
    return this.last.filter((effect): effect is Of<Effect, Type> => effect.type === type);
  }
}

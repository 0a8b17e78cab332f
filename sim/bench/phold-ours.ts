/**
 * PHOLD as pure machines on the agenda, on the path that an event of the universe takes: pop, slot, machine, `step`,
 * effects, push. Slots index parallel arrays of targets and events; states, events and effects are plain objects.
 *
 * A visit carries nothing, no more than it does in the C++ peers, so one value stands for all visits, as the events of
 * timers do in the universe. `oursFresh` makes a new object for every visit instead: it shows what the collector costs
 * when many events that carry data are pending.
 */
import type { Machine } from '../../src/machine.ts';
import { type Instant, START } from '../../src/time.ts';
import { Agenda } from '../core/agenda.ts';
import { checksum, delayOf, type Kernel, type Load, lcg, type Sample, targetOf, timed } from './workload.ts';

interface Config {
  readonly index: number;
  readonly processes: number;
  readonly fresh: boolean;
}

interface State {
  readonly config: Config;
  seed: number;
  visits: number;
}

interface Visit {
  readonly type: 'visit';
}

interface Send {
  readonly type: 'send';
  readonly target: number;
  readonly delay: number;
  readonly event: Visit;
}

const VISIT: Visit = { type: 'visit' };

const visitor: Machine<Config, State, Visit, Send> = {
  kind: 'visitor',
  init: (config) => ({ config, seed: config.index, visits: 0 }),
  step(state) {
    const draw = lcg(state.seed);
    const next = lcg(draw);
    state.seed = next;
    state.visits++;
    const { processes, fresh } = state.config;
    const event: Visit = fresh ? { type: 'visit' } : VISIT;
    return [{ type: 'send', target: targetOf(draw, processes), delay: delayOf(next), event }];
  },
};

/** The smallest universe: it pops an event, steps a machine, turns effects into events. */
class Universe {
  readonly states: State[] = [];
  readonly #machine = visitor;
  readonly #agenda = new Agenda();
  readonly #context = { now: START as Instant, newConn: () => 0, random: () => 0 };
  readonly #events: (Visit | null)[] = [];
  readonly #free: number[] = [];
  #targets = new Int32Array(256);
  #slots = 0;
  #order = 0;

  constructor({ processes, population }: Load, fresh: boolean) {
    for (let index = 0; index < processes; index++) this.states.push(this.#machine.init({ index, processes, fresh }));
    let seed = 1;
    for (let index = 0; index < population; index++) {
      seed = lcg(seed);
      this.#schedule(delayOf(seed), index % processes, fresh ? { type: 'visit' } : VISIT);
    }
  }

  run(events: number): void {
    const agenda = this.#agenda;
    for (let left = events; left > 0; left--) {
      const slot = agenda.pop();
      if (slot < 0) return;
      const now = agenda.at as Instant;
      const state = this.states[this.#targets[slot]!]!;
      const event = this.#events[slot]!;
      this.#events[slot] = null;
      this.#free.push(slot);
      this.#context.now = now;
      for (const effect of this.#machine.step(state, event, this.#context)) {
        this.#schedule(now + effect.delay, effect.target, effect.event);
      }
    }
  }

  #schedule(at: number, target: number, event: Visit): void {
    const slot = this.#free.pop() ?? this.#slots++;
    if (slot === this.#targets.length) this.#grow();
    this.#targets[slot] = target;
    this.#events[slot] = event;
    this.#agenda.push(at, this.#order++, slot);
  }

  #grow(): void {
    const targets = new Int32Array(this.#targets.length * 2);
    targets.set(this.#targets);
    this.#targets = targets;
  }
}

const kernel = (name: string, fresh: boolean): Kernel => ({
  name,
  run(load): Sample {
    const universe = new Universe(load, fresh);
    const ns = timed(load.events, () => universe.run(load.events));
    return { ns, checksum: checksum(universe.states) };
  },
});

/** Our kernel. */
export const ours = kernel('hangup', false);

/** Our kernel, with a new object for every event. */
export const oursFresh = kernel('new objects', true);

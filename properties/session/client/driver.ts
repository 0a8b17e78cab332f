/**
 * Drives one client by hand: a clock, its timers, dice, and a record of what it did. Everything that the client asks for
 * is noted, nothing is done about it; what comes back is up to the test.
 *
 * It steps either in place or on an immer draft with freezing. On a draft the effects leave the recipe as they are: one
 * that held a piece of the state would be a revoked proxy by the time it is looked at.
 */
import { Immer } from 'immer';
import { freezeDeep } from '../../../sim/core/record.ts';
import { WORLD_POLICY } from '../../../sim/session/scenarios/policy.ts';
import type { Context, Machine } from '../../../src/machine.ts';
import type { ClientConfig } from '../../../src/session/client/config.ts';
import { client } from '../../../src/session/client/session.ts';
import type { ClientEffect, ClientEvent, ClientState } from '../../../src/session/client/state.ts';
import { at, type Instant, minutes, ms, START, seconds } from '../../../src/time.ts';

export type ClientMachine = Machine<ClientConfig, ClientState, ClientEvent, ClientEffect>;
export type Mode = 'in place' | 'on a draft';

/** One step, as a witness sees it. */
export interface Step {
  readonly at: Instant;
  readonly event: ClientEvent;
  readonly effects: readonly ClientEffect[];
  /** What the state was, as JSON, and what it is. */
  readonly before: string;
  readonly after: ClientState;
  /** Names of the timers that are pending after the step, sorted. */
  readonly timers: readonly string[];
}

export type Watch = (step: Step) => void;

export const CONFIG: ClientConfig = {
  node: 'c1',
  connBase: 65_536,
  balancer: 'lb',
  auth: 'auth',
  protoMin: 1,
  protoMax: 1,
  policy: WORLD_POLICY,
  credit: 4096,
  ackEvery: 4,
  ackDelay: ms(50),
  connectTimeout: seconds(4),
  helloTimeout: seconds(5),
  tokenTimeout: seconds(3),
  refreshBefore: minutes(1),
  outboxBytes: 2000,
  outboxCount: 5,
};

const immer = new Immer({ autoFreeze: true });

interface Pending {
  readonly name: string;
  readonly key: number;
  readonly at: Instant;
  readonly order: number;
}

export class Driver {
  readonly config: ClientConfig;
  state: ClientState;
  now: Instant = START;
  /** FNV over every effect as JSON, with its time. */
  digest = 0x811c9dc5;
  readonly #machine: ClientMachine;
  readonly #mode: Mode;
  readonly #watches: readonly Watch[];
  readonly #timers = new Map<string, Pending>();
  readonly #draws = new Map<string, number>();
  #order = 0;

  constructor(
    options: { config?: Partial<ClientConfig>; machine?: ClientMachine; mode?: Mode; watches?: readonly Watch[] } = {},
  ) {
    this.config = { ...CONFIG, ...options.config };
    this.#machine = options.machine ?? client;
    this.#mode = options.mode ?? 'in place';
    this.#watches = options.watches ?? [];
    this.state = this.#machine.init(this.config);
  }

  /** Tells the client something, now. */
  tell(event: ClientEvent): readonly ClientEffect[] {
    if (event.type === 'timer') this.#timers.delete(`${event.timer} ${event.key}`);
    const before = this.#watches.length > 0 ? JSON.stringify(this.state) : '';
    const effects = this.#step(event);
    for (const effect of effects) this.#note(effect);
    for (const watch of this.#watches) {
      watch({ at: this.now, event, effects, before, after: this.state, timers: this.timers() });
    }
    return effects;
  }

  /** Names of the pending timers. */
  timers(): string[] {
    return [...this.#timers.keys()].sort();
  }

  /** When the next timer fires, or null. */
  next(): Pending | null {
    let first: Pending | null = null;
    for (const timer of this.#timers.values()) {
      if (first === null || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  }

  /** Lets the next timer fire, `late` after its time. */
  fire(late = 0): readonly ClientEffect[] {
    const timer = this.next();
    if (timer === null) return [];
    this.now = at(Math.max(this.now, timer.at) + late);
    return this.tell({ type: 'timer', timer: timer.name, key: timer.key });
  }

  /** Moves the clock, which fires nothing. */
  pass(duration: number): void {
    this.now = at(this.now + duration);
  }

  #step(event: ClientEvent): readonly ClientEffect[] {
    const context: Context = { now: this.now, random: (purpose) => this.#draw(purpose), newConn: () => 0 };
    if (this.#mode === 'in place') return this.#machine.step(this.state, event, context);
    let effects: readonly ClientEffect[] = [];
    freezeDeep(event);
    this.state = immer.produce(this.state, (draft) => {
      effects = this.#machine.step(draft as ClientState, event, context);
    });
    return freezeDeep(effects);
  }

  #note(effect: ClientEffect): void {
    const text = `${this.now} ${JSON.stringify(effect)}`;
    for (let i = 0; i < text.length; i++) this.digest = Math.imul(this.digest ^ text.charCodeAt(i), 0x01000193) >>> 0;
    if (effect.type === 'setTimer') {
      const { timer: name, key } = effect;
      this.#timers.set(`${name} ${key}`, { name, key, at: effect.at, order: this.#order++ });
    } else if (effect.type === 'clearTimer') this.#timers.delete(`${effect.timer} ${effect.key}`);
  }

  /** Keyed dice: a hash of the purpose and of how often it was asked. */
  #draw(purpose: string): number {
    const count = (this.#draws.get(purpose) ?? 0) + 1;
    this.#draws.set(purpose, count);
    let hash = 0x9e3779b9 ^ Math.imul(count, 0x85ebca6b);
    for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    return (hash ^ (hash >>> 15)) >>> 0;
  }
}

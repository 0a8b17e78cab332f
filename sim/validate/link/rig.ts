/**
 * A bench for the link machine alone: two ends, an agenda, and nothing else. Whoever measures plays both applications.
 */
import type { LinkConfig, PathConfig } from '../../../src/link/config.ts';
import { link } from '../../../src/link/link.ts';
import type { LinkState } from '../../../src/link/tcp/state.ts';
import type { End, LinkEffect, LinkEvent } from '../../../src/link/vocabulary.ts';
import type { Ratio } from '../../../src/machine.ts';
import { type Instant, us, ZERO } from '../../../src/time.ts';
import type { TransportEvent } from '../../../src/transport.ts';
import { Agenda } from '../../core/agenda.ts';
import { dice } from '../../core/dice.ts';

/** Conditions of a measurement, in the units of the reference. */
export interface Conditions {
  /** Two-way delay in milliseconds. */
  readonly rtt: number;
  /** Per cent, in each direction. */
  readonly loss?: number;
  /** Towards end 0, in Mbit/s; 0 for no limit. */
  readonly mbps?: number;
  readonly handshakeRoundTrips?: number;
}

const NO_FRAME = { type: 'PING', nonce: 0 } as const;

export class Rig {
  /** Virtual time in milliseconds. */
  now = 0;
  /** What an end hears, as it hears it. */
  hear: (end: End, event: TransportEvent) => void = () => {};
  readonly #config: LinkConfig;
  readonly #state: LinkState;
  readonly #context: { now: Instant; random(purpose: string): number; newConn(): number };
  readonly #agenda = new Agenda();
  readonly #acts: (() => void)[] = [];
  readonly #free: number[] = [];
  readonly #timers = new Map<string, number>();
  #order = 0;

  constructor(conditions: Conditions, seed: string) {
    const luck = dice(seed);
    this.#config = configOf(conditions);
    this.#state = link.init(this.#config);
    this.#context = { now: 0 as Instant, random: (purpose) => luck.stream(purpose)(), newConn: () => 0 };
  }

  /** The state of the link, to look at. */
  peek(): LinkState {
    return this.#state;
  }

  /** Does something at a time in milliseconds. */
  at(time: number, act: () => void): void {
    this.#plan(Math.round(time * 1000), act);
  }

  /** Tells the link something, now. */
  tell(event: LinkEvent): void {
    for (const effect of link.step(this.#state, event, this.#context)) this.#carryOut(effect);
  }

  /** A message of that size from an end; its number comes back in `hear` as the nonce. */
  send(end: End, bytes: number, number = 0): void {
    this.tell({ type: 'send', end, conn: 1, payload: { ...NO_FRAME, nonce: number }, bytes });
  }

  /** Runs until nothing is pending or `until` (milliseconds) has come. */
  run(until = 1e9): void {
    for (;;) {
      const slot = this.#agenda.pop();
      if (slot < 0) return;
      const act = this.#acts[slot] as () => void;
      this.#free.push(slot);
      this.#context.now = this.#agenda.at as Instant;
      this.now = this.#agenda.at / 1000;
      if (this.now > until) return;
      act();
    }
  }

  /** Dials, accepts, and goes on as soon as the connection is open. */
  open(then: () => void): void {
    const before = this.hear;
    this.hear = (end, event) => {
      if (event.type === 'incoming') this.tell({ type: 'accept', end: 1, conn: 1 });
      else if (event.type === 'opened') {
        this.hear = before;
        then();
      } else before(end, event);
    };
    this.tell({ type: 'dial', end: 0, conn: 1 });
  }

  #plan(at: number, act: () => void): void {
    const slot = this.#free.pop() ?? this.#acts.length;
    this.#acts[slot] = act;
    this.#agenda.push(Math.max(at, this.#context.now), ++this.#order, slot);
  }

  #carryOut(effect: LinkEffect): void {
    if (effect.type === 'arrive') this.#plan(effect.at, () => this.hear(effect.end, effect.event));
    else if (effect.type === 'setTimer') {
      const { timer, key, at } = effect;
      const name = `${timer}/${key}`;
      const generation = ++this.#order;
      this.#timers.set(name, generation);
      this.#plan(at, () => {
        if (this.#timers.get(name) === generation) this.tell({ type: 'timer', timer, key });
      });
    } else if (effect.type === 'clearTimer') this.#timers.delete(`${effect.timer}/${effect.key}`);
  }
}

const share = (percent: number): Ratio =>
  percent === 0 ? { num: 0, of: 1 } : { num: Math.round(percent * 10), of: 1000 };

/**
 * The emulator of the reference delivers that much late (measured without loss, microseconds). It decides whether what is
 * sent at the instant of an acknowledgement goes out before or after it.
 */
const LATE = 80;

function configOf({ rtt, loss = 0, mbps = 0, handshakeRoundTrips = 2 }: Conditions): LinkConfig {
  const path = (rate: number): PathConfig => ({
    delay: us((rtt * 1000) / 2 + LATE),
    jitter: ZERO,
    rate,
    queue: 65_536,
    loss: share(loss),
    bursts: null,
    trace: null,
  });
  return { node: 'rig', ends: ['a', 'b'], up: path(0), down: path((mbps * 1_000_000) / 8), handshakeRoundTrips };
}

/** The value below which that share of the values lies; Infinity for what never came. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

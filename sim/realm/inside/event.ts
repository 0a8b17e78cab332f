/**
 * An event of the DOM (https://dom.spec.whatwg.org/#interface-event).
 *
 * What an event is and where it is in its dispatch stands in one object beside it, which only this room can reach.
 */
import type { EventTarget } from './event-target.ts';
import { constants, dictionary, needs } from './idl.ts';
import type { Inside } from './inside.ts';

export interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

/** Where an event is. */
export interface EventState {
  type: string;
  bubbles: boolean;
  cancelable: boolean;
  readonly composed: boolean;
  readonly time: number;
  /** Made by the platform and not by a script. */
  trusted: boolean;
  target: EventTarget | null;
  current: EventTarget | null;
  phase: 0 | 1 | 2 | 3;
  /** The target first, then its parents; empty when it is not being dispatched. */
  path: readonly EventTarget[];
  dispatched: boolean;
  stopped: boolean;
  stoppedAtOnce: boolean;
  canceled: boolean;
  passive: boolean;
  /** Made by a constructor, or by `initEvent` since. */
  initialized: boolean;
}

let inside: Inside;
/** What stands beside an event. */
export let stateOf: (event: Event) => EventState;
let trusts = false;

export class Event {
  readonly #state: EventState;

  static {
    stateOf = (event) => event.#state;
  }

  constructor(type: string, init?: EventInit) {
    needs(1, arguments.length, "construct 'Event'");
    const { bubbles, cancelable, composed } = dictionary<EventInit>(init, "construct 'Event'");
    this.#state = {
      type: typeof type === 'string' ? type : `${type}`,
      bubbles: Boolean(bubbles),
      cancelable: Boolean(cancelable),
      composed: Boolean(composed),
      time: inside.host.uptime(),
      trusted: trusts,
      target: null,
      current: null,
      phase: 0,
      path: NOWHERE,
      dispatched: false,
      stopped: false,
      stoppedAtOnce: false,
      canceled: false,
      passive: false,
      initialized: true,
    };
    // Unforgeable, so it stands on each event: `JSON.stringify` of one shows just this.
    Object.defineProperty(this, 'isTrusted', TRUSTED);
  }

  declare readonly isTrusted: boolean;

  get type(): string {
    return this.#state.type;
  }
  get target(): EventTarget | null {
    return this.#state.target;
  }
  get srcElement(): EventTarget | null {
    return this.#state.target;
  }
  get currentTarget(): EventTarget | null {
    return this.#state.current;
  }
  composedPath(): EventTarget[] {
    return this.#state.current === null ? [] : [...this.#state.path];
  }
  get eventPhase(): number {
    return this.#state.phase;
  }
  stopPropagation(): void {
    this.#state.stopped = true;
  }
  get cancelBubble(): boolean {
    return this.#state.stopped;
  }
  set cancelBubble(value: unknown) {
    if (value) this.#state.stopped = true;
  }
  stopImmediatePropagation(): void {
    this.#state.stopped = true;
    this.#state.stoppedAtOnce = true;
  }
  get bubbles(): boolean {
    return this.#state.bubbles;
  }
  get cancelable(): boolean {
    return this.#state.cancelable;
  }
  get returnValue(): unknown {
    return !this.#state.canceled;
  }
  set returnValue(value: unknown) {
    if (!value) cancel(this.#state);
  }
  preventDefault(): void {
    cancel(this.#state);
  }
  get defaultPrevented(): boolean {
    return this.#state.canceled;
  }
  get composed(): boolean {
    return this.#state.composed;
  }
  get timeStamp(): number {
    return this.#state.time;
  }
  initEvent(type: string, bubbles: unknown = false, cancelable: unknown = false): void {
    needs(1, arguments.length, "execute 'initEvent' on 'Event'");
    const state = this.#state;
    if (state.dispatched) return;
    Object.assign(state, CLEAN, { type: `${type}`, bubbles: Boolean(bubbles), cancelable: Boolean(cancelable) });
  }
}

const NOWHERE: readonly EventTarget[] = [];
const CLEAN = {
  initialized: true,
  stopped: false,
  stoppedAtOnce: false,
  canceled: false,
  trusted: false,
  target: null,
};

/** One getter for all events, as engines have it. */
const { get: isTrusted } = Object.getOwnPropertyDescriptor(
  {
    get isTrusted(): boolean {
      return stateOf(this as unknown as Event).trusted;
    },
  },
  'isTrusted',
) as { get(): boolean };
const TRUSTED = { get: isTrusted, enumerable: true, configurable: false };

export function cancel(state: EventState): void {
  if (state.cancelable && !state.passive) state.canceled = true;
}

/** An event that the platform makes. */
export function trusted<E extends Event>(make: () => E): E {
  trusts = true;
  try {
    return make();
  } finally {
    trusts = false;
  }
}

constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

export function installEvent(given: Inside): void {
  inside = given;
}

/**
 * Events of the DOM (https://dom.spec.whatwg.org/#interface-event), and the kinds of them that a page or a process hears.
 *
 * What an event is and where it is in its dispatch stands in one object beside it, which only this room can reach.
 */
import type { EventTarget } from './event-target.ts';
import { constants, dictionary, dress, needs, usv } from './idl.ts';
import { define, type Inside } from './inside.ts';

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

interface MessageInit extends EventInit {
  data?: unknown;
  origin?: string;
  lastEventId?: string;
  source?: unknown;
  ports?: Iterable<unknown>;
}

export class MessageEvent extends Event {
  readonly #data: unknown;
  readonly #origin: string;
  readonly #lastEventId: string;
  readonly #source: unknown;
  readonly #ports: readonly unknown[];

  constructor(type: string, init?: MessageInit) {
    needs(1, arguments.length, "construct 'MessageEvent'");
    super(type, init);
    const { data = null, origin = '', lastEventId = '', source = null, ports } = dictionary<MessageInit>(init, '');
    this.#data = data;
    this.#origin = usv(origin);
    this.#lastEventId = `${lastEventId}`;
    this.#source = source;
    this.#ports = ports === undefined ? NO_PORTS : Object.freeze([...ports]);
  }

  get data(): unknown {
    return this.#data;
  }
  get origin(): string {
    return this.#origin;
  }
  get lastEventId(): string {
    return this.#lastEventId;
  }
  get source(): unknown {
    return this.#source;
  }
  get ports(): readonly unknown[] {
    return this.#ports;
  }
}

const NO_PORTS: readonly unknown[] = Object.freeze([]);

interface CloseInit extends EventInit {
  wasClean?: boolean;
  code?: number;
  reason?: string;
}

export class CloseEvent extends Event {
  readonly #clean: boolean;
  readonly #code: number;
  readonly #reason: string;

  constructor(type: string, init?: CloseInit) {
    needs(1, arguments.length, "construct 'CloseEvent'");
    super(type, init);
    const { wasClean = false, code = 0, reason = '' } = dictionary<CloseInit>(init, '');
    this.#clean = Boolean(wasClean);
    this.#code = Number(code) & 65_535;
    this.#reason = usv(reason);
  }

  get wasClean(): boolean {
    return this.#clean;
  }
  get code(): number {
    return this.#code;
  }
  get reason(): string {
    return this.#reason;
  }
}

interface ErrorInit extends EventInit {
  message?: string;
  filename?: string;
  lineno?: number;
  colno?: number;
  error?: unknown;
}

export class ErrorEvent extends Event {
  readonly #init: Readonly<Required<Omit<ErrorInit, keyof EventInit>>>;

  constructor(type: string, init?: ErrorInit) {
    needs(1, arguments.length, "construct 'ErrorEvent'");
    super(type, init);
    const { message = '', filename = '', lineno = 0, colno = 0, error } = dictionary<ErrorInit>(init, '');
    this.#init = { message: `${message}`, filename: usv(filename), lineno: lineno >>> 0, colno: colno >>> 0, error };
  }

  get message(): string {
    return this.#init.message;
  }
  get filename(): string {
    return this.#init.filename;
  }
  get lineno(): number {
    return this.#init.lineno;
  }
  get colno(): number {
    return this.#init.colno;
  }
  get error(): unknown {
    return this.#init.error;
  }
}

export class CustomEvent extends Event {
  #detail: unknown;

  constructor(type: string, init?: EventInit & { detail?: unknown }) {
    needs(1, arguments.length, "construct 'CustomEvent'");
    super(type, init);
    const { detail = null } = dictionary<{ detail: unknown }>(init, '');
    this.#detail = detail;
  }

  get detail(): unknown {
    return this.#detail;
  }
  initCustomEvent(type: string, bubbles: unknown = false, cancelable: unknown = false, detail: unknown = null): void {
    needs(1, arguments.length, "execute 'initCustomEvent' on 'CustomEvent'");
    if (stateOf(this).dispatched) return;
    this.initEvent(type, bubbles, cancelable);
    this.#detail = detail;
  }
}

interface ProgressInit extends EventInit {
  lengthComputable?: boolean;
  loaded?: number;
  total?: number;
}

export class ProgressEvent extends Event {
  readonly #init: Readonly<Required<Omit<ProgressInit, keyof EventInit>>>;

  constructor(type: string, init?: ProgressInit) {
    needs(1, arguments.length, "construct 'ProgressEvent'");
    super(type, init);
    const { lengthComputable = false, loaded = 0, total = 0 } = dictionary<ProgressInit>(init, '');
    this.#init = { lengthComputable: Boolean(lengthComputable), loaded: Number(loaded), total: Number(total) };
  }

  get lengthComputable(): boolean {
    return this.#init.lengthComputable;
  }
  get loaded(): number {
    return this.#init.loaded;
  }
  get total(): number {
    return this.#init.total;
  }
}

const KINDS = { Event, MessageEvent, CloseEvent, ErrorEvent, CustomEvent, ProgressEvent };

constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });
dress(KINDS);

export function installEvents(given: Inside): void {
  inside = given;
  // Node has those that its own classes need.
  const { CustomEvent: custom, ErrorEvent: error, ProgressEvent: progress, ...both } = KINDS;
  for (const [name, kind] of Object.entries(both)) define(name, kind);
  define('CustomEvent', custom);
  if (given.profile === 'browser') {
    define('ErrorEvent', error);
    define('ProgressEvent', progress);
  }
}

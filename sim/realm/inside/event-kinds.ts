/** The kinds of events that a page or a process hears: of messages, of what has closed, of errors, of progress, of a script's own. */
import { Event, type EventInit, installEvent, stateOf } from './event.ts';
import { dictionary, dress, needs, usv } from './idl.ts';
import { define, type Inside } from './inside.ts';

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

dress(KINDS);

export function installEvents(given: Inside): void {
  installEvent(given);
  // Node has those that its own classes need.
  const { CustomEvent: custom, ErrorEvent: error, ProgressEvent: progress, ...both } = KINDS;
  for (const [name, kind] of Object.entries(both)) define(name, kind);
  define('CustomEvent', custom);
  if (given.profile === 'browser') {
    define('ErrorEvent', error);
    define('ProgressEvent', progress);
  }
}

/**
 * A process of somebody's own code, as a machine: a realm, its timers, and what its platform does for it.
 *
 * An event reaches the code inside, which runs until it has nothing more to do now; what it asked for meanwhile leaves as
 * effects, in order, when its step is over. Its timers are the kernel's, so they are late while it is paused and gone when
 * it dies. What differs between a page and a Node process stands in their `Platform`s: whatever happens to a process that
 * is not told here is for that.
 */
import type { BoundaryEffect, ExitEffect, ReloadEffect } from '../../src/boundary.ts';
import type { Held } from '../../src/history.ts';
import { type Context, type Machine, NOTHING } from '../../src/machine.ts';
import type { BesideEffect, PostEffect } from '../../src/post.ts';
import { after, type Duration, type Instant, ms, START } from '../../src/time.ts';
import type { ConnId, TimerEffect, TransportEffect } from '../../src/transport.ts';
import { vouched } from '../core/spoken.ts';
import type { Bundle } from '../realm/bundle.ts';
import { type Host, type Millis, NO_HOST, type Port, type Profile } from '../realm/host.ts';
import { giveBack, type Realm, takeRealm } from '../realm/realm.ts';
import { factOf } from './facts.ts';
import { followPromises, leavePromises, steps } from './promise-hooks.ts';
import { rejectionsOf, unwatchRejections, watchRejections } from './rejections.ts';

/** 2026-01-01T00:00:00Z: the wall clock of every host when a run begins, in milliseconds. */
const EPOCH: Millis = 1_767_225_600_000;

/** What a process runs, and on what. */
// biome-ignore lint/suspicious/noExplicitAny: only its platform reads the options of a process.
export interface ProcessConfig<Options = any> {
  readonly profile: Profile;
  readonly module: Pick<Bundle, 'script' | 'place'>;
  /** What its platform does for it; made anew for each life. */
  readonly platform: (life: Life, options: Options) => Platform;
  readonly options: Options;
  /** Whether it runs as soon as its host does (`started`), as a server, or when its application says `start`. Default true. */
  readonly starts?: boolean;
}

/** What a platform may ask for during a step, for the life that it belongs to. */
export interface Life {
  readonly port: Port;
  /** The present of the step. */
  readonly now: Instant;
  random(purpose: string): number;
  newConn(): ConnId;
  emit(effect: Effect): void;
  /** A timer of the platform's own, which comes back as an event `timer`; not called `task`, as those of the code are. */
  setTimer(timer: string, key: number, delay: Duration): void;
  clearTimer(timer: string, key: number): void;
  /** The code inside is gone: whatever still runs of it, nobody sees. */
  mute(): void;
}

/** A browser for its page, or a kernel for its process. */
export interface Platform {
  /** What it answers of what the inside asks. Whatever is left out is none of this profile's, and does nothing. */
  readonly host: Partial<Host>;
  /** What was stored before this life: pairs of key and value. */
  readonly local?: readonly string[];
  readonly session?: readonly string[];
  /** Any event but its code's timers, its console's and the story's calls: of connections, of the device, of its own timers. */
  event(event: AnyEvent): void;
  /** The step is over: what was kept for its end leaves now. */
  flush?(): void;
}

/** Whatever happens to a process; its platform knows the shapes of what is for it. */
export interface AnyEvent {
  readonly type: string;
}

/** What a process does to the world. */
export type Effect =
  | TransportEffect
  | TimerEffect
  | PostEffect
  | BesideEffect
  | BoundaryEffect
  | ExitEffect
  | ReloadEffect;

type Known =
  | { readonly type: 'started' }
  | { readonly type: 'start' }
  | { readonly type: 'timer'; readonly timer: string; readonly key: number }
  /** The wall clock of its host is so far ahead of the right time from now on. */
  | { readonly type: 'clock'; readonly ahead: number }
  /** The story calls an exported function; `args` is JSON. */
  | { readonly type: 'call'; readonly name: string; readonly args: string }
  /** The application behind it leaves: so does its code, if it exports `leave`. */
  | { readonly type: 'leave' }
  /** Somebody wants to know what it holds. */
  | { readonly type: 'holds' };

/** The state of a process: one life, whose realm is there from its start on. */
export class Process implements Life {
  readonly config: ProcessConfig;
  platform: Platform | null = null;
  readonly #realm: Realm;
  #context: Context = NOWHERE;
  #effects: Effect[] = [];
  #born: Instant = START;
  #ahead = 0;
  #stepping = false;
  /** Its module ran to its end: what that threw instead was told, and it exports nothing. */
  #loaded = false;

  constructor(config: ProcessConfig) {
    this.config = config;
    this.#realm = takeRealm(config.profile);
  }

  /** Its module ran to its end. */
  get loaded(): boolean {
    return this.#loaded;
  }

  get port(): Port {
    return this.#realm.port;
  }

  get now(): Instant {
    return this.#context.now;
  }

  random(purpose: string): number {
    return this.#context.random(purpose);
  }

  newConn(): ConnId {
    return this.#context.newConn();
  }

  emit(effect: Effect): void {
    this.#effects.push(effect);
  }

  setTimer(timer: string, key: number, delay: Duration): void {
    this.emit({ type: 'setTimer', timer, key, at: after(this.now, delay) });
  }

  clearTimer(timer: string, key: number): void {
    this.emit({ type: 'clearTimer', timer, key });
  }

  mute(): void {
    this.#realm.mute();
  }

  step(event: AnyEvent, context: Context): readonly Effect[] {
    this.#context = context;
    this.#effects = [];
    this.#stepping = true;
    steps(this.#realm);
    this.#take(event as Known);
    // What the inside's own handlers of rejections do may lead to more of them.
    for (let noted = rejectionsOf(this.#realm); noted.length > 0; noted = rejectionsOf(this.#realm))
      for (const { reason, promise, handled } of noted)
        if (handled) this.port.handled(reason, promise);
        else this.port.rejected(reason, promise);
    this.platform?.flush?.();
    this.#stepping = false;
    steps(null);
    return this.#effects.length === 0 ? NOTHING : this.#effects;
  }

  #take(event: Known): void {
    switch (event.type) {
      case 'started':
        if (this.config.starts !== false) this.#boot();
        return;
      case 'start':
        this.#boot();
        return;
      case 'timer':
        if (event.timer === 'task') this.port.timer(event.key);
        else this.platform?.event(event);
        return;
      case 'clock':
        this.#ahead = event.ahead;
        return;
      case 'call':
        if (this.#loaded && !this.port.call(event.name, event.args)) throw new Error(missing(event.name));
        return;
      case 'leave':
        // Whoever has nothing to say is gone with its page.
        if (!(this.#loaded && this.port.call('leave', '[]'))) this.platform?.event({ type: 'unload' });
        return;
      case 'holds':
        this.emit({ type: 'held', ...heldOf(this.port.held(), this.config.module.place) });
        return;
      default:
        this.platform?.event(event);
    }
  }

  /** Its code begins to run. */
  #boot(): void {
    if (this.platform !== null) return;
    this.#born = this.now;
    const { platform: make, options, module } = this.config;
    const platform = make(this, options);
    this.platform = platform;
    const draw = (): number => this.random('realm');
    this.#realm.begin(
      module.script,
      { ...NO_HOST, ...this.#host(), ...platform.host },
      [draw(), draw(), draw()],
      platform.local ?? [],
      platform.session ?? [],
    );
    watchRejections(this.#realm);
    this.#loaded = this.#realm.run();
  }

  /** What any process may ask for. */
  #host(): Partial<Host> {
    return {
      now: () => EPOCH + (this.now + this.#ahead) / 1000,
      uptime: () => (this.now - this.#born) / 1000,
      setTimer: (timer, delay) => this.setTimer('task', timer, ms(delay)),
      clearTimer: (timer) => this.clearTimer('task', timer),
      console: (level, text) => this.emit({ type: 'console', level, text: this.config.module.place(text) }),
      uncaught: (how, error, stack) => {
        const { place } = this.config.module;
        this.emit({ type: 'uncaught', how, error: place(error), stack: place(stack) });
      },
      promises: () => followPromises(this.#realm),
      probe: (fact, first, second) => this.emit(factOf(fact, first, second)),
    };
  }

  /** The life is over. A realm that was left in the middle of something is of no more use. */
  end(): void {
    if (!this.#stepping) this.#realm.silence();
    leavePromises(this.#realm);
    unwatchRejections(this.#realm);
    if (!this.#stepping) giveBack(this.#realm);
  }
}

/** A machine of somebody's own code; `kind` is what it models: `client`, `server`. */
export const processMachine = (kind: string): Machine<ProcessConfig, Process, AnyEvent, Effect> =>
  vouched({
    kind,
    opaque: true,
    init: (config) => new Process(config),
    step: (process, event, context) => process.step(event, context),
    dispose: (process) => process.end(),
  });

/** The context of a process that has not taken a step. */
const NOWHERE: Context = {
  now: START,
  random: () => 0,
  newConn: () => 0,
};

const missing = (name: string): string => `the story calls \`${name}\`, which its module does not export as a function`;

function heldOf(pairs: readonly string[], place: (text: string) => string): Held {
  const held: Record<string, string[]> = { timers: [], sockets: [], listeners: [] };
  for (let i = 0; i < pairs.length; i += 2) held[pairs[i] as string]?.push(place(pairs[i + 1] as string));
  return held as unknown as Held;
}

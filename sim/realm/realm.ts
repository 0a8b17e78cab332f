/**
 * A realm, seen from the host: a context of its own with its own intrinsics, and nothing of Node in it.
 *
 * Its promises have their own queue, which nobody empties by themselves: an evaluation in the context does so at its end,
 * and that of an empty script is a checkpoint, in about a microsecond. A realm serves one life after another; each begins
 * with all globals as they were, or in a new realm where they cannot be put back.
 */
import { type Context, constants, createContext, Script } from 'node:vm';
import { bootScript } from './boot.ts';
import { type Host, NO_HOST, type Port, type Profile } from './host.ts';

const EMPTY = new Script('', { filename: 'hangup:checkpoint' });
const PROMISE = new Script('Promise', { filename: 'hangup:promise' });

export class Realm {
  readonly profile: Profile;
  readonly port: Port;
  /** Its own intrinsic: whose promise one is, is told by it. */
  readonly Promise: PromiseConstructor;
  /** What this life runs; null before the first. */
  #script: Script | null = null;
  readonly #context: Context;
  /** The object that the inside asks; what it does changes with each life. */
  readonly #wall: Host;

  constructor(profile: Profile) {
    this.profile = profile;
    this.#context = createContext(
      // Typed for objects only: https://nodejs.org/api/vm.html#vmconstantsdont_contextify
      constants.DONT_CONTEXTIFY as unknown as object,
      { microtaskMode: 'afterEvaluate', codeGeneration: { strings: true, wasm: false } },
    );
    this.#wall = Object.create(null) as Host;
    this.#wall.drain = () => this.drain();
    this.Promise = PROMISE.runInContext(this.#context) as PromiseConstructor;
    this.port = bootScript(profile).runInContext(this.#context)(this.#wall) as Port;
  }

  /** A life begins, in which that script will run: from now on the inside asks `host`. */
  begin(script: Script, host: Omit<Host, 'drain'>, ...begin: Parameters<Port['begin']>): void {
    this.#script = script;
    // Before anything is different: what is learned is what the next life finds.
    if (!fresh && (spoilt.get(script) ?? 0) < SPOILT_MAX) this.port.learn();
    Object.assign(this.#wall, host);
    this.port.begin(...begin);
  }

  /** Runs the user's module, as `bundle` makes them; false when it threw. */
  run(): boolean {
    return this.port.load((this.#script as Script).runInContext(this.#context));
  }

  /** The life is over: whatever it still has in its queue runs here, where nobody hears it, and not in the next one. */
  silence(): void {
    this.mute();
    this.drain();
  }

  /** Makes it what it was before its life; false where that cannot be done. */
  reset(): boolean {
    const script = this.#script;
    if (script === null) return true;
    const before = looks.get(script) ?? 0;
    const restored = this.port.reset(before < FIRST_LOOKS);
    if (before < FIRST_LOOKS) looks.set(script, before + 1);
    if (restored === 'spoilt') spoilt.set(script, (spoilt.get(script) ?? 0) + 1);
    return restored !== 'spoilt';
  }

  /** From now on nothing that its code asks for happens. */
  mute(): void {
    Object.assign(this.#wall, NO_HOST);
  }

  /** One microtask checkpoint. */
  drain(): void {
    EMPTY.runInContext(this.#context);
  }
}

/** How often everything was looked at behind the lives of a script. */
const looks = new WeakMap<Script, number>();
/** So often it is: what a module does to intrinsics it does when it is loaded, mostly. */
const FIRST_LOOKS = 4;
/** How often a script left a realm that could not be put back. */
const spoilt = new WeakMap<Script, number>();
/** One that did so that often does it each time, and its realms are not even looked at. */
const SPOILT_MAX = 2;

const pools: { readonly [P in Profile]: Realm[] } = { browser: [], node: [] };
/** More than that many realms at once are not kept for later: each takes about a megabyte. */
const KEPT = 16;
let fresh = false;

/** A realm in which nothing has happened yet: a new one, or one that is as it was when it was new. */
export function takeRealm(profile: Profile): Realm {
  if (fresh) return new Realm(profile);
  return pools[profile].pop() ?? new Realm(profile);
}

/** A life is over, and its realm may serve another one. */
export function giveBack(realm: Realm): void {
  if (fresh || pools[realm.profile].length >= KEPT) return;
  if (realm.reset()) pools[realm.profile].push(realm);
}

/**
 * Calls something whose realms are all new, and serve nobody afterwards. A run that comes to something else here than in
 * realms that were used before has a module that keeps something from one life to the next.
 */
export function freshly<T>(call: () => T): T {
  const before = fresh;
  fresh = true;
  try {
    return call();
  } finally {
    fresh = before;
  }
}

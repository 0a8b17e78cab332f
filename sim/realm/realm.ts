/**
 * A realm, seen from the host: a context of its own with its own intrinsics, and nothing of Node in it.
 *
 * Its promises have their own queue, which nobody empties by themselves: an evaluation in the context does so at its end,
 * and that of an empty script is a checkpoint, in about a microsecond. A realm serves one life after another; each begins
 * with all globals as they were, or in a new realm where they cannot be put back.
 */
import { type Context, constants, createContext, Script } from 'node:vm';
import { bootScript } from './boot.ts';
import type { Host, Port, Profile } from './host.ts';

const EMPTY = new Script('', { filename: 'hangup:checkpoint' });

export class Realm {
  readonly profile: Profile;
  readonly port: Port;
  /** Its own intrinsic: whose promise one is, is told by it. */
  readonly Promise: PromiseConstructor;
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
    this.Promise = new Script('Promise').runInContext(this.#context) as PromiseConstructor;
    this.port = bootScript(profile).runInContext(this.#context)(this.#wall) as Port;
  }

  /** A life begins: from now on the inside asks `host`. */
  begin(host: Omit<Host, 'drain'>, ...begin: Parameters<Port['begin']>): void {
    Object.assign(this.#wall, host);
    this.port.begin(...begin);
  }

  /** Runs a user's module, as `bundle` makes them; false when it threw. */
  run(script: Script): boolean {
    return this.port.load(script.runInContext(this.#context));
  }

  /** One microtask checkpoint. */
  drain(): void {
    EMPTY.runInContext(this.#context);
  }
}

const pools: Record<Profile, Realm[]> = { browser: [], node: [] };
/** More than that many realms at once are not kept for later: each takes about a megabyte. */
const KEPT = 16;

/** A realm in which nothing has happened yet. */
export const takeRealm = (profile: Profile): Realm => pools[profile].pop() ?? new Realm(profile);

/** A life is over, and its realm may serve another one. */
export function giveBack(realm: Realm): void {
  if (realm.port.reset() && pools[realm.profile].length < KEPT) pools[realm.profile].push(realm);
}

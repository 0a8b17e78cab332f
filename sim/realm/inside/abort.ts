/** AbortController and AbortSignal (https://dom.spec.whatwg.org/#aborting-ongoing-activities). */
import { DOMException } from './dom-exception.ts';
import { attributes, EventTarget, onAbort, tellOf } from './event-target.ts';
import { dress, needs } from './idl.ts';
import { define, type Inside } from './inside.ts';

let inside: Inside;
/** Nobody else can make one. */
const KEY = {};

let makeSignal: () => AbortSignal;
let abort: (signal: AbortSignal, reason: unknown) => void;
/** An algorithm of somebody in the platform, ahead of all listeners; throws for what is no signal. */
export let whenAborted: (signal: unknown, run: () => void) => AbortSignal;
export let forgetAborted: (signal: AbortSignal, run: () => void) => void;

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown = undefined;
  /** What is to be done before listeners hear of it, in the order in which it came. */
  #then: (() => void)[] | null = null;
  /** Signals that were made of this one by `any`. */
  #dependents: AbortSignal[] | null = null;
  #sources: readonly AbortSignal[] | null = null;

  constructor(key?: unknown) {
    if (key !== KEY) throw new TypeError("Failed to construct 'AbortSignal': Illegal constructor");
    super();
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal(KEY);
    signal.#aborted = true;
    signal.#reason = reason === undefined ? aborted() : reason;
    return signal;
  }

  static timeout(milliseconds: number): AbortSignal {
    needs(1, arguments.length, "execute 'timeout' on 'AbortSignal'");
    const delay = Math.trunc(Number(milliseconds));
    if (!(delay >= 0 && delay <= Number.MAX_SAFE_INTEGER))
      throw new TypeError(
        "Failed to execute 'timeout' on 'AbortSignal': Value is outside the 'unsigned long long' value range.",
      );
    const signal = new AbortSignal(KEY);
    const run = (): void => {
      abort(signal, new DOMException('signal timed out', 'TimeoutError'));
      // Whoever waits for a promise that this rejects hears of it in the same task, also where nobody listens.
      inside.checkpoint();
    };
    inside.schedule({ run }, delay);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    needs(1, arguments.length, "execute 'any' on 'AbortSignal'");
    const result = new AbortSignal(KEY);
    const sources = [...signals];
    for (const source of sources)
      if (typeof source !== 'object' || source === null || !(#aborted in source))
        throw new TypeError("Failed to execute 'any' on 'AbortSignal': Failed to convert value to 'AbortSignal'.");
    const over = sources.find((source) => source.#aborted);
    if (over !== undefined) {
      result.#aborted = true;
      result.#reason = over.#reason;
      return result;
    }
    // Of one that was made of others, those others: a chain of them has no middle.
    const roots = new Set(sources.flatMap((source) => source.#sources ?? [source]));
    result.#sources = [...roots];
    for (const root of roots) {
      root.#dependents ??= [];
      root.#dependents.push(result);
    }
    return result;
  }

  static {
    makeSignal = () => new AbortSignal(KEY);
    abort = (signal, reason) => {
      if (signal.#aborted) return;
      const all = [signal, ...(signal.#dependents ?? []).filter((each) => !each.#aborted)];
      for (const each of all) {
        each.#aborted = true;
        each.#reason = reason;
      }
      for (const each of all) {
        const then = each.#then ?? [];
        each.#then = null;
        for (const run of then) run();
        tellOf(each, 'abort');
      }
    };
    whenAborted = (signal, run) => {
      if (typeof signal !== 'object' || signal === null || !(#aborted in signal))
        throw new TypeError('member signal is not of type AbortSignal.');
      const known = signal as AbortSignal;
      if (!known.#aborted) {
        known.#then ??= [];
        known.#then.push(run);
      }
      return known;
    };
    forgetAborted = (signal, run) => {
      signal.#then = signal.#then?.filter((each) => each !== run) ?? null;
    };
  }
}

const aborted = (): DOMException => new DOMException('signal is aborted without reason', 'AbortError');

export class AbortController {
  readonly #signal = makeSignal();

  get signal(): AbortSignal {
    return this.#signal;
  }
  abort(reason?: unknown): void {
    abort(this.#signal, reason === undefined ? aborted() : reason);
  }
}

attributes(AbortSignal, ['abort']);
dress({ AbortSignal, AbortController });

export function installAbort(given: Inside): void {
  inside = given;
  onAbort(whenAborted);
  define('AbortSignal', AbortSignal);
  define('AbortController', AbortController);
}

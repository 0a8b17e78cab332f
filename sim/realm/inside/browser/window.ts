/**
 * The window: the global object as a target of events, errors that nobody caught, and the life of a page from `load` to
 * `unload` (https://html.spec.whatwg.org/#the-window-object, https://wicg.github.io/page-lifecycle).
 */
import { type Cloned, cloned, revived } from '../clone.ts';
import { DOMException } from '../dom-exception.ts';
import { Event, type EventInit, trusted } from '../event.ts';
import { ErrorEvent, MessageEvent } from '../event-kinds.ts';
import {
  adopt,
  attributes,
  countListeners,
  EventTarget,
  forgetListeners,
  isHeard,
  tell,
  tellOf,
} from '../event-target.ts';
import { dictionary, dress, needs } from '../idl.ts';
import { type Any, define, type Inside, type Part, scope } from '../inside.ts';
import { addressOf, originOf } from '../url.ts';
import type { Documents } from './document.ts';
import type { PageState } from './page-state.ts';

const HANDLERS = [
  'load',
  'beforeunload',
  'unload',
  'pagehide',
  'pageshow',
  'online',
  'offline',
  'error',
  'unhandledrejection',
  'rejectionhandled',
  'message',
  'messageerror',
  'storage',
  'hashchange',
  'popstate',
  'focus',
  'blur',
  'resize',
];

class Window extends EventTarget {
  constructor() {
    throw new TypeError("Failed to construct 'Window': Illegal constructor");
    // biome-ignore lint/correctness/noUnreachable: a derived class has to say it.
    super();
  }
}

interface RejectionInit extends EventInit {
  promise?: unknown;
  reason?: unknown;
}

class PromiseRejectionEvent extends Event {
  readonly #promise: unknown;
  readonly #reason: unknown;

  constructor(type: string, init?: RejectionInit) {
    needs(2, arguments.length, "construct 'PromiseRejectionEvent'");
    super(type, init);
    const { promise, reason } = dictionary<RejectionInit>(init, '');
    this.#promise = promise;
    this.#reason = reason;
  }
  get promise(): unknown {
    return this.#promise;
  }
  get reason(): unknown {
    return this.#reason;
  }
}

class PageTransitionEvent extends Event {
  readonly #persisted: boolean;

  constructor(type: string, init?: EventInit & { persisted?: boolean }) {
    needs(1, arguments.length, "construct 'PageTransitionEvent'");
    super(type, init);
    this.#persisted = Boolean(dictionary<{ persisted: boolean }>(init, '').persisted);
  }
  get persisted(): boolean {
    return this.#persisted;
  }
}

class BeforeUnloadEvent extends Event {
  #value = '';
  override get returnValue(): string {
    return this.#value;
  }
  override set returnValue(value: unknown) {
    this.#value = `${value as string}`;
  }
}

attributes(Window, HANDLERS);
dress({ Window, PromiseRejectionEvent, PageTransitionEvent, BeforeUnloadEvent });

export function installWindow(inside: Inside, page: PageState, documents: Documents): Part {
  const window = adopt(scope as object);
  Object.setPrototypeOf(scope, Window.prototype);
  for (const [name, value] of Object.entries({ Window, PromiseRejectionEvent, PageTransitionEvent, BeforeUnloadEvent }))
    define(name, value);
  for (const name of ['window', 'self', 'top', 'parent', 'frames'])
    Object.defineProperty(scope, name, { value: scope, configurable: true, enumerable: true, writable: true });
  const plain = {
    length: 0,
    closed: false,
    opener: null,
    name: '',
    status: '',
    isSecureContext: true,
    crossOriginIsolated: false,
    innerWidth: 1280,
    innerHeight: 720,
    devicePixelRatio: 1,
  };
  for (const [name, value] of Object.entries(plain)) define(name, value);
  Object.defineProperty(scope, 'origin', { get: () => originOf(page.address), configurable: true, enumerable: true });

  /** An error in a handler of errors is not told to it again. */
  let reporting = false;
  inside.escaped = (error, how, promise) => {
    if (how === 'rejection') {
      if (!isHeard(window, 'unhandledrejection')) return false;
      const init = { cancelable: true, promise, reason: error };
      return !tell(
        window,
        trusted(() => new PromiseRejectionEvent('unhandledrejection', init)),
      );
    }
    if (reporting || !isHeard(window, 'error')) return false;
    reporting = true;
    try {
      return !tell(
        window,
        trusted(() => new ErrorEvent('error', { cancelable: true, error, ...placeOf(error) })),
      );
    } finally {
      reporting = false;
    }
  };
  define('reportError', function reportError(error: unknown) {
    needs(1, arguments.length, "execute 'reportError' on 'Window'");
    inside.report(error);
  });
  define(
    'postMessage',
    function postMessage(message: unknown, to: unknown = '/', _transfer: unknown = undefined): void {
      const what = "execute 'postMessage' on 'Window'";
      needs(1, arguments.length, what);
      const { targetOrigin = '/' } =
        typeof to === 'object' && to !== null ? (to as { targetOrigin?: string }) : { targetOrigin: `${to as string}` };
      const target =
        targetOrigin === '*' || targetOrigin === '/' ? page.address : addressOf(targetOrigin, targetOrigin);
      if (target === null)
        throw new DOMException(
          `Failed to ${what}: Invalid target origin '${targetOrigin}' in a call to 'postMessage'.`,
          'SyntaxError',
        );
      const record = cloned(message, `Failed to ${what}`);
      if (originOf(target) === originOf(page.address)) inside.soon({ run: () => arrive(record) });
    },
  );
  const arrive = (record: Cloned): void => {
    if (!isHeard(window, 'message')) return;
    const init = { data: revived(record), origin: originOf(page.address), source: scope };
    tell(
      window,
      trusted(() => new MessageEvent('message', init)),
    );
  };
  for (const name of [
    'alert',
    'confirm',
    'prompt',
    'open',
    'print',
    'stop',
    'focus',
    'blur',
    'close',
    'scrollTo',
    'getComputedStyle',
    'matchMedia',
    'getSelection',
  ])
    define(name, silent(name));

  return {
    begin() {
      // The module is a script of the page: what hears `load` is told when it has run.
      inside.soon({ run: () => documents.loaded(window, loaded) });
    },
    handled(reason, promise) {
      if (!isHeard(window, 'rejectionhandled')) return;
      tell(
        window,
        trusted(() => new PromiseRejectionEvent('rejectionhandled', { promise, reason })),
      );
    },
    online(on) {
      if (page.online === on) return;
      page.online = on;
      tellOf(window, on ? 'online' : 'offline');
    },
    unload() {
      if (isHeard(window, 'beforeunload'))
        tell(
          window,
          trusted(() => new BeforeUnloadEvent('beforeunload', { cancelable: true })),
        );
      page.gone = true;
      transition('pagehide');
      documents.show(false);
      tellOf(window, 'unload');
      inside.halt();
    },
    reset() {
      forgetListeners(window);
      reporting = false;
    },
    held: () =>
      countListeners(window).flatMap(([type, count]) => [
        'listeners',
        `${count === 1 ? 'a listener' : `${count} listeners`} of the window for \`${type}\``,
      ]),
  };

  function loaded(): void {
    tellOf(window, 'load');
    transition('pageshow');
  }

  function transition(type: 'pagehide' | 'pageshow'): void {
    if (isHeard(window, type))
      tell(
        window,
        trusted(() => new PageTransitionEvent(type, { persisted: false })),
      );
  }
}

/** What only a person sees, or answers. */
function silent(name: string): () => unknown {
  const answers: Readonly<Record<string, unknown>> = { confirm: false, prompt: null, open: null, getSelection: null };
  const named = {
    [name]() {
      return answers[name];
    },
  };
  return named[name] as () => unknown;
}

/** Where an error was thrown, as far as its stack says. */
function placeOf(error: Any): { message: string; filename: string; lineno: number; colno: number } {
  let message: string;
  let stack = '';
  try {
    message = error instanceof Error ? `Uncaught ${error.name}: ${error.message}` : `Uncaught ${String(error)}`;
    stack = error instanceof Error ? String(error.stack) : '';
  } catch {
    message = 'Uncaught exception';
  }
  const [, filename = '', line = '0', column = '0'] = /^ {4}at (?:.*\()?(.+?):(\d+):(\d+)\)?$/m.exec(stack) ?? [];
  return { message, filename, lineno: Number(line), colno: Number(column) };
}

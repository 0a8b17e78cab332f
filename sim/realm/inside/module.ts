/**
 * The user's module: it is run once a life, and its exported functions are what a story can call.
 *
 * A bundle is a function of a loader, `require`, that returns the module's exports (see `bundle.ts`). The probe reaches the
 * world through one symbol, so that a module which is bundled without this project finds nothing and does nothing.
 */
import { type Any, type Inside, type Part, scope } from './inside.ts';

const PROBE = Symbol.for('hangup.probe');
/** How a profile resolves what was not bundled; a Node process has its built-in modules there. */
export const loader: { require: (name: string) => unknown } = {
  require(name) {
    throw new Error(`cannot find module '${name}': nothing of that name is offered in a page`);
  },
};

export function install(inside: Inside): Part {
  const { host } = inside;
  let exported: Any = null;
  Object.defineProperty(scope, PROBE, {
    value: (fact: string, first: unknown, second: unknown) => {
      host.probe(fact, String(first), typeof second === 'string' ? second : second == null ? null : bytesOf(second));
    },
    configurable: true,
  });
  return {
    load(module) {
      let sound = false;
      inside.task(() => {
        exported = (module as Any)(loader.require);
        sound = true;
      });
      return sound;
    },
    call(name, args) {
      const called = exported?.[name];
      if (typeof called !== 'function') return false;
      inside.call(called, undefined, ...JSON.parse(args));
      return true;
    },
    reset() {
      exported = null;
    },
  };
}

/** Bytes of any view or buffer, copied: what crosses must not change afterwards. */
function bytesOf(value: unknown): Uint8Array | string {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return value instanceof ArrayBuffer ? new Uint8Array(value).slice() : String(value);
}

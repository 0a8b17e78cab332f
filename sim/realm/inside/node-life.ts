/**
 * What makes a realm a Node process: the room `node`, which is evaluated anew for each life, so that whatever a life did to a
 * built-in module is gone with it.
 */
import { stackOf, textOf } from './errors.ts';
import type { Inside, Part } from './inside.ts';
import { inspector } from './inspect.ts';
import { loader } from './module.ts';
import type { NodeLife } from './node/index.ts';
import type { Life, PromiseHooks } from './node/life.ts';

/** Evaluates the room; stands in front of everything else (`boot.ts`). */
declare const evaluateNode: () => { open(life: Life, environment: readonly string[]): NodeLife };

export function install(inside: Inside): Part {
  let node: NodeLife | null = null;
  let hooks: PromiseHooks | null = null;
  const usual = { checkpoint: inside.checkpoint, escaped: inside.escaped, require: loader.require };
  const life: Life = {
    host: inside.host,
    dice: inside.dice,
    handle: () => inside.handle(),
    schedule: (task, delay, handle) => inside.schedule(task, delay, handle),
    unschedule: (handle) => inside.unschedule(handle),
    call: (callback, self, ...args) => inside.call(callback, self, ...args),
    task: (run) => inside.task(run),
    inspector,
    report: (error, how) => inside.report(error, how),
    promises(its) {
      hooks = its;
      inside.host.promises();
    },
    tell: (error, how) => inside.host.uncaught(how, textOf(error), stackOf(error)),
  };
  return {
    begin(_seed, environment) {
      const its = evaluateNode().open(life, environment);
      node = its;
      inside.checkpoint = () => its.checkpoint();
      inside.escaped = (error, how, promise) => its.escaped(error, how, promise);
      loader.require = (name) => its.require(name);
    },
    reset() {
      node = null;
      hooks = null;
      Object.assign(inside, { checkpoint: usual.checkpoint, escaped: usual.escaped });
      loader.require = usual.require;
    },
    held: () => (node?.held() ?? []).flatMap((line) => ['sockets', line]),
    handled: (_reason, promise) => node?.handled(promise),
    connection: (socket, port, from) => node?.connection(socket, port, from),
    connected: (socket) => node?.connected(socket),
    data: (socket, bytes) => node?.data(socket, bytes),
    drained: (socket, buffered) => node?.drained(socket, buffered),
    ended: (socket) => node?.ended(socket),
    closed: (socket, error) => node?.closed(socket, error),
    signal: (name) => node?.signal(name),
    promiseMade: (promise) => hooks?.promiseMade(promise),
    promiseBegins: (promise) => hooks?.promiseBegins(promise),
    promiseEnded: () => hooks?.promiseEnded(),
  };
}

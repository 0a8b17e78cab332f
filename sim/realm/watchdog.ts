/**
 * Watches over code that may never come back: a loop without an end, or promises that make promises for ever. No event loop
 * gets a turn then, so nothing in this thread can look after it.
 *
 * A run is called from a script with a time limit, whose end V8 enforces from another thread. A call that reaches its limit
 * is made once more: a machine that was only slow comes to an end then, and from one that is stuck a debugger in a thread of
 * its own takes the stack, a few times, so that what is said of it is what all the samples have in common. While somebody
 * debugs this process there is no limit.
 */
import { url as debuggerUrl } from 'node:inspector';
import { createContext, Script } from 'node:vm';
import { isMainThread, Worker } from 'node:worker_threads';
import { formatDuration, ms } from '../../src/time.ts';
import type { Protocol } from '../core/protocol.ts';
import { REAL_TIME, Stuck } from '../core/stuck.ts';
import { leaving } from './aside.ts';
import { placed } from './bundle.ts';

/** A run takes milliseconds; what takes longer than this, twice, is given up. In milliseconds of real time. */
export const RUN_LIMIT_MS = 5000;

/** The share of it that a first call is given. */
const FIRST = 0.4;

type Around = NonNullable<Protocol['around']>;

/** For a protocol's `around`. `limitMs`: how long a run may take, 50 or more; null for ever. Default: `RUN_LIMIT_MS`. */
export function watchdog(limitMs: number | null = RUN_LIMIT_MS): Around {
  /** So many times as long as of its own everything took here when it was last measured. */
  let busy = 1;
  return (call, repeatable, patience = 1) => {
    if (limitMs === null || watching || debuggerUrl() !== undefined) return call();
    const limit = patience === 1 ? limitMs : limitMs * patience * busy;
    // The second call decides, so the first need not be given all the time.
    const used = process.cpuUsage();
    const first = repeatable ? leaving(() => limited(call, limit * FIRST)) : limited(call, limit);
    if ('result' in first) return first.result;
    if (!repeatable) throw new Stuck(budgetOf(limitMs * patience), []);
    busy = busyness(process.cpuUsage(used), limit * FIRST);
    const given = limit * busy;
    const sampler = Sampler.start(given);
    const second = limited(call, given);
    const places = sampler?.end() ?? [];
    if ('result' in second) return second.result;
    throw new Stuck(budgetOf(limitMs * patience), places);
  };
}

/** On a machine that is busy with other things a call is given more time, and not less of the processor. */
const BUSY_MAX = 8;

const busyness = ({ user, system }: NodeJS.CpuUsage, tookMs: number): number =>
  Math.min(BUSY_MAX, Math.max(1, (tookMs * 1000) / Math.max(1, user + system)));

const budgetOf = (limitMs: number): string => `${formatDuration(ms(limitMs))}${REAL_TIME}`;

// ---- the limit ------------------------------------------------------------------------------------------------------

let watching = false;
/** A script has no arguments: what it calls is a global of a context that has nothing else. */
const box: { call: () => unknown } = { call: () => undefined };
const CONTEXT = createContext(box);
const CALL = new Script('call()', { filename: 'hangup:watchdog' });

function limited<T>(call: () => T, timeout: number): { readonly result: T } | { readonly late: true } {
  watching = true;
  box.call = call;
  try {
    return { result: CALL.runInContext(CONTEXT, { timeout: Math.ceil(timeout), displayErrors: false }) as T };
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    leaveScopes();
    return { late: true };
  } finally {
    watching = false;
    box.call = () => undefined;
  }
}

/**
 * Where anybody in this process follows asynchronous calls (`AsyncLocalStorage`), Node keeps a stack of them for promises of
 * realms, too, and what was cut off has left its part there: Node would end the process for it at the next turn. Whoever is
 * still to leave a scope does not mind an empty stack; what is left of this turn is followed no more.
 */
function leaveScopes(): void {
  const { binding } = process as unknown as { binding?(name: string): { clearAsyncIdStack?(): void } };
  const { noDeprecation } = process;
  // There is no other way to it, and nobody who runs this can do anything about that.
  process.noDeprecation = true;
  try {
    binding?.call(process, 'async_wrap').clearAsyncIdStack?.();
  } catch {
    // A Node that has it no more keeps its stack by other means.
  } finally {
    if (noDeprecation === undefined) delete process.noDeprecation;
    else process.noDeprecation = noDeprecation;
  }
}

// ---- the stack ------------------------------------------------------------------------------------------------------

/** Samples of the stack, and the time from the first to the last. */
const SAMPLES = 30;
const SAMPLING_MS = 60;
/** Room for what the sampler has to say, behind two words about it. */
const BYTES = 262_144;
const HEAD = 8;
/** A thread that takes longer to begin is not waited for. */
const PATIENCE_MS = 5000;
/** How many places are told. */
const PLACES = 6;

/**
 * A thread that debugs this one. It begins when four fifths of the limit are over, when whoever is stuck is; it writes into
 * memory that both have, because nobody here can be told anything.
 */
class Sampler {
  readonly #worker: Worker;
  /** How long the text is, and whether the thread has begun. */
  readonly #words: Int32Array;
  readonly #text: Uint8Array;

  /** Null where nobody can be debugged: the debugger of a thread only reaches the main one. */
  static start(limitMs: number): Sampler | null {
    return isMainThread ? new Sampler(limitMs) : null;
  }

  private constructor(limitMs: number) {
    const shared = new SharedArrayBuffer(HEAD + BYTES);
    this.#words = new Int32Array(shared, 0, 2);
    this.#text = new Uint8Array(shared, HEAD);
    const workerData = { shared, wait: limitMs * 0.8 - SAMPLING_MS, samples: SAMPLES, every: SAMPLING_MS / SAMPLES };
    this.#worker = new Worker(SAMPLE, { eval: true, workerData, execArgv: [], stdin: false });
    this.#worker.on('error', () => {});
    this.#worker.unref();
    // Its debugger looks at every script there is, and cannot while this thread only waits.
    for (const until = performance.now() + PATIENCE_MS; Atomics.load(this.#words, 1) === 0; )
      if (performance.now() > until) break;
  }

  /** Where it was, innermost first. */
  end(): readonly string[] {
    void this.#worker.terminate();
    const length = Atomics.load(this.#words, 0);
    if (length === 0) return [];
    const stacks = JSON.parse(Buffer.from(this.#text.slice(0, length)).toString()) as Frame[][];
    return inCommon(stacks).slice(0, PLACES).map(said);
  }
}

/** A function on a stack, and where it begins. */
interface Frame {
  readonly name: string;
  readonly script: string;
  readonly line: number;
  readonly column: number;
  /** Where it was. */
  readonly at: { readonly line: number; readonly column: number };
}

/** What a bundler put around a module begins nowhere in its file, but what runs in it is somewhere. */
function positionOf({ script, line, column, at }: Frame): string {
  const begins = placed(`${script}:${line}:${column}`);
  return begins.startsWith(BUNDLE) ? placed(`${script}:${at.line}:${at.column}`) : begins;
}

const said = (frame: Frame): string => `${frame.name === '' ? 'a function' : frame.name} (${positionOf(frame)})`;

/**
 * What the stacks have in common, innermost first: functions of bundles that have a place in their files. Where none has any
 * it may be a law, or a story, that does not end.
 */
function inCommon(stacks: readonly (readonly Frame[])[]): readonly Frame[] {
  const theirs = stacks
    .map((stack) => stack.filter((frame) => isBundled(frame) && !positionOf(frame).startsWith(BUNDLE)))
    .filter(({ length }) => length > 0);
  return shared(theirs.length > 0 ? theirs : stacks.map(ofOthers));
}

const BUNDLE = 'bundle:';
const isBundled = ({ script }: Frame): boolean => script.startsWith(BUNDLE);
const OURS = [new URL('..', import.meta.url).href, new URL('../../src/', import.meta.url).href];
const isOurs = ({ script }: Frame): boolean => OURS.some((room) => script.startsWith(room));

/** Somebody's code that hangup has called, and nothing when hangup itself is at work. */
function ofOthers(stack: readonly Frame[]): readonly Frame[] {
  const files = stack.filter(({ script }) => script.startsWith('file:') && !script.includes('/node_modules/'));
  const until = files.findIndex(isOurs);
  return files.slice(0, until < 0 ? undefined : until);
}

/** What they begin with, seen from outside. */
function shared(stacks: readonly (readonly Frame[])[]): readonly Frame[] {
  const [first = [], ...others] = stacks.map((stack) => stack.toReversed());
  const until = first.findIndex((frame, i) => others.some((stack) => !isSame(stack[i], frame)));
  return (until < 0 ? first : first.slice(0, until)).toReversed();
}

const isSame = (one: Frame | undefined, { name, script, line, column }: Frame): boolean =>
  one?.name === name && one.script === script && one.line === line && one.column === column;

/** What the thread runs: text, because it has to run from source and from what is built alike. */
const SAMPLE = `
const { Session } = require('node:inspector');
const { workerData: { shared, wait, samples, every } } = require('node:worker_threads');
const words = new Int32Array(shared, 0, 2);
const session = new Session();
const urls = new Map();
const stacks = [];
session.connectToMainThread();
session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
let steps = 0;
session.on('Debugger.paused', ({ params }) => {
  // Between two microtasks nobody's code is on the stack: the next step is in one.
  const isBetween = !params.callFrames.some(({ location }) => urls.get(location.scriptId)?.startsWith('bundle:'));
  if (isBetween && steps++ < samples) {
    session.post('Debugger.stepInto');
    return;
  }
  stacks.push(params.callFrames.map(({ functionName: name, functionLocation, location }) => {
    const { scriptId, lineNumber, columnNumber = 0 } = functionLocation ?? location;
    const at = { line: location.lineNumber + 1, column: (location.columnNumber ?? 0) + 1 };
    return { name, script: urls.get(scriptId) ?? '', line: lineNumber + 1, column: columnNumber + 1, at };
  }));
  const text = Buffer.from(JSON.stringify(stacks));
  if (text.length <= shared.byteLength - ${HEAD}) {
    new Uint8Array(shared, ${HEAD}).set(text);
    Atomics.store(words, 0, text.length);
  }
  session.post('Debugger.resume');
  if (stacks.length < samples) setTimeout(pause, every);
  else session.disconnect();
});
const pause = () => session.post('Debugger.pause');
// Nothing else keeps this thread alive.
setInterval(() => {}, 1000);
session.post('Debugger.enable', () => {
  Atomics.store(words, 1, 1);
  setTimeout(pause, wait);
});
`;

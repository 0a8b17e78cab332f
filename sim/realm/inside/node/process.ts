/**
 * `process`: what a program can know of the process that it runs in, and how that ends.
 *
 * Everything that differs between machines is the same everywhere: Linux, a Node of version 20, one environment. An error
 * that nobody catches goes to `uncaughtException`, or ends the process with 1, as does a rejection that nobody handles.
 */
import { absent, badType, coded } from './errors.ts';
import { EventEmitter } from './events.ts';
import { life } from './life.ts';
import type { Any, Callback } from './loose.ts';
import { isHeld } from './refs.ts';
import { output } from './standard-output.ts';
import { drop, nextTick, settle } from './ticks.ts';

const VERSION = '20.19.0';
const PID = 4242;

/** Unwinds the stack of whoever called `process.exit`, which never returns. */
class Exit extends Error {
  override name = 'Exit';
}

export const ending = { gone: false, exiting: false, told: false };

const process: Any = Object.create(
  Object.create(EventEmitter.prototype, { constructor: { value: function process() {}, writable: true } }),
);
EventEmitter.call(process);

const nanoseconds = (): bigint => BigInt(Math.round(life.host.uptime() * 1000)) * 1000n;

function hrtime(since?: readonly [number, number]): [number, number] {
  const now = nanoseconds();
  let seconds = Number(now / 1_000_000_000n);
  let rest = Number(now % 1_000_000_000n);
  if (since !== undefined) {
    seconds -= since[0];
    rest -= since[1];
    if (rest < 0) {
      seconds--;
      rest += 1_000_000_000;
    }
  }
  return [seconds, rest];
}
hrtime.bigint = nanoseconds;

/** `exit` handlers run, once; whatever they throw changes the code. */
function tellExit(): void {
  if (ending.exiting) return;
  ending.exiting = true;
  try {
    process.emit('exit', codeNow());
  } catch (error) {
    if (!(error instanceof Exit)) {
      process.exitCode = 1;
      life.tell(error, 'error');
    }
  }
}

const codeNow = (): number => Number(process.exitCode) || 0;

/** Nothing happens in it any more. */
function leave(code: number): void {
  if (ending.gone) return;
  ending.gone = true;
  drop();
  life.host.exit(code);
}

function exit(code?: number): never {
  if (code !== undefined) process.exitCode = code;
  tellExit();
  leave(codeNow());
  throw new Exit();
}

let captured: Callback | null = null;

/** What the process does about an error that left the user's code: somebody deals with it, or it is told and all is over. */
export function escaped(error: unknown, how: 'error' | 'rejection', promise?: unknown): true {
  if (error instanceof Exit || ending.gone) return true;
  if (how === 'rejection' && process.listenerCount('unhandledRejection') > 0) {
    life.task(() => process.emit('unhandledRejection', error, promise));
    return true;
  }
  const origin = how === 'rejection' ? 'unhandledRejection' : 'uncaughtException';
  const thrown = how === 'rejection' && !(error instanceof Error) ? wrapped(error) : error;
  let handled = false;
  try {
    process.emit('uncaughtExceptionMonitor', thrown, origin);
    if (captured !== null) {
      captured(thrown);
      handled = true;
    } else handled = process.emit('uncaughtException', thrown, origin);
  } catch (another) {
    if (another instanceof Exit) return true;
    fatal(another, how, 7);
    return true;
  }
  if (!handled) fatal(error, how, 1);
  return true;
}

/** `exit` handlers run before the error is shown, and the process ends. */
function fatal(error: unknown, how: 'error' | 'rejection', code: number): void {
  process.exitCode = code;
  tellExit();
  life.tell(error, how);
  leave(codeNow());
}

/** A rejection that was told has found somebody who handles it. */
export function handled(promise: unknown): void {
  if (!ending.gone) life.task(() => process.emit('rejectionHandled', promise));
}

function wrapped(reason: unknown): Error {
  const text = typeof reason === 'string' ? `"${reason}"` : `"${String(reason)}"`;
  return coded(
    Error,
    'ERR_UNHANDLED_REJECTION',
    `This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason ${text}.`,
  );
}

/** Somebody tells the process to go: its handlers, or its end. Without a name: nobody will call it any more, and it may end by itself. */
export function signal(name: string): void {
  if (ending.gone) return;
  ending.told = true;
  if (name === '') {
    endIfIdle();
    return;
  }
  if (process.listenerCount(name) > 0) {
    const number = SIGNALS[name];
    life.task(() => process.emit(name, name, number));
  } else {
    // The default action of the kernel: no handler of the program runs.
    ending.gone = true;
    drop();
    life.host.exit(128 + (SIGNALS[name] ?? 15));
  }
}

/** Once it was told to go, a process that nothing holds has come to its end. */
export function endIfIdle(): void {
  if (!ending.told || ending.gone || ending.exiting || isHeld()) return;
  process.emit('beforeExit', codeNow());
  settle();
  if (isHeld()) return;
  tellExit();
  // What `exit` handlers leave to microtasks still happens; ticks do not.
  life.host.drain();
  leave(codeNow());
}

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** Kinds of deprecations are told once. */
const warned = new Set<string>();

function emitWarning(warning: Any, type?: Any, code?: string): void {
  const options = typeof type === 'object' && type !== null ? type : { type, code };
  let told = warning;
  if (typeof warning === 'string') {
    told = new Error(warning);
    told.name = options.type ?? 'Warning';
    if (options.code !== undefined) told.code = options.code;
    if (options.detail !== undefined) told.detail = options.detail;
  } else if (!(warning instanceof Error)) throw badType('warning', 'of type string or an instance of Error', warning);
  if (told.name === 'DeprecationWarning') {
    const key = `${told.code ?? ''}${told.message}`;
    if (process.noDeprecation || warned.has(key)) return;
    warned.add(key);
  }
  nextTick(() => process.emit('warning', told));
}

process.on('warning', (warning: Any) => {
  const code = warning.code === undefined ? '' : `[${warning.code}] `;
  life.host.console('warn', `(node:${PID}) ${code}${warning.name}: ${warning.message}`);
});

/** Sends the process itself a signal; another process cannot be reached. */
function kill(pid: number, name: string | number = 'SIGTERM'): true {
  const text = typeof name === 'number' ? Object.keys(SIGNALS).find((each) => SIGNALS[each] === name) : name;
  if (name === 0 && pid === PID) return true;
  if (pid !== PID || text === undefined) throw absent(`process.kill(${pid}, ${String(name)})`);
  life.schedule({ run: () => signal(text) }, 0);
  return true;
}

const features = { inspector: false, debug: false, uv: true, ipv6: true, tls: false, tls_alpn: false };
const memory = {
  rss: 60_000_000,
  heapTotal: 20_000_000,
  heapUsed: 12_000_000,
  external: 2_000_000,
  arrayBuffers: 100_000,
};

Object.assign(process, {
  title: 'node',
  version: `v${VERSION}`,
  versions: { node: VERSION, v8: '11.3.244.8-node.26', uv: '1.46.0', modules: '115' },
  arch: 'x64',
  platform: 'linux',
  release: { name: 'node', lts: 'Iron' },
  argv: ['/usr/bin/node', '/app/main.js'],
  argv0: 'node',
  execArgv: [],
  execPath: '/usr/bin/node',
  env: {
    HOME: '/home/app',
    LANG: 'C.UTF-8',
    PATH: '/usr/bin:/bin',
    PWD: '/app',
    USER: 'app',
    TZ: 'UTC',
    NODE_ENV: 'production',
  },
  pid: PID,
  ppid: 1,
  exitCode: undefined,
  features,
  config: { target_defaults: {}, variables: {} },
  noDeprecation: false,
  stdout: output('log', 1),
  stderr: output('error', 2),
  stdin: Object.assign(new EventEmitter(), {
    fd: 0,
    isTTY: false,
    resume() {},
    pause() {},
    setEncoding() {},
    unref() {},
  }),
  nextTick(callback: Callback, ...args: unknown[]) {
    if (typeof callback !== 'function') throw badType('callback', 'of type function', callback);
    if (!ending.exiting) nextTick(callback, ...args);
  },
  hrtime,
  uptime: () => life.host.uptime() / 1000,
  memoryUsage: Object.assign(() => ({ ...memory }), { rss: () => memory.rss }),
  resourceUsage: () => ({ userCPUTime: 0, systemCPUTime: 0, maxRSS: 60_000 }),
  cpuUsage: () => ({ user: 0, system: 0 }),
  constrainedMemory: () => 0,
  availableMemory: () => 4_000_000_000,
  exit,
  reallyExit: exit,
  abort: () => exit(134),
  kill,
  cwd: () => '/app',
  chdir: (to: string) => {
    throw absent(`process.chdir(${to})`);
  },
  umask: () => 0o22,
  getuid: () => 1000,
  geteuid: () => 1000,
  getgid: () => 1000,
  getegid: () => 1000,
  emitWarning,
  setUncaughtExceptionCaptureCallback(callback: Callback | null) {
    captured = callback;
  },
  hasUncaughtExceptionCaptureCallback: () => captured !== null,
  binding: (name: string) => {
    throw absent(`process.binding('${name}')`);
  },
  dlopen: () => {
    throw absent('a native add-on');
  },
  getActiveResourcesInfo: () => [],
  getgroups: () => [1000],
  allowedNodeEnvironmentFlags: new Set<string>(),
  moduleLoadList: [],
  debugPort: 9229,
  sourceMapsEnabled: false,
});
Object.defineProperty(process, Symbol.toStringTag, { value: 'process' });

/** What its environment has besides what any process has. */
export function setEnvironment(pairs: readonly string[]): void {
  for (let i = 0; i < pairs.length; i += 2) process.env[pairs[i] as string] = pairs[i + 1];
}

export { process };
export default process;

/** Builtins of which a simulated process has little: what asks about the machine, and what only tells that it is not there. */
import { absent } from './errors.ts';
import { life } from './life.ts';
import type { Any, Callback } from './loose.ts';

const scope = globalThis as Any;

const cpu = { model: 'virtual', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } };

export const os: Any = {
  EOL: '\n',
  arch: () => 'x64',
  availableParallelism: () => 1,
  constants: { signals: { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }, errno: {}, priority: {} },
  cpus: () => [{ ...cpu }],
  devNull: '/dev/null',
  endianness: () => 'LE',
  freemem: () => 4_000_000_000,
  homedir: () => '/home/app',
  hostname: () => 'app',
  loadavg: () => [0, 0, 0],
  machine: () => 'x86_64',
  networkInterfaces: () => ({
    lo: [
      {
        address: '127.0.0.1',
        netmask: '255.0.0.0',
        family: 'IPv4',
        mac: '00:00:00:00:00:00',
        internal: true,
        cidr: '127.0.0.1/8',
      },
    ],
  }),
  platform: () => 'linux',
  release: () => '6.1.0',
  tmpdir: () => '/tmp',
  totalmem: () => 8_000_000_000,
  type: () => 'Linux',
  uptime: () => life.host.uptime() / 1000,
  userInfo: () => ({ uid: 1000, gid: 1000, username: 'app', homedir: '/home/app', shell: '/bin/sh' }),
  version: () => '#1 SMP',
};

// ---- diagnostics_channel

class Channel {
  readonly name: PropertyKey;
  #subscribers: Callback[] = [];
  readonly #stores = new Map<Any, Callback | undefined>();
  constructor(name: PropertyKey) {
    this.name = name;
  }
  get hasSubscribers(): boolean {
    return this.#subscribers.length > 0 || this.#stores.size > 0;
  }
  subscribe(subscriber: Callback): void {
    this.#subscribers = [...this.#subscribers, subscriber];
  }
  unsubscribe(subscriber: Callback): boolean {
    const before = this.#subscribers.length;
    this.#subscribers = this.#subscribers.filter((each) => each !== subscriber);
    return this.#subscribers.length < before;
  }
  publish(message: unknown): void {
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(message, this.name);
      } catch (error) {
        life.schedule(
          {
            run: () =>
              life.task(() => {
                throw error;
              }),
          },
          0,
        );
      }
    }
  }
  bindStore(store: Any, transform?: Callback): void {
    this.#stores.set(store, transform);
  }
  unbindStore(store: Any): boolean {
    return this.#stores.delete(store);
  }
  runStores(message: unknown, run: Callback, self?: unknown, ...args: unknown[]): unknown {
    let inner = () => {
      this.publish(message);
      return Reflect.apply(run, self, args);
    };
    for (const [store, transform] of this.#stores) {
      const next = inner;
      inner = () => store.run(transform === undefined ? message : transform(message), next);
    }
    return inner();
  }
}

const channels = new Map<PropertyKey, Channel>();
function channel(name: PropertyKey): Channel {
  let its = channels.get(name);
  if (its === undefined) {
    its = new Channel(name);
    channels.set(name, its);
  }
  return its;
}

const PHASES = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];
function tracingChannel(name: Any): Any {
  const its: Any = {};
  for (const phase of PHASES) its[phase] = typeof name === 'string' ? channel(`tracing:${name}:${phase}`) : name[phase];
  return Object.assign(its, {
    get hasSubscribers() {
      return PHASES.some((phase) => its[phase].hasSubscribers);
    },
    subscribe: (to: Any) => {
      for (const phase of PHASES) if (to[phase]) its[phase].subscribe(to[phase]);
    },
    unsubscribe: (from: Any) => PHASES.every((phase) => !from[phase] || its[phase].unsubscribe(from[phase])),
    traceSync(run: Callback, context: Any = {}, self?: unknown, ...args: unknown[]) {
      return its.start.runStores(context, () => {
        try {
          context.result = Reflect.apply(run, self, args);
          return context.result;
        } catch (error) {
          context.error = error;
          its.error.publish(context);
          throw error;
        } finally {
          its.end.publish(context);
        }
      });
    },
  });
}

export const diagnosticsChannel: Any = {
  Channel,
  channel,
  hasSubscribers: (name: PropertyKey) => channels.get(name)?.hasSubscribers ?? false,
  subscribe: (name: PropertyKey, subscriber: Callback) => channel(name).subscribe(subscriber),
  unsubscribe: (name: PropertyKey, subscriber: Callback) => channel(name).unsubscribe(subscriber),
  tracingChannel,
};

// ---- the rest

export const perfHooks: Any = {
  get performance() {
    return scope.performance;
  },
  constants: {},
  createHistogram: () => {
    throw absent('perf_hooks.createHistogram');
  },
  monitorEventLoopDelay: () => {
    const none = () => true;
    return {
      enable: none,
      disable: none,
      reset() {},
      min: 0,
      max: 0,
      mean: 0,
      stddev: 0,
      exceeds: 0,
      percentile: () => 0,
    };
  },
  PerformanceObserver: class {
    observe(): void {}
    disconnect(): void {}
  },
};

export const workerThreads: Any = {
  isMainThread: true,
  parentPort: null,
  workerData: null,
  threadId: 0,
  resourceLimits: {},
  Worker: class {
    constructor() {
      throw absent('worker_threads.Worker');
    }
  },
  get MessageChannel() {
    return scope.MessageChannel;
  },
  get BroadcastChannel() {
    return scope.BroadcastChannel;
  },
};

export const cluster: Any = {
  isMaster: true,
  isPrimary: true,
  isWorker: false,
  workers: {},
  settings: {},
  on() {
    return cluster;
  },
  once() {
    return cluster;
  },
  fork: () => {
    throw absent('cluster.fork');
  },
};

export const v8: Any = {
  getHeapStatistics: () => ({
    total_heap_size: 20_000_000,
    used_heap_size: 12_000_000,
    heap_size_limit: 2_000_000_000,
    total_available_size: 1_900_000_000,
    total_physical_size: 20_000_000,
    malloced_memory: 1_000_000,
    external_memory: 2_000_000,
  }),
  setFlagsFromString() {},
};

/** `domain`, of which old libraries only want to know that nobody uses it. */
export const domain: Any = {
  active: null,
  create: () => {
    throw absent('domain.create');
  },
};

/**
 * A program under the virtual clock: a page or a Node process in one realm, its server in another, and a link between them
 * that loses nothing and is as quick as a loopback. Nothing of what runs inside knows which of the runners this is.
 */
import { fileURLToPath } from 'node:url';
import { scenario } from '../../sim/core/definition.ts';
import { open } from '../../sim/core/run.ts';
import type { Application, ApplicationSpec, NodeSpec, Wishes, World } from '../../sim/core/world.ts';
import type { Fault, FaultPlan } from '../../sim/faults/plan.ts';
import { bundle } from '../../sim/realm/bundle.ts';
import { nodeProcess } from '../../sim/system/node-process.ts';
import { browser } from '../../sim/system/page.ts';
import { pageNode } from '../../sim/system/page-node.ts';
import {
  type AnyEvent,
  type Life,
  type Platform,
  type ProcessConfig,
  processMachine,
} from '../../sim/system/process.ts';
import type { Entry } from '../../src/history.ts';
import type { PathConfig } from '../../src/link/config.ts';
import type { Machine } from '../../src/machine.ts';
import { at, type Duration, type Instant, ms, seconds, us } from '../../src/time.ts';
import {
  GRACE,
  type Happening,
  LIMIT,
  type Logs,
  logged,
  type Program,
  placeAt,
  profileOf,
  type Script,
  TAB_AFTER,
  withoutPlace,
} from './program.ts';

const PLACE = placeAt('127.0.0.1', 45_911);
/** Servers listen by then. Not at a whole second: timers of hidden pages fire at those, and no step of a program is at one. */
const BEGINS: Instant = at(ms(1550));
/** Other addresses that programs name. */
const ELSEWHERE = ['127.0.0.1:1', '127.0.0.1:9', 'h', 'x'];
/** Longer than any program. */
const FOR_GOOD: Duration = seconds(3600);
/** What comes next when a tab was closed is the server's to say. */
const AFTER_CLOSING: Duration = seconds(1);

const LOOPBACK: PathConfig = {
  ...{ delay: us(50), jitter: us(0), rate: 1_000_000_000, queue: 8_388_608 },
  ...{ loss: { num: 0, of: 1 }, bursts: null, trace: null },
};

/** Runs a program once; `overhear` is given whatever else its consoles and its run say. */
export function runRealm(program: Program, overhear: (line: string) => void = () => {}): Logs {
  const logs: Record<string, string[]> = {};
  const gone = new Set<string>();
  let doneAt = Number.POSITIVE_INFINITY;
  const say = (who: string, line: string): void => {
    logs[who] ??= [];
    logs[who].push(line);
  };
  const exits = new Map<string, number>();
  const stage = new Stage(program, (who, code) => exits.set(who, code));
  const hear = (entry: Entry): void => {
    const who = WHO.get(entry.node) ?? (entry.node.startsWith('c1~') ? 'tab' : entry.node);
    if (entry.kind === 'console') {
      const fact = logged(entry.text);
      if (fact === null || gone.has(who)) overhear(`${who}: ${entry.text}`);
      else if (fact === 'done') doneAt = Math.min(doneAt, entry.at);
      else if (fact !== 'ready') say(who, withoutPlace(fact, PLACE));
    } else if (entry.kind === 'uncaught') overhear(`${who}: uncaught ${entry.error}\n${entry.stack}`);
    else if (entry.kind === 'crashed') {
      const code = exits.get(who);
      if (code === undefined) return;
      gone.add(who);
      if (program.ends === true) say(who, `exited ${wordOf(code)}`);
      const all = ['client', ...(program.ends === true && program.server !== undefined ? ['server'] : [])];
      if (profileOf(program.client) === 'node' && all.every((each) => gone.has(each)))
        doneAt = Math.min(doneAt, entry.at);
    }
  };
  const limit = BEGINS + ms(program.limit ?? LIMIT);
  const running = open(stage.scenario(), 1, { witness: hear, plan: stage.plan });
  try {
    const ends = program.steps?.at(-1);
    if (ends?.[1] === 'close tab') doneAt = BEGINS + ms(ends[0]) + AFTER_CLOSING;
    let late = false;
    for (;;) {
      if (running.step() === null) {
        late = doneAt === Number.POSITIVE_INFINITY;
        break;
      }
      if (running.now > doneAt + ms(GRACE)) break;
      late = running.now > limit;
      if (late) break;
    }
    if (late) say('client', 'was never done');
  } catch (error) {
    say('client', `the run ends: ${String((error as Error).cause ?? error).split('\n')[0]}`);
    overhear(String(((error as Error).cause as Error | undefined)?.stack ?? (error as Error).stack));
  } finally {
    running.close();
  }
  return logs;
}

const WHO: ReadonlyMap<string, string> = new Map([
  ['c1', 'client'],
  ['s1', 'server'],
]);

/** As a shell tells that a signal ended it. */
const wordOf = (code: number): string => (code === 128 + 15 ? 'SIGTERM' : String(code));

class Stage {
  readonly #program: Program;
  readonly #exited: (who: string, code: number) => void;

  constructor(program: Program, exited: (who: string, code: number) => void) {
    this.#program = program;
    this.#exited = exited;
  }

  scenario() {
    const { client, server, tab } = this.#program;
    return scenario({
      name: 'test/conformance',
      title: 'a program of the conformance suite',
      laws: [],
      world: (): World => ({
        nodes: [
          this.#client(client, tab),
          server === undefined ? idle('s1', AT_PLACE) : { ...this.#process('s1', server), hosts: AT_PLACE },
          nobody('s2', ELSEWHERE),
        ],
        links: ['s1', 's2'].map((id) => ({
          ...{ node: `c1-${id}`, ends: ['c1', id] as const },
          ...{ up: LOOPBACK, down: LOOPBACK, handshakeRoundTrips: 1 },
        })),
        serviceDelay: us(50),
        applications: [this.#behind()],
        facts: { clients: [] },
        conditions: 'a loopback',
      }),
      plan: () => this.plan,
    });
  }

  /** What lasts from one step of the program to another, or happens once, is a fault; the rest is told to its process. */
  get plan(): FaultPlan {
    const { steps = [], tab } = this.#program;
    const until = (from: number, end: Happening): Duration => {
      const found = steps.find(([time, what]) => what === end && time > from);
      return found === undefined ? FOR_GOOD : ms(found[0] - from);
    };
    const plan = steps.flatMap(([time, what]): Fault[] => {
      const base = { at: at(BEGINS + ms(time)), target: 'c1' };
      if (what === 'reload') return [{ ...base, kind: 'reload', lasts: ms(50), stored: true }];
      if (what === 'hide') return [{ ...base, kind: 'throttle', lasts: until(time, 'show'), intensiveAfter: FOR_GOOD }];
      if (what === 'freeze') return [{ ...base, kind: 'suspend', lasts: until(time, 'resume') }];
      if (what === 'offline') return [{ ...base, kind: 'offline', lasts: until(time, 'online') }];
      if (what === 'kill server') return [{ ...base, target: 's1', kind: 'crash', how: 'process', lasts: FOR_GOOD }];
      if (what === 'SIGTERM server')
        return [{ ...base, target: 's1', kind: 'drain', deadline: FOR_GOOD, lasts: FOR_GOOD }];
      return [];
    });
    if (tab !== undefined)
      plan.push({ kind: 'secondTab', target: 'c1', at: at(BEGINS + ms(TAB_AFTER)), lasts: FOR_GOOD });
    return plan;
  }

  #client(script: Script, tab: Script | undefined): NodeSpec {
    let opened = 0;
    // A page that is loaded again runs what it ran; a second one runs its own.
    const next = (): Script => (opened++ > 0 && tab !== undefined ? tab : script);
    if (profileOf(script) === 'node') return { ...this.#process('c1', script), role: 'client', starts: false };
    const node = pageNode('c1', moduleOf(script), { url: `${PLACE.http}/page` });
    const config: ProcessConfig = { ...(node.config as ProcessConfig), platform: begins(browser, next) };
    return { ...node, config };
  }

  #process(id: string, script: Script): NodeSpec {
    const who = WHO.get(id) as string;
    const platform = begins(
      (life: Life, options: object) => {
        const made = nodeProcess(life, options);
        const { exit } = made.host;
        made.host.exit = (code) => {
          this.#exited(who, code);
          exit?.(code);
        };
        return made;
      },
      () => script,
    );
    const config: ProcessConfig = {
      ...{ profile: 'node', module: moduleOf(script), platform, options: {} },
      ...(id === 'c1' ? { starts: false } : {}),
    };
    return { id, role: 'server', machine: processMachine(id === 'c1' ? 'client' : 'server') as never, config };
  }

  #behind(): ApplicationSpec {
    const { steps = [] } = this.#program;
    const told = steps.flatMap(([time, what]): (readonly [Instant, { readonly type: string }])[] => {
      const when = at(BEGINS + ms(time));
      if (what === 'close tab') return [[when, { type: 'leave' }]];
      if (what === 'SIGTERM client') return [[when, { type: 'drain' }]];
      return [];
    });
    return { node: 'c1', start: BEGINS, until: BEGINS, open: (wishes) => new Behind(wishes, told) };
  }
}

/** Opens the client, and tells it what is to be told. */
class Behind implements Application {
  readonly #wishes: Wishes;
  readonly #told: (readonly [Instant, { readonly type: string }])[];

  constructor(wishes: Wishes, told: readonly (readonly [Instant, { readonly type: string }])[]) {
    this.#wishes = wishes;
    this.#told = [...told];
  }

  begin(now: Instant): void {
    this.#wishes.intend({ type: 'start' });
    this.wake(now);
  }

  wake(now: Instant): void {
    while (this.#told[0] !== undefined && this.#told[0][0] <= now) this.#wishes.intend(this.#told.shift()![1]);
    if (this.#told[0] !== undefined) this.#wishes.wakeIn(us(this.#told[0][0] - now));
  }

  reopen(): void {
    this.#wishes.intend({ type: 'start' });
  }

  hear(): void {}
  unload(): void {}
}

const AT_PLACE = [`${PLACE.host}:${PLACE.port}`];
const IDLE: Script = { module: 'log', call: 'log', args: [] };

const moduleOf = (script: Script) =>
  bundle(fileURLToPath(new URL(`./programs/${script.module}.js`, import.meta.url)), profileOf(script));

/** A process that listens on no port of these addresses. */
function idle(id: string, hosts: readonly string[]): NodeSpec {
  const config: ProcessConfig = { profile: 'node', module: moduleOf(IDLE), platform: nodeProcess, options: {} };
  return { id, role: 'server', machine: processMachine('server') as never, config, hosts };
}

/** A host on which nothing runs. */
const nobody = (id: string, hosts: readonly string[]): NodeSpec => ({
  ...{ id, role: 'host', machine: NOBODY as never, config: null, hosts },
});

const NOBODY: Machine<null, null, { readonly type: string }, unknown> = {
  kind: 'nobody',
  init: () => null,
  step: (_state, { type }) => (type === 'started' ? [{ type: 'listen', active: false }] : []),
};

const BEGIN = 'begin';

/** A platform whose process calls its script in a turn of its own once it is there, and whose bytes come as they were written. */
function begins<Options>(
  make: (life: Life, options: Options) => Platform,
  next: () => Script,
): (life: Life, options: Options) => Platform {
  return (life, options) => {
    const { module, call, args } = next();
    const platform = make(uncut(life), options);
    const event = platform.event.bind(platform);
    const begin = (): void => {
      life.port.call(call, JSON.stringify([PLACE, ...args]));
      // Nobody will call it again: from here on it ends when nothing is left to do.
      if (module.endsWith('.node')) life.port.signal('');
    };
    platform.event = (told: AnyEvent) => {
      if (told.type === 'timer' && (told as AnyEvent & { timer: string }).timer === BEGIN) begin();
      else event(told);
    };
    life.setTimer(BEGIN, 0, ms(1));
    return platform;
  };
}

/** The luck that cuts streams of bytes never does. */
const uncut = (life: Life): Life => ({
  get port() {
    return life.port;
  },
  get now() {
    return life.now;
  },
  random: (purpose) => (purpose === 'segments' ? 0 : life.random(purpose)),
  newConn: () => life.newConn(),
  emit: (effect) => life.emit(effect),
  setTimer: (timer, key, delay) => life.setTimer(timer, key, delay),
  clearTimer: (timer, key) => life.clearTimer(timer, key),
  mute: () => life.mute(),
});

/**
 * What is pasted waits as long as the policy does, for the same luck: the plain function for every policy that it claims to
 * say all of, and clients that are installed, as published, with the code in them.
 */
import { createRequire } from 'node:module';
import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { policiesIn } from '../../sim/input/policies/recognise.ts';
import { policyOf } from '../../sim/input/policy-argument.ts';
import type { Paste } from '../../sim/lab/paste/paste.ts';
import { pastesOf } from '../../sim/lab/paste/pastes.ts';
import { waitCode } from '../../sim/lab/paste/wait.ts';
import { policies } from '../../sim/testing/arbitraries/policies.ts';
import { freshMemory, nextDelay } from '../../src/backoff/delay.ts';
import { parsePolicy } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESET_NAMES, policyNamed } from '../../src/backoff/presets.ts';
import { type Duration, minutes, us } from '../../src/time.ts';
import { draw, UINT32_MAX } from '../arbitraries/retries.ts';

const require = createRequire(import.meta.url);
const DRAWS = UINT32_MAX + 1;
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** What the policy itself says, in milliseconds: null where it gives up. */
function waits(
  policy: Policy,
  draws: readonly number[],
  retryAfter: Duration | null = null,
): readonly (number | null)[] {
  const delays: (number | null)[] = [];
  let memory = freshMemory();
  for (const luck of draws) {
    const next = nextDelay(policy, memory, luck, { retryAfter, elapsed: us(0) });
    if ('stop' in next) return [...delays, null];
    delays.push(next.delay / 1000);
    memory = next.memory;
  }
  return delays;
}

type Wait = (attempt: number, retryAfter?: number) => number | null;

/** The pasted function, with dice that we throw. */
function pasted(code: string, random: () => number): Wait {
  const script = transformSync(`${code}\nexport { wait };`, { loader: 'ts', format: 'cjs' }).code;
  const module = { exports: {} as { wait: Wait } };
  const math = Object.create(Math, { random: { value: random } }) as Math;
  new Function('module', 'exports', 'Math', script)(module, module.exports, math);
  return module.exports.wait;
}

/** What whole microseconds may lose on the way to an attempt, which a pasted product does not; and a step of rounding. */
function close(policy: Policy, mine: number | null | undefined, theirs: number | null | undefined, loss: number): void {
  if (typeof mine !== 'number' || typeof theirs !== 'number') {
    expect(mine).toBe(theirs);
    return;
  }
  const step = policy.rounding === null ? 0 : policy.rounding.to / 1000;
  expect(Math.abs(mine - theirs)).toBeLessThanOrEqual(0.05 + step + loss * theirs);
}

describe('the plain function', () => {
  const lucks = [0, 1, 1_234_567_890, 2_147_483_648, 4_000_000_000, UINT32_MAX];

  test.each(PRESET_NAMES)('waits as %s does, or says what it leaves out', (name) => {
    const policy = policyNamed(name) as Policy;
    const { code, lost } = waitCode(policy);
    if (lost.length > 0) return;
    for (const luck of lucks) {
      const wait = pasted(code, () => luck / DRAWS);
      const theirs = waits(policy, new Array<number>(40).fill(luck));
      for (const [attempt, expected] of theirs.entries()) close(policy, wait(attempt), expected, 1e-4);
    }
  });

  test('waits as any policy does that it says all of, with different luck each time, and with a hint', () => {
    fc.assert(
      fc.property(
        policies({ longest: minutes(10), givesUp: true }),
        fc.array(draw, { minLength: 1, maxLength: 12 }),
        fc.option(fc.integer({ min: 1, max: 100_000_000 })),
        (policy, draws, hint) => {
          const { code, lost, takes } = waitCode(policy);
          // An honoured hint goes on from another range where jitter has a shape of its own.
          const shaped = ['comb', 'exponential', 'decorrelated-v2'].includes(policy.jitter.kind);
          const asked = takes.hint && !shaped ? hint : null;
          fc.pre(lost.length === 0 && policy.elapsedMax === null);
          let at = 0;
          const wait = pasted(code, () => (draws[at] as number) / DRAWS);
          for (const expected of waits(policy, draws, asked === null ? null : us(asked))) {
            close(policy, asked === null ? wait(at) : wait(at, asked / 1000), expected, 0.02);
            at++;
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is as short as the policy is simple', () => {
    expect(waitCode(policyOf('full-jitter,retryAfter=ignore')).code.split('\n').slice(1)).toEqual([
      'function wait(attempt: number): number {',
      '  const luck = Math.random();',
      '  const value = Math.min(30_000, 1000 * 2 ** attempt);',
      '  return luck * value;',
      '}',
    ]);
  });
});

const named = (policy: Policy, client: string): Paste =>
  pastesOf(policy).find((each) => each.client === client) as Paste;

/** Runs a paste with what it would find around it; `modules` stand for packages. */
function run(
  paste: Paste,
  modules: Readonly<Record<string, unknown>>,
  around: Readonly<Record<string, unknown>>,
  gives: string,
): unknown {
  const script = transformSync(`${paste.code}\nmodule.exports = typeof ${gives} === 'undefined' ? null : ${gives};`, {
    loader: 'ts',
    format: 'cjs',
  }).code;
  const module = { exports: null as unknown };
  const load = (name: string): unknown => modules[name] ?? require(name);
  const names = Object.keys(around);
  new Function('module', 'require', ...names, script)(module, load, ...names.map((name) => around[name]));
  return module.exports;
}

const PATIENT = 'full-jitter,base=250ms,cap=4s';
const luck = 2_500_000_000;
const expected = (text: string, count: number): readonly (number | null)[] =>
  waits(policyOf(text), new Array<number>(count).fill(luck));

/** A WebSocket that nobody answers, and the instants at which it was tried. */
function deaf(): { WebSocket: unknown; dials: number[] } {
  const dials: number[] = [];
  class Deaf extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readyState = 0;
    onopen: (() => void) | null = null;
    onerror: ((event: Event) => void) | null = null;
    onclose: ((event: Event) => void) | null = null;
    constructor() {
      super();
      dials.push(performance.now());
      queueMicrotask(() => {
        this.readyState = 3;
        const closed = Object.assign(new Event('close'), { code: 1006, reason: '', wasClean: false });
        this.dispatchEvent(new Event('error'));
        this.onerror?.(new Event('error'));
        this.dispatchEvent(closed);
        this.onclose?.(closed);
      });
    }
    close(): void {}
    send(): void {}
  }
  return { WebSocket: Deaf, dials };
}

const gaps = (dials: readonly number[], from: number): readonly number[] =>
  dials.slice(from + 1).map((dial, index) => dial - (dials[from + index] as number));

describe('an installed client dials as the policy says', () => {
  /** Fake timers are whole milliseconds, and a client may take a turn of its own for each dial. */
  const near = (dials: readonly number[], from: number): void => {
    const waited = gaps(dials, from);
    expect(waited.length).toBeGreaterThanOrEqual(6);
    for (const [attempt, ms] of expected(PATIENT, waited.length).entries())
      expect(Math.abs((waited[attempt] as number) - (ms as number))).toBeLessThanOrEqual(2);
  };

  const settle = async (): Promise<void> => {
    vi.spyOn(Math, 'random').mockReturnValue(luck / DRAWS);
    await vi.advanceTimersByTimeAsync(20_000);
  };

  test('a plain WebSocket', async () => {
    vi.useFakeTimers();
    const { WebSocket, dials } = deaf();
    vi.stubGlobal('WebSocket', WebSocket);
    const connect = run(named(policyOf(PATIENT), 'WebSocket'), {}, {}, 'connect') as (url: string) => void;
    connect('ws://nowhere');
    await settle();
    near(dials, 0);
  });

  test.each(['reconnecting-websocket', 'partysocket'])('%s', async (client) => {
    vi.useFakeTimers();
    const { WebSocket, dials } = deaf();
    vi.stubGlobal('WebSocket', WebSocket);
    const party = await import('partysocket/ws');
    run(
      named(policyOf(PATIENT), client),
      { 'partysocket/ws': { __esModule: true, default: party.default } },
      { url: 'ws://nowhere' },
      'socket',
    );
    await settle();
    near(dials, 0);
  });

  test('graphql-ws', async () => {
    vi.useFakeTimers();
    const { WebSocket, dials } = deaf();
    vi.stubGlobal('WebSocket', WebSocket);
    const client = run(
      named(policyOf(PATIENT), 'graphql-ws'),
      { 'graphql-ws': await import('graphql-ws') },
      { url: 'ws://nowhere' },
      'client',
    ) as {
      subscribe(payload: unknown, sink: unknown): () => void;
    };
    client.subscribe({ query: '{ a }' }, { next() {}, error() {}, complete() {} });
    await settle();
    near(dials, 0);
  });

  test('socket.io-client', async () => {
    const asked: number[] = [];
    const soon = (again: () => void, ms: number): void => {
      asked.push(ms);
      if (asked.length < 6) setImmediate(again);
    };
    vi.spyOn(Math, 'random').mockReturnValue(luck / DRAWS);
    const socket = run(
      named(policyOf(PATIENT), 'socket.io-client'),
      {},
      { url: 'http://127.0.0.1:1', setTimeout: soon, clearTimeout: () => {} },
      'socket',
    ) as { close(): void };
    await vi.waitFor(() => expect(asked.length).toBe(6), { timeout: 10_000 });
    socket.close();
    for (const [attempt, ms] of expected(PATIENT, 6).entries()) expect(asked[attempt]).toBeCloseTo(ms as number, 2);
  });
});

describe('a client that asks a function is told what the policy says', () => {
  const LIMITED = 'full-jitter,base=250ms,cap=4s,attemptsMax=5';

  test.each([
    ['phoenix', 'phoenix', (options: Asked) => (n: number) => options.reconnectAfterMs?.(n + 1)],
    ['ioredis', 'ioredis', (options: Asked) => (n: number) => options.retryStrategy?.(n + 1)],
    ['AWS SDK', '@smithy/util-retry', (options: Asked) => (n: number) => options.retryStrategy?.(n + 1)],
    [
      'SignalR',
      '@microsoft/signalr',
      (options: Asked) => (n: number) => options.nextRetryDelayInMilliseconds?.({ previousRetryCount: n }),
    ],
  ] as const)('%s', (client, name, asks) => {
    for (const text of [PATIENT, LIMITED]) {
      vi.spyOn(Math, 'random').mockReturnValue(luck / DRAWS);
      let options: Asked = {};
      /** Whatever is made of it, what was handed over last is kept. */
      class Kept {
        constructor(...given: readonly unknown[]) {
          options = given.find((each) => typeof each === 'object') ?? { retryStrategy: given[1] as never };
        }
        withUrl = (): this => this;
        build = (): this => this;
        withAutomaticReconnect = (policy: Asked): this => {
          options = policy;
          return this;
        };
      }
      const modules = {
        [name]: { Socket: Kept, Redis: Kept, ConfiguredRetryStrategy: Kept, HubConnectionBuilder: Kept },
      };
      run(named(policyOf(text), client), modules, { url: 'x', S3Client: class {} }, 'nothing');
      const ask = asks(options);
      for (const [attempt, ms] of expected(text, 8).entries()) {
        const answer = ask(attempt);
        if (ms !== null) expect(answer).toBeCloseTo(ms, 2);
        // Those that cannot give up wait as long as a timer can.
        else expect([null, 2_147_483_647]).toContain(answer);
      }
    }
  });
});

interface Asked {
  readonly reconnectAfterMs?: (tries: number) => number;
  readonly retryStrategy?: (times: number) => number | null;
  readonly nextRetryDelayInMilliseconds?: (context: { previousRetryCount: number }) => number | null;
}

describe('settings of a client, read back', () => {
  /** What we read in the settings that we wrote. */
  const back = (text: string, client: string, format: string, file: string): Policy => {
    const paste = named(policyOf(text), client);
    const code =
      client === 'centrifuge'
        ? (/\{ min.*\}/.exec(paste.code)?.[0] as string)
        : client === 'gRPC channel'
          ? (/\{\n[\s\S]*\}/.exec(paste.code)?.[0] as string)
          : paste.code;
    const parsed = parsePolicy(policiesIn(file, Buffer.from(code), format).policies[0]?.json);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.policy;
  };
  const curve = ({ delay, jitter, cap, ceiling, attemptsMax }: Policy): unknown => ({
    delay,
    jitter,
    most: Math.min(cap, ceiling ?? cap),
    attemptsMax,
  });

  test('are the policy where nothing is lost', () => {
    const full = 'full-jitter,retryAfter=ignore,attemptsMax=9';
    expect(named(policyOf(full), 'Envoy').lost).toEqual([]);
    expect(curve(back(full, 'Envoy', 'envoy', 'a.yaml'))).toEqual(curve(policyOf(full)));

    const grpc =
      'exponential,jitter.kind=proportional,jitter.below=1/5,jitter.above=1/5,factor=1.6,cap=30s,attemptsMax=3,retryAfter=ignore';
    expect(named(policyOf(grpc), 'gRPC service config').lost).toEqual([]);
    expect(curve(back(grpc, 'gRPC service config', 'grpc', 'a.json'))).toEqual(curve(policyOf(grpc)));

    expect(named(policyOf('grpc'), 'gRPC channel').lost).toEqual([]);
    expect(curve(back('grpc', 'gRPC channel', 'grpc-channel', 'a.json'))).toEqual(
      curve(policyOf('grpc,delay.factor=1.6')),
    );

    expect(named(policyOf('centrifuge'), 'centrifuge').lost).toEqual([]);
    expect(curve(back('centrifuge', 'centrifuge', 'centrifuge', 'a.json'))).toEqual(curve(policyOf('centrifuge')));

    const even = 'exponential,jitter.kind=none,attemptsMax=4,retryAfter=ignore';
    expect(named(policyOf(even), 'resilience4j').lost).toEqual([]);
    expect(curve(back(even, 'resilience4j', 'resilience4j', 'a.yml'))).toEqual(curve(policyOf(even)));
  });

  test('have a line for every difference', () => {
    const { lost } = named(policyOf('decorrelated'), 'Envoy');
    expect(lost.join('\n')).toMatch(/decorrelated jitter grows from the last wait/);
    expect(named(policyOf('phoenix'), 'Envoy').lost.join('\n')).toMatch(/delays double instead of following the table/);
    expect(named(policyOf('full-jitter'), 'phoenix').lost).toEqual([
      "a server's retry-after is not heard: hand it to wait() if you have it",
      'attempts are forgotten as soon as the socket opens, not after 5 s',
    ]);
  });
});

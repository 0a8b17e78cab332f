import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Kernel } from '../../sim/core/kernel.ts';
import { type AnyMachine, freezeDeep, transition } from '../../sim/core/record.ts';
import { run } from '../../sim/core/run.ts';
import { settingOf } from '../../sim/core/setting.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { SessionWorld } from '../../sim/session/world.ts';
import { balancer } from '../../src/balancer/balancer.ts';
import { link } from '../../src/link/link.ts';
import type { Context } from '../../src/machine.ts';
import { agent } from '../../src/session/agent/agent.ts';
import { auth } from '../../src/session/auth/auth.ts';
import { server } from '../../src/session/server/server.ts';
import { store } from '../../src/session/store/store.ts';
import type { Instant } from '../../src/time.ts';

/**
 * The events that each machine met in real runs, gathered once: random strings of them, cut, repeated and in any order,
 * are nearer to what breaks a machine than events made of noise.
 */
const scenario = scenarioNamed('restart/crash') as SessionScenario;
const world: SessionWorld = scenario.world(settingOf(scenario, '1'));
const met = new Map<string, unknown[]>();

function gather(): void {
  const deliver = Kernel.prototype.run;
  Kernel.prototype.run = function (this: Kernel, handler, budgets) {
    const spy: typeof handler = {
      deliver(node, event, sort) {
        const events = met.get(node.machine.kind) ?? [];
        if (events.length < 4_000) events.push(structuredClone(event));
        met.set(node.machine.kind, events);
        handler.deliver(node, event, sort);
      },
      miss: (node, event) => handler.miss(node, event),
      act: (action) => handler.act(action),
    };
    return deliver.call(this, spy, budgets);
  };
  for (const seed of ['1', '2', '3']) {
    run(scenario, seed);
    run(scenarioNamed('restart/graceful') as SessionScenario, seed);
  }
  Kernel.prototype.run = deliver;
}
gather();

const extra: Readonly<Record<string, readonly unknown[]>> = {
  server: [
    { type: 'started' },
    { type: 'drain', deadline: 1_000_000 },
    { type: 'overload', refuses: 'hello', sheds: true },
    { type: 'overload', refuses: 'none', sheds: false },
    { type: 'slow', by: 700_000 },
    { type: 'slow', by: 0 },
    { type: 'speaks', min: 2, max: 2 },
    { type: 'speaks', min: 1, max: 1 },
    { type: 'origins', allowed: ['https://a.example'] },
    { type: 'origins', allowed: null },
    { type: 'clock', ahead: 7_200_000_000 },
    { type: 'clock', ahead: 0 },
    { type: 'message', from: 'auth', message: { type: 'revoked', subject: 'c1', serial: 1 } },
    { type: 'message', from: 'store', message: { type: 'failed', op: 2 } },
    { type: 'message', from: 'store', message: { type: 'dropped', op: 7, session: 1, stream: 1 } },
  ],
  store: [
    { type: 'started' },
    { type: 'crash', keep: 500 },
    { type: 'corrupt', client: 'c1' },
    { type: 'slow', by: 700_000 },
    { type: 'slow', by: 0 },
    { type: 'part', nodes: ['s1', 'agent1'], on: true },
    { type: 'part', nodes: ['s1', 'agent1'], on: false },
    { type: 'part', nodes: [], on: true },
    { type: 'part', nodes: [], on: false },
    { type: 'stale', on: true },
    { type: 'stale', on: false },
    { type: 'fail', share: 500 },
    { type: 'fail', share: 0 },
  ],
  balancer: [
    { type: 'started' },
    { type: 'quiesce' },
    { type: 'reload', grace: 500_000 },
    { type: 'idleTimeout', timeout: 300_000 },
    { type: 'idleTimeout', timeout: null },
    { type: 'scatter', active: true },
    { type: 'scatter', active: false },
    ...['s1', 's9'].flatMap((backend) => [
      { type: 'forceHealth', backend, says: 'healthy' },
      { type: 'forceHealth', backend, says: 'unhealthy' },
      { type: 'forceHealth', backend, says: null },
      { type: 'drainBackend', backend, deadline: 400_000 },
      { type: 'drainBackend', backend, deadline: null },
    ]),
    { type: 'timer', timer: 'grace', key: 1 },
    { type: 'timer', timer: 'drained', key: 1 },
  ],
  auth: [
    { type: 'started' },
    { type: 'revoke', subject: 'c1' },
    { type: 'clock', ahead: -7_200_000_000 },
    { type: 'clock', ahead: 7_200_000_000 },
    { type: 'shorten', ttl: 1_000 },
    { type: 'shorten', ttl: 0 },
  ],
  agent: [{ type: 'started' }, { type: 'stall', on: true }, { type: 'stall', on: false }],
  link: [
    ...(['up', 'down', 'both'] as const).flatMap((direction) => [
      { type: 'cut', direction },
      { type: 'heal', direction },
    ]),
    ...([0, 1] as const).flatMap((end) => [
      { type: 'endDown', end, how: 'process' },
      { type: 'endDown', end, how: 'host' },
      { type: 'endUp', end },
      ...[1, 2, 3].flatMap((conn) => [
        { type: 'dial', end, conn },
        { type: 'accept', end, conn },
        { type: 'refuse', end, conn, status: 503 },
        { type: 'send', end, conn, payload: { type: 'PING', nonce: 1 }, bytes: 9 },
        { type: 'send', end, conn, payload: { type: 'PONG', nonce: 1 }, bytes: 90_000 },
        { type: 'close', end, conn, code: 1000, reason: '' },
        { type: 'terminate', end, conn, how: 'fin' },
        { type: 'terminate', end, conn, how: 'rst' },
        { type: 'timer', timer: 'resend', key: conn * 2 + end },
        { type: 'timer', timer: 'closing', key: conn * 2 + end },
        { type: 'timer', timer: 'syn', key: conn },
      ]),
    ]),
    { type: 'resetAll' },
    { type: 'closeAll', code: 1012, reason: '' },
    { type: 'forgetEnd', end: 0 },
    { type: 'forgetEnd', end: 1 },
    { type: 'stall', direction: 'both', until: 3_000_000 },
    { type: 'slowHandshake', by: 500_000 },
    { type: 'forgetAll' },
    { type: 'restore' },
  ],
};

const MACHINES: readonly { readonly machine: AnyMachine; readonly config: unknown }[] = [
  { machine: link, config: world.links[0] },
  { machine: server, config: world.servers[0] },
  { machine: store, config: world.store },
  { machine: agent, config: world.agents[0] },
  { machine: auth, config: world.auth },
  { machine: balancer, config: world.balancer },
];

function contextAt(now: number): Context {
  let draws = 0;
  const random = (purpose: string): number => (Math.imul(purpose.length + ++draws, 2_654_435_761) ^ now) >>> 0;
  return { now: now as Instant, random, newConn: () => 0 };
}

for (const { machine, config } of MACHINES)
  describe(`the ${machine.kind}, alone`, () => {
    const events = [
      ...(met.get(machine.kind) ?? []),
      ...(extra[machine.kind] ?? []),
      ...(extra[machine.kind] ?? []),
    ].map(freezeDeep);
    const strings = fc.array(fc.tuple(fc.constantFrom(...events), fc.integer({ min: 0, max: 2_000_000 })), {
      maxLength: 80,
    });

    test('takes any string of events without a throw, and its state stays plain JSON', () => {
      fc.assert(
        fc.property(strings, (string) => {
          const state = machine.init(config);
          let now = 0;
          for (const [event, gap] of string) {
            now += gap;
            machine.step(state, event, contextAt(now));
          }
          const { config: _, ...rest } = state;
          expect(JSON.parse(JSON.stringify(rest))).toEqual(rest);
        }),
        { numRuns: 300 },
      );
    });

    test('steps alike in place and on a frozen draft', () => {
      fc.assert(
        fc.property(strings, (string) => {
          const inPlace = machine.init(config);
          let drafted = machine.init(config);
          let now = 0;
          for (const [event, gap] of string) {
            now += gap;
            const expected = structuredClone(machine.step(inPlace, event, contextAt(now)));
            const [next, effects] = transition(machine as never, drafted as never, event as never, contextAt(now), {
              freeze: true,
            });
            drafted = next;
            expect(effects).toEqual(expected);
          }
          expect(drafted).toEqual(inPlace);
        }),
        { numRuns: 60 },
      );
    });
  });

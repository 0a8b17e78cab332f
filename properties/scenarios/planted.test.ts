/**
 * Breaches planted in whole universes: a machine that does one thing wrong is found out by the law that is about it, and
 * the same universe without the breach holds every law.
 */
import { expect, test } from 'vitest';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import type { Topology } from '../../sim/session/scenarios/topology.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { client } from '../../src/session/client/session.ts';
import { server } from '../../src/session/server/server.ts';
import type { ServerEvent } from '../../src/session/server/state.ts';
import { store } from '../../src/session/store/store.ts';
import type { Frame, WorkSummary } from '../../src/session/wire/frames.ts';
import { type Instant, ms, seconds, us } from '../../src/time.ts';
import { answers, at, lawsBroken, type Said, saying } from './planting.ts';

/** Runs with servers that hear something else than what was said. */
function hearing(change: (event: ServerEvent, now: Instant) => ServerEvent, scenario: SessionScenario): string[] {
  const { step } = server;
  const open = server as { step: typeof server.step };
  open.step = (state, event, context) => step(state, change(event, context.now), context);
  try {
    return lawsBroken(scenario);
  } finally {
    open.step = step;
  }
}

/** A server that takes every verdict of the token service for a yes, for a long time. */
const credulous = (event: ServerEvent, now: Instant): ServerEvent =>
  event.type === 'message' && event.message.type === 'verified'
    ? {
        ...event,
        message: { ...event.message, verdict: 'ok', expiresAt: (now + seconds(600)) as Instant, lives: seconds(600) },
      }
    : event.type === 'message' && event.message.type === 'revoked'
      ? { type: 'message', from: event.from, message: { type: 'noted', op: -1 } }
      : event;

test('isolation: a server that lets a revoked token in', () => {
  const revoked = answers(1, [
    { kind: 'tokenRevoked', target: 'auth', client: 'c1', at: at(2) },
    { kind: 'reset', target: 'c1-lb', at: at(3) },
  ]);
  expect(lawsBroken(revoked)).toEqual([]);
  expect(hearing(credulous, revoked)).toContain('isolation');
});

test('isolation: a server that goes on after the token is over', () => {
  const expiring = answers(1, [{ kind: 'authDown', target: 'auth', at: at(1), lasts: seconds(30) }], {
    auth: { tokenTtl: seconds(4) },
    client: { refreshBefore: seconds(1) },
  });
  expect(lawsBroken(expiring)).toEqual([]);
  expect(hearing(credulous, expiring)).toContain('isolation');
});

test('no-waste: a server that begins again before the cursor', () => {
  const cut = answers(1, [{ kind: 'reset', target: 'c1-lb', at: at(5) }]);
  const before = (frame: Frame): Frame =>
    frame.type !== 'HELLO' || frame.resume === null
      ? frame
      : {
          ...frame,
          resume: {
            ...frame.resume,
            streams: frame.resume.streams.map((cursor) => ({ ...cursor, lastSeq: Math.max(0, cursor.lastSeq - 3) })),
          },
        };
  expect(lawsBroken(cut)).toEqual([]);
  const forgetful = (event: ServerEvent): ServerEvent =>
    event.type === 'frame' ? { ...event, payload: before(event.payload) } : event;
  expect(hearing(forgetful, cut)).toContain('no-waste');
});

test('no-herd: a fleet that comes back in step', () => {
  const plan: FaultPlan = [{ kind: 'balancerCrash', target: 'lb', at: at(8), lasts: seconds(3) }];
  const fleet = (more: Partial<Topology>): SessionScenario =>
    answers(120, plan, { start: (client) => us(client * 10_000) as number as Instant, ...more });
  expect(lawsBroken(fleet({}))).toEqual([]);
  const inStep = fleet({});
  const planted: SessionScenario = {
    ...inStep,
    world(setting) {
      const world = inStep.world(setting);
      const { policy } = PRESETS.constant;
      return { ...world, clients: world.clients.map((client) => ({ ...client, policy })) };
    },
  };
  expect(lawsBroken(planted)).toContain('no-herd');
});

test('context: a store that forgets the last tool call, or what an agent remembers', () => {
  const cut = answers(1, [{ kind: 'reset', target: 'c1-lb', at: at(5) }], {
    agent: { chunkInterval: ms(100), work: { toolEvery: 4, toolTime: ms(5), memoryEvery: 3, memoryKeys: 4 } },
  });
  expect(lawsBroken(cut)).toEqual([]);
  for (const wrong of [
    (work: WorkSummary) => ({ calls: work.calls - 1 }),
    () => ({ memory: 1 }),
    () => ({ notes: 0 }),
  ]) {
    const forgetful = (effect: Said): readonly Said[] => {
      const { message } = effect;
      if (message?.type !== 'claimed' || message.work === undefined) return [effect];
      return [{ ...effect, message: { ...message, work: { ...message.work, ...wrong(message.work) } } }];
    };
    expect(saying(store, forgetful, cut)).toContain('context');
  }
});

test('named-errors: a client that says nothing of a lost connection, or calls it something else', () => {
  const cut = answers(1, [{ kind: 'reset', target: 'c1-lb', at: at(5) }]);
  const silent = (effect: Said): readonly Said[] => (effect.type === 'report' ? [] : [effect]);
  const wrong = (effect: Said): readonly Said[] =>
    effect.type === 'report' ? [{ ...effect, error: 'peer_silent' }] : [effect];
  expect(saying(client, silent, cut)).toEqual(['named-errors']);
  expect(saying(client, wrong, cut)).toEqual(['named-errors']);
});

test('prefix: a store that comes back with a backup as if nothing had been written since', () => {
  const restored = answers(1, [
    { kind: 'storeRestore', target: 'store', at: at(2), age: seconds(2), lasts: ms(500) },
    { kind: 'reset', target: 'c1-lb', at: at(8) },
  ]);
  expect(lawsBroken(restored)).toEqual([]);
  const { step } = store;
  const open = store as { step: typeof store.step };
  let copy: Parameters<typeof step>[0] | null = null;
  open.step = (state, event, context) => {
    if (event.type === 'backup') copy = structuredClone(state);
    else if (event.type === 'restore') Object.assign(state, structuredClone(copy));
    else return step(state, event, context);
    return [];
  };
  try {
    expect(lawsBroken(restored)).toContain('prefix');
  } finally {
    open.step = step;
  }
});

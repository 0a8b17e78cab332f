/**
 * More breaches planted in whole universes: machines that lose the order of sends, give up who lives, reset what need not
 * be, try what cannot succeed, or end a session too early. Each universe without its breach holds every law.
 */
import { expect, test } from 'vitest';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { conversation } from '../../sim/session/scenarios/turns.ts';
import type { SessionWorld } from '../../sim/session/world.ts';
import { client } from '../../src/session/client/session.ts';
import type { ClientEvent } from '../../src/session/client/state.ts';
import { server } from '../../src/session/server/server.ts';
import type { ServerEvent } from '../../src/session/server/state.ts';
import { store } from '../../src/session/store/store.ts';
import { ms, seconds } from '../../src/time.ts';
import { answers, at, deaf, lawsBroken, type Said, saying } from './planting.ts';

const cut: FaultPlan = [{ kind: 'reset', target: 'c1-lb', at: at(3) }];

/** The same scenario, whose world keeps something else than its facts say. */
const within = (
  scenario: SessionScenario,
  change: (world: SessionWorld) => Partial<SessionWorld>,
): SessionScenario => ({
  ...scenario,
  world(setting) {
    const world = scenario.world(setting);
    return { ...world, ...change(world) };
  },
});

test('send-order: a store that lets the second of two sends take effect first', () => {
  const twice = answers(1, [], {
    turns: () => conversation(2, () => -1, ms(1)).map((turn, i) => ({ ...turn, parallel: i > 0 })),
  });
  expect(lawsBroken(twice)).toEqual([]);
  let held: Said | null = null;
  const swapping = (effect: Said): readonly Said[] => {
    if (effect.type !== 'perform') return [effect];
    if (held === null) {
      held = effect;
      return [];
    }
    return [effect, held];
  };
  expect(saying(store, swapping, twice)).toContain('send-order');
});

test('living-peer: a client that counts a peer as dead after half of the time, and a server that does not count PONG', () => {
  const quiet = answers(1, [], { stayUntil: at(40) });
  expect(lawsBroken(quiet)).toEqual([]);
  const hasty = (event: ClientEvent): ClientEvent =>
    event.type === 'frame' && event.payload.type === 'WELCOME'
      ? { ...event, payload: { ...event.payload, deadAfter: seconds(2) } }
      : event;
  expect(deaf(client, hasty, quiet)).toContain('living-peer');
  const deafened = (event: ServerEvent): ServerEvent | null =>
    event.type === 'frame' && (event.payload.type === 'PONG' || event.payload.type === 'PING') ? null : event;
  expect(deaf(server, deafened, quiet)).toContain('living-peer');
});

test('living-peer: a server that takes whoever comes back for a thief', () => {
  const cutEarly = answers(1, [{ kind: 'reset', target: 'c1-lb', at: at(3) }], { stayUntil: at(40) });
  expect(lawsBroken(cutEarly)).toEqual([]);
  const suspicious = (event: ServerEvent): ServerEvent =>
    event.type === 'message' && event.message.type === 'claimed' && event.message.generation > 1
      ? { ...event, message: { type: 'fenced', session: 1, generation: 2, op: event.message.op } }
      : event;
  expect(deaf(server, suspicious, cutEarly)).toContain('living-peer');
});

test('owed-resets: a store whose window is narrower than was promised', () => {
  const roomy = answers(1, [{ kind: 'cut', target: 'c1-lb', direction: 'both', at: at(2), lasts: seconds(15) }]);
  expect(lawsBroken(roomy)).toEqual([]);
  const narrow = within(roomy, ({ store: log }) => ({ store: { ...log, windowCount: 3 } }));
  expect(lawsBroken(narrow)).toContain('owed-resets');
});

test('owed-resets: a server that calls the boundary of the window outside', () => {
  // So many chunks become durable while the client is away that the window holds exactly those, for one of these windows.
  const boundary = (windowCount: number): SessionScenario =>
    answers(1, [{ kind: 'reset', target: 'c1-lb', at: at(4) }], { store: { windowCount } });
  const exclusive = (event: ServerEvent): ServerEvent => {
    if (event.type !== 'message' || event.message.type !== 'claimed') return event;
    const streams = event.message.streams.map((each) => ({ ...each, oldest: each.oldest + 1 }));
    return { ...event, message: { ...event.message, streams } };
  };
  const windows = [2, 3, 4, 5, 6, 7, 8];
  for (const window of windows) expect(lawsBroken(boundary(window))).toEqual([]);
  expect(windows.flatMap((window) => deaf(server, exclusive, boundary(window)))).toEqual(['owed-resets']);
});

test('vain-attempts: a client that does not hear that its device is offline, or what 4004 means', () => {
  const away = answers(1, [{ kind: 'offline', target: 'c1', at: at(2), lasts: seconds(20) }]);
  expect(lawsBroken(away)).toEqual([]);
  const careless = (event: ClientEvent): ClientEvent | null => (event.type === 'offline' ? null : event);
  expect(deaf(client, careless, away)).toContain('vain-attempts');

  // The client's clock is right, so nothing but 4004 says that its token is no good there.
  const expiring = answers(1, [{ kind: 'clockJump', target: 's1', at: at(3), lasts: seconds(20), ahead: 4e9 }]);
  expect(lawsBroken(expiring)).toEqual([]);
  const stubborn = (event: ClientEvent): ClientEvent =>
    event.type === 'closed' && event.code === 4004 ? { ...event, code: 1012 } : event;
  expect(deaf(client, stubborn, expiring)).toContain('vain-attempts');
});

test('kept-sessions: a store that counts a time to live of its own', () => {
  const away = answers(1, [{ kind: 'cut', target: 'c1-lb', direction: 'both', at: at(2), lasts: seconds(40) }]);
  expect(lawsBroken(away)).toEqual([]);
  const brief = within(away, ({ store: log }) => ({ store: { ...log, sessionTtl: seconds(5) } }));
  expect(lawsBroken(brief)).toContain('kept-sessions');
});

test('freshness: a server that stops to hear ACK, and one that forgets a chunk until the next heartbeat', () => {
  const narrow = answers(1, [], { client: { credit: 1_024 } });
  expect(lawsBroken(narrow)).toEqual([]);
  const unhearing = (event: ServerEvent, now: number): ServerEvent | null =>
    event.type === 'frame' && event.payload.type === 'ACK' && now > 1_000_000 ? null : event;
  expect(deaf(server, unhearing, narrow)).toContain('freshness');
  const forgetful = (event: ServerEvent): ServerEvent | null =>
    event.type === 'message' && event.message.type === 'durable' && event.message.chunk.fin ? null : event;
  expect(deaf(server, forgetful, answers(1, [], { agent: { chunkInterval: ms(50) } }))).toEqual(['freshness']);
});

test('completion and honest-errors: a client that never dials again is found out soon, and ends its run', () => {
  expect(lawsBroken(answers(1, cut))).toEqual([]);
  const mute = (event: ClientEvent): ClientEvent | null =>
    event.type === 'timer' && event.timer === 'retry' ? null : event;
  expect(deaf(client, mute, answers(1, cut))).toEqual(['honest-errors', 'completion']);
});

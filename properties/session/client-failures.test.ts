/** What the application of a client is told of connections and dials that fail, while the client goes on by itself. */
import { describe, expect, test } from 'vitest';
import type { ClientEffect } from '../../src/session/client/state.ts';
import { at, minutes, ms, seconds } from '../../src/time.ts';
import { CONFIG, Driver } from './client/driver.ts';
import { connected, World } from './client/world.ts';

describe('a failure is told once, by its name', () => {
  test.each([
    [1006, 'connection_lost'],
    [1001, 'server_restart'],
    [1012, 'server_restart'],
    [1013, 'unavailable'],
    [4004, 'token_expired'],
    [1000, 'closed_by_server'],
    [1011, 'closed_by_server'],
    [4008, 'closed_by_server'],
  ] as const)('a connection that is closed with %i: %s', (code, failure) => {
    const world = connected();
    world.close(world.owner(), code);
    world.run(seconds(5));
    expect(world.failures()).toEqual([failure]);
    expect(world.driver.state.doing.phase).toBe('live');
  });

  test('a dial that meets a server which takes nobody', () => {
    const world = new World();
    world.refusing = true;
    world.start().run(ms(100));
    expect(world.failures()).toEqual(['unavailable']);
  });

  test('a dial that nobody takes, one that nobody answers, a HELLO and a token request without an answer', () => {
    const driver = new Driver();
    const told = (effects: readonly ClientEffect[]): string[] =>
      effects.flatMap((effect) => (effect.type === 'report' ? [effect.error] : []));
    const phase = (): string => driver.state.doing.phase;
    const token = { subject: 'c1', serial: 1, expiresAt: at(minutes(60)), signature: 1 };
    driver.tell({ type: 'start' });
    expect(told(driver.fire())).toEqual(['token_timeout']);
    while (phase() !== 'token') driver.fire();
    driver.tell({ type: 'message', from: 'auth', message: { type: 'issued', op: 2, token } });
    const conn = CONFIG.connBase + 1;
    const refused = driver.tell({ type: 'closed', conn, code: 1006, reason: '', clean: false, status: 0 });
    expect(told(refused)).toEqual(['refused']);
    while (phase() !== 'connecting') driver.fire();
    expect(told(driver.fire())).toEqual(['connect_timeout']);
    while (phase() !== 'connecting') driver.fire();
    driver.tell({ type: 'opened', conn: conn + 2 });
    expect(told(driver.fire())).toEqual(['hello_timeout']);
  });

  test('a peer that falls silent, and dials into the silence', () => {
    const world = connected();
    world.cut();
    world.run(seconds(40));
    expect(world.failures()[0]).toBe('peer_silent');
    expect(new Set(world.failures().slice(1))).toEqual(new Set(['connect_timeout']));
  });

  test('a stream with a gap', () => {
    const world = connected();
    const chunk = { content: 0, start: 0, end: 1, sum: 0, part: 0, fin: false };
    world.say(world.owner(), { type: 'DATA', stream: 9, epoch: 1, seq: 5, chunk });
    world.run(ms(50));
    expect(world.failures()).toEqual(['malformed']);
  });

  test('a session whose record is damaged: a clean one follows, and the name says why', () => {
    const world = connected();
    const conn = world.owner();
    world.expire();
    world.damaged = true;
    world.close(conn, 1006);
    world.run(seconds(5));
    expect(world.errors()).toEqual(['state_corrupt']);
  });

  test('but not an end that the client chose itself', () => {
    const world = connected();
    world.tell({ type: 'leave' });
    world.run(seconds(1));
    expect(world.failures()).toEqual([]);
    const offline = new World();
    offline.refusing = true;
    offline.start();
    offline.tell({ type: 'offline' });
    offline.run(seconds(30));
    expect(offline.failures()).toEqual([]);
  });
});

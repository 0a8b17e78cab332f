/** The faults of the token service, each seen by a witness: history with the fault and without it. */
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sim/faults/plan.ts';
import { CLOSE } from '../../src/close-codes.ts';
import { at, historyOf, lasting, reset, streaming } from './history.ts';

describe('authDown', () => {
  test('keeps those who need a token waiting, and nobody else', () => {
    const down = (from: number): Fault[] => [{ kind: 'authDown', target: 'auth', at: at(from), lasts: lasting(3) }];
    expect(streaming(down(0)).of('dialled', 'c1')[0]?.at).toBeGreaterThan(at(3));
    expect(streaming(down(1)).closes()).toEqual([]);
  });
});

describe('tokenExpiry', () => {
  const shortened: Fault = { kind: 'tokenExpiry', target: 'auth', at: at(0), lasts: lasting(8), ttl: lasting(0.1) };

  test('is met by a renewal in band, while the leeway lasts', () => {
    const history = historyOf('restart/graceful', [shortened]);
    expect(history.heard('c1', 'AUTH')).toHaveLength(1);
    expect(historyOf('restart/graceful', []).heard('c1', 'AUTH')).toHaveLength(0);
    expect(history.closes()).toEqual([]);
  });

  test('without a renewal ends the connection in the middle of a stream: 4004, a new token, and it goes on', () => {
    const down: Fault = { kind: 'authDown', target: 'auth', at: at(4.8), lasts: lasting(1) };
    // The agent is held up, so that the answer lasts until the leeway is over.
    const stall: Fault = { kind: 'agentStall', target: 's1', at: at(1), lasts: lasting(2) };
    const history = streaming([shortened, down, stall]);
    expect(history.closes()).toEqual([CLOSE.tokenExpired]);
    const cut = history.of('closed', 'c1')[0]?.at ?? 0;
    const received = history.of('received', 'c1');
    const before = received.findLast((entry) => entry.at < cut);
    const next = received.find((entry) => entry.at > cut);
    expect(next).toMatchObject({ stream: before?.stream, seq: (before?.seq ?? 0) + 1 });
    expect(history.told()).toEqual([]);
  });

  test('counts for tokens from before it began, when they are shown again', () => {
    const shorten: Fault = { kind: 'tokenExpiry', target: 'auth', at: at(0.5), lasts: lasting(8), ttl: lasting(0.1) };
    expect(historyOf('restart/graceful', [shorten]).closes()).toEqual([]);
    // Shown at 3 s it is good until 5.6 s (leeway included), whatever the client thinks; shown at 6 s it is over.
    const early = historyOf('restart/graceful', [shorten, reset(3)]);
    const late = historyOf('restart/graceful', [shorten, reset(6)]);
    expect(early.closes()).toEqual([1006, CLOSE.tokenExpired]);
    expect(early.of('closed', 'c1')[1]?.at).toBeGreaterThanOrEqual(at(5.6));
    expect(late.closes()).toEqual([1006, CLOSE.tokenExpired]);
    expect(late.heard('c1', 'WELCOME')).toHaveLength(2);
    expect(early.heard('c1', 'WELCOME')).toHaveLength(3);
  });
});

describe('tokenRevoked', () => {
  const revoked: Fault = { kind: 'tokenRevoked', target: 'auth', client: 'c1', at: at(2) };

  test('ends the connection with 4003, and the application is told once', () => {
    const history = streaming([revoked]);
    expect(history.closes()).toEqual([CLOSE.unauthorized]);
    expect(history.told()).toEqual(['unauthorized']);
    expect(history.of('received', 'c1').at(-1)?.at).toBeLessThan(at(2.1));
  });

  test('lets nobody in who shows a revoked token later', () => {
    const history = streaming([reset(1.9), revoked]);
    expect(history.told()).toEqual(['unauthorized']);
    expect(history.heard('c1', 'WELCOME')).toHaveLength(1);
  });
});

describe('clockSkew', () => {
  const skew = (hours: number): Fault => ({
    kind: 'clockSkew',
    target: 'auth',
    at: at(1),
    lasts: lasting(3),
    ahead: hours * 3_600_000_000,
  });

  test('ahead: a good token is called expired, and a new one is had', () => {
    const history = streaming([skew(2), reset(2)]);
    expect(history.closes()).toContain(CLOSE.tokenExpired);
    expect(history.of('restored', 'c1').at(-1)?.resumed).toBe(true);
    expect(history.told()).toEqual([]);
  });

  test('behind: tokens that it issues are over before they begin, so who needs one waits', () => {
    const late: Fault = { ...skew(-2), at: at(0) };
    expect(streaming([late]).of('dialled', 'c1')[0]?.at).toBeGreaterThan(at(3));
    expect(streaming([skew(-2), reset(2)]).closes()).toEqual([1006]);
  });
});

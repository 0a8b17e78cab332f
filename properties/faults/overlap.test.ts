/** Faults that overlap on one target: what the first to end leaves standing, and what the second finds. */
import { describe, expect, test } from 'vitest';
import { dice } from '../../sim/core/dice.ts';
import { kindOf } from '../../sim/faults/catalogue.ts';
import type { Menu } from '../../sim/faults/kind.ts';
import type { Fault } from '../../sim/faults/plan.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import { at, seconds } from '../../src/time.ts';
import { staged } from './stage.ts';

const menu: Menu = {
  kinds: [],
  count: [1, 1],
  from: at(0),
  until: at(0),
  lasts: [seconds(1), seconds(1)],
  links: ['c1-lb'],
  clients: ['c1'],
  servers: ['s1'],
};

/** A world in which faults of a kind, all alike, begin and end. */
function acted() {
  const stage = staged();
  const of = (kind: string) => {
    const fault = { kind, at: at(0), ...kindOf(SESSION_FAULTS, kind).draw(dice('1'), menu, seconds(1)) } as Fault;
    return {
      begin: (number: number) => kindOf(SESSION_FAULTS, kind).begin(stage.scene, fault, number),
      end: (number: number) => kindOf(SESSION_FAULTS, kind).end(stage.scene, fault, number),
    };
  };
  return { ...stage, of };
}

describe('of two on one target the first to end lifts nothing, and the second all', () => {
  /** Every kind whose end somebody hears of. */
  const kinds: readonly string[] = [
    ...(['offline', 'slowConsumer', 'sleep', 'cut', 'flap', 'degrade', 'ramp', 'handshakeDelay'] as const),
    ...(['crash', 'restart', 'overload', 'originPolicy', 'clockJump', 'agentStall'] as const),
    ...(['balancerCrash', 'balancerIdle', 'wrongHealth', 'balancerDrain', 'stickinessLost'] as const),
    ...(['storeCrash', 'storeSlow', 'storeUnavailable', 'storePartition', 'storeStale', 'storeFailedWrite'] as const),
    ...(['authDown', 'tokenExpiry', 'clockSkew'] as const),
  ];
  test.each(kinds)('%s', (kind) => {
    const { of, heard } = acted();
    const { begin, end } = of(kind);
    expect([begin(1), begin(2)]).toEqual(['lasts', 'lasts']);
    heard();
    end(1);
    expect(heard()).toEqual([]);
    end(2);
    expect(heard()).not.toEqual([]);
  });
});

test('a client that moves twice at once is on its own network again after the second return, and is cut off each time', () => {
  const { of, heard } = acted();
  const { begin, end } = of('addressChange');
  begin(1);
  begin(2);
  heard();
  end(1);
  const first = heard();
  expect(first).toContain('c1-lb: forgetAll');
  expect(first).not.toContain('c1-lb: restore');
  end(2);
  expect(heard()).toEqual(expect.arrayContaining(['c1-lb: restore', 'c1-lb: forgetAll']));
});

test('a dead store dies no second time, and a dead token service notes what is revoked', () => {
  const { of, heard } = acted();
  const crash = of('storeCrash');
  crash.begin(1);
  expect(heard()).toEqual(['store: crash']);
  crash.begin(2);
  expect(heard()).toEqual([]);
  of('authDown').begin(3);
  of('tokenRevoked').begin(4);
  expect(heard()).toEqual(['auth: revoke']);
});

test('a device that sleeps holds all of its tabs, and wakes all of them', () => {
  const { of, universe, client } = acted();
  const tabs = ['c1~2', 'c1~3'].map((id) => universe.wiring.addProcess(id, client, {}));
  const { begin, end } = of('sleep');
  begin(1);
  expect([client, ...tabs].map(({ pause }) => pause === null)).toEqual([false, false, false]);
  end(1);
  expect([client, ...tabs].map(({ pause }) => pause)).toEqual([null, null, null]);
});

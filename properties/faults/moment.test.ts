/** Faults at moments of the protocol: they begin then, or at their time, whichever is first, and once. */
import { describe, expect, test } from 'vitest';
import { type Moment, run } from '../../sim/core/run.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { worldOf } from '../../sim/core/worlds.ts';
import { faultLine } from '../../sim/explain/fault-line.ts';
import { flawOf, strangerIn } from '../../sim/faults/check.ts';
import type { Fault } from '../../sim/faults/plan.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import { PHASES } from '../../sim/session/phases.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Entry } from '../../src/history.ts';
import { at, ms, seconds, us } from '../../src/time.ts';

const text = scenarioNamed('midstream/text') as SessionScenario;
const cut = { kind: 'cut', target: 'c1-lb', at: at(3_000_000), lasts: seconds(1), direction: 'both' } as Fault;
const reset = { kind: 'reset', target: 'c1-lb', at: at(1_000_000) } as Fault;
const upon = (phase: string, nth = 1, after = us(0), node = 'c1') => ({ phase, node, nth, after });

function told(plan: readonly Fault[]) {
  const moments: Moment[] = [];
  const faults: Entry[] = [];
  const outcome = run(text, 3, {
    plan,
    phase: (moment) => moments.push(moment),
    witness: (entry) => entry.kind === 'fault' && faults.push(entry),
  });
  const begun = faults.flatMap((entry) => (entry.kind === 'fault' && entry.begins ? [[entry.fault, entry.at]] : []));
  const entered = (phase: string, nth: number, node = 'c1') =>
    moments.find((moment) => moment.phase === phase && moment.nth === nth && moment.node === node)?.at ?? at(-1);
  return { outcome, begun, entered };
}

test('a fault begins so long after somebody enters a phase for the nth time', () => {
  const { outcome, begun, entered } = told([reset, { ...cut, upon: upon('handshaking', 2, ms(3)) }]);
  expect(entered('handshaking', 2)).toBeGreaterThan(at(1_000_000));
  expect(begun).toEqual([
    [0, 1_000_000],
    [1, entered('handshaking', 2) + 3000],
  ]);
  expect(outcome.began).toEqual([1_000_000, entered('handshaking', 2) + 3000]);
});

test('it waits for others as well: an fsync of the store, a claim of a server', () => {
  const store = told([{ ...cut, upon: upon('fsync', 4, ms(1), 'store') }]);
  expect(store.begun).toEqual([[0, store.entered('fsync', 4, 'store') + 1000]]);
  const server = ['s1', 's2'].map((node) => told([{ ...cut, upon: upon('claiming', 1, us(1), node) }]));
  expect(server.map(({ begun }) => begun[0]?.[1]).sort()).toEqual(
    [(server[0]?.entered('claiming', 1, 's1') ?? 0) + 1, (server[1]?.entered('claiming', 1, 's2') ?? 0) + 1]
      .map((time) => (time > 0 ? time : 3_000_000))
      .sort(),
  );
});

test('a phase with which everybody begins counts as entered at the start', () => {
  expect(told([{ ...cut, upon: upon('idle', 1, ms(2)) }]).begun).toEqual([[0, 2000]]);
});

test('its time comes first where the moment does not, or comes later', () => {
  expect(told([{ ...cut, upon: upon('snapshotting', 9) }]).begun).toEqual([[0, cut.at]]);
  expect(told([{ ...cut, upon: upon('idle', 1, seconds(3)) }]).begun).toEqual([[0, cut.at]]);
  expect(told([{ ...cut, upon: upon('idle', 1, us(2_999_999)) }]).begun).toEqual([[0, 2_999_999]]);
});

test('a run does not wait for the time of a fault that has begun, and one that waits changes nothing', () => {
  const late = at(seconds(3600));
  const { outcome } = told([{ ...cut, at: late, upon: upon('live', 1) }]);
  expect(outcome.ended).toBeLessThan(seconds(200));
  const without = run(text, 3, { plan: [reset, cut] });
  const waiting = run(text, 3, { plan: [reset, { ...cut, upon: upon('snapshotting', 1000) }] });
  expect(waiting.digest).toBe(without.digest);
  expect(without).not.toHaveProperty('began');
});

describe('a moment that somebody wrote by hand', () => {
  test.each<[unknown, string, string]>([
    ['now', 'plan[0].upon', 'a moment with phase, node, nth and after'],
    [null, 'plan[0].upon', 'a moment with phase, node, nth and after'],
    [undefined, 'plan[0].upon', 'a moment with phase, node, nth and after'],
    [[], 'plan[0].upon', 'a moment with phase, node, nth and after'],
    [{}, 'plan[0].upon.phase', 'the name of a phase (hangup list phases)'],
    [{ ...upon('live'), node: 1 }, 'plan[0].upon.node', 'the name of a node'],
    [upon('live', 0), 'plan[0].upon.nth', 'a whole number from 1 to 1000000'],
    [upon('live', 1.5), 'plan[0].upon.nth', 'a whole number from 1 to 1000000'],
    [upon('live', 1, -1 as never), 'plan[0].upon.after', 'whole microseconds from 0 to 2592000000000'],
    [{ ...upon('live'), before: 1 }, 'plan[0].upon.before', 'no more than phase, node, nth, after'],
    [{ ...upon('live'), 'x\n': 1 }, 'plan[0].upon["x\\n"]', 'no more than phase, node, nth, after'],
    [
      JSON.parse('{"__proto__":{"phase":"live","node":"c1","nth":1,"after":0}}'),
      'plan[0].upon.phase',
      'the name of a phase (hangup list phases)',
    ],
  ])('%j has its flaw named', (moment, field, expected) => {
    expect(flawOf([{ ...cut, upon: moment }], SESSION_FAULTS)).toMatchObject({ field, expected });
  });

  test('names a node of its world, and a phase of the part that it plays', () => {
    const { world } = worldOf(text, settingOf(text, '3'));
    const flaw = (moment: object) => strangerIn([{ ...cut, upon: moment as never }], world, SESSION_FAULTS, PHASES);
    expect(flaw(upon('live'))).toBeNull();
    expect(flaw(upon('live', 1, us(0), 'c1~2'))).toBeNull();
    expect(flaw(upon('up', 1, us(0), 'lb'))).toBeNull();
    expect(flaw(upon('live', 1, us(0), 'c9'))).toMatchObject({
      field: 'plan[0].upon.node',
      expected: 'the name of a node (c1, lb, s1, s2, agent1, agent2, …)',
    });
    expect(flaw(upon('live', 1, us(0), 's1'))).toMatchObject({
      field: 'plan[0].upon.phase',
      expected: 'a phase of a server (up, claiming, draining, down)',
      got: 'live',
    });
  });

  test('is refused by a run, in one line', () => {
    expect(() => run(text, 3, { plan: [{ ...cut, upon: upon('liv') } as Fault] })).toThrow(
      '`plan[0].upon.phase`: expected a phase of a client (idle, offline, waiting, dialling, handshaking, refreshing-token, replaying, snapshotting, live, handing-over, ended), got "liv"',
    );
  });
});

test('a plan in words says the moment, and the time that comes at the latest', () => {
  const line = (moment: ReturnType<typeof upon>): string =>
    faultLine(0, { ...cut, upon: moment }, SESSION_FAULTS, PHASES);
  expect(line(upon('handshaking', 2, ms(3)))).toBe(
    'fault 0: cut of c1-lb when c1 begins its 2nd handshake, 3 ms later, or at 3.000000 s, lasts 1 s, direction both',
  );
  expect(line(upon('live', 11))).toContain('when c1 is live for the 11th time, or at');
  expect(line(upon('up', 23, us(0), 's1'))).toContain('when s1 is up for the 23rd time, or at');
});

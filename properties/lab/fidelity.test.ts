/**
 * The lean kernel and the universe, held against each other. Both draw the same numbers for the same dial of the same client,
 * so where nothing else is luck they must come to the same, client by client and microsecond by microsecond; and where
 * ties or the ways of messages are, to the same on average.
 */
import { describe, expect, test } from 'vitest';
import { flawOf } from '../../sim/lab/universe/limits.ts';
import { us } from '../../src/time.ts';
import { averageCases, stormOf, usualCases, waysOf } from './fidelity/cases.ts';
import { compare, decided, differences, twinsOf } from './fidelity/twins.ts';

describe('a storm of 1,000 clients is the same in both fidelities, to the microsecond', () => {
  test.each(usualCases(1_000, ['jittered', 'growing']))('$name', (one) => {
    expect(differences(twinsOf(one, 'fidelity', 0))).toEqual([]);
  });
});

describe('so is one of 100 clients, in every way in which storms differ', () => {
  test.each(waysOf(100, ['jittered', 'directed']))('$name', (one) => {
    expect(differences(twinsOf(one, 'fidelity', 1))).toEqual([]);
  });
  test.each(usualCases(100, ['decorrelated', 'grpc', 'throttled']))('$name', (one) => {
    expect(differences(twinsOf(one, 'fidelity', 2))).toEqual([]);
  });
});

test('where ties and distances are luck, both come to the same on average', () => {
  const all = averageCases(60).flatMap(({ leaves, ...one }) =>
    compare(one, 'fidelity', 4, leaves).map((comparison) => ({ name: one.name, ...comparison })),
  );
  expect(all.length).toBeGreaterThan(12);
  expect(decided(all)).toEqual([]);
});

test('a difference of one admission in a hundred is found', () => {
  const [one] = usualCases(100, ['jittered']);
  const twins = twinsOf(one!, 'fidelity', 0);
  const lean = twinsOf({ ...one!, storm: { ...one!.storm, window: us(101_000) } }, 'fidelity', 0).lean;
  expect(differences({ lean, full: twins.full })).not.toEqual([]);
});

test.each([
  ['more clients than it has names for', { clients: 100_001 }],
  ['a refusal that costs a part of a microsecond', { refusalCost: { num: 1, of: 3 } }],
  ['a queue that is longer than dials wait', { queue: { length: 1_000 } }],
])('the universe refuses %s, in one line', (_, more) => {
  expect(flawOf(stormOf(100, more), false)).toMatch(/^the universe [^\n]+$/);
  expect(flawOf(stormOf(100), false)).toBeNull();
});

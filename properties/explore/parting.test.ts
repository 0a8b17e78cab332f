import { expect, test } from 'vitest';
import { scenario } from '../../sim/core/definition.ts';
import type { World } from '../../sim/core/world.ts';
import { outsideOf } from '../../sim/explore/outside.ts';
import { partingOf } from '../../sim/explore/parting.ts';
import { ZERO } from '../../src/time.ts';

test('what code asks of the world outside is named with the place that asked first, and nothing is left replaced', () => {
  const { random } = Math;
  const { Date: before } = globalThis;
  const asked = outsideOf(() => {
    Math.random();
    Math.random();
    new Date(0);
    new Date();
    process.hrtime.bigint();
    performance.now();
  });
  expect(asked.map((each) => each.replace(/ \(.*/, ''))).toEqual(['Math.random', 'new Date', 'performance.now']);
  expect(asked[0]).toMatch(/^Math\.random \(properties\/explore\/parting\.test\.ts:\d+:\d+\)$/);
  expect(Math.random).toBe(random);
  expect(globalThis.Date).toBe(before);
});

/** A world of one node, which says `said()` as it starts. */
const saying = (said: () => unknown) =>
  scenario({
    name: 'own/saying',
    title: 'one node says something',
    world: (): World => ({
      nodes: [
        {
          id: 'n1',
          role: 'server',
          config: null,
          machine: {
            kind: 'n',
            init: () => ({}),
            step: (_: unknown, event: { readonly type: string }) =>
              event.type === 'started' ? [{ type: 'custom', name: 'said', value: said() }] : [],
          },
        },
      ],
      links: [],
      serviceDelay: ZERO,
      applications: [],
      facts: { clients: [] },
      conditions: '',
    }),
    plan: () => [],
  });

test('two runs of a seed that part say at which event, and what happens in each', () => {
  let runs = 0;
  expect(
    partingOf(
      saying(() => ++runs),
      '1',
      {},
    ),
  ).toMatch(
    /^a second run came to something else: at 0\.000000 s, event #1, n1 said 1, and in the other n1 said 2: expected/,
  );
  expect(
    partingOf(
      saying(() => Math.random()),
      '1',
      {},
    ),
  ).toMatch(/; asked of the world outside: Math\.random \(properties\/explore\/parting\.test\.ts:/);
  expect(
    partingOf(
      saying(() => 1),
      '1',
      {},
    ),
  ).toContain('though two more runs of it are alike');
});

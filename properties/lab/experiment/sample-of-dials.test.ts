/** The sample of clients whose dials a trace shows. */
import { expect, test } from 'vitest';
import { Sampler } from '../../../sim/lab/experiment/trace.ts';

test('has every dial of each client that is in it, also where a policy dials too often for all of them', () => {
  const sampler = new Sampler(10_000);
  const dialled = 400;
  for (let attempt = 0; attempt < dialled; attempt++)
    for (let client = 0; client < 10_000; client++) sampler.watch(client, attempt * 1_000_000, 'refused');
  const { clients, dials } = sampler.dials(Number.POSITIVE_INFINITY);
  expect(dials.length).toBeLessThanOrEqual(20_000);
  expect(clients).toBeGreaterThan(20);
  const counts = new Array<number>(clients).fill(0);
  for (const { place } of dials) counts[place] = (counts[place] ?? 0) + 1;
  expect(counts).toEqual(new Array(clients).fill(dialled));
});

test('has all clients of a small storm', () => {
  const sampler = new Sampler(7);
  for (let client = 0; client < 7; client++) sampler.watch(client, client, 'down');
  expect(sampler.dials(5)).toMatchObject({
    clients: 7,
    dials: [0, 1, 2, 3, 4, 5].map((place) => ({ place, at: place })),
  });
});

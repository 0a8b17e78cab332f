/** What is left of failing runs: measured on planted breaches, as `npm run measure:shrink` does over many more. */
import { expect, test } from 'vitest';
import { BREACHES, eventsLeft, quantile, shrinks } from './planted-breaches.ts';

test('half of all failing runs are left with two faults, a tenth of their events, one client and one server, in ten seconds', () => {
  const all = [...shrinks(['midstream/text', 'context/benchmarks'], 4, 1)];
  expect(new Set(all.map(({ breach }) => breach)).size).toBeGreaterThanOrEqual(BREACHES.length - 1);
  expect(
    quantile(
      all.map(({ shrunk }) => shrunk.after.faults),
      50,
    ),
  ).toBeLessThanOrEqual(2);
  expect(quantile(all.map(eventsLeft), 50)).toBeLessThanOrEqual(10);
  expect(
    quantile(
      all.map(({ took }) => took),
      50,
    ),
  ).toBeLessThan(10_000);
  for (const { shrunk } of all) {
    expect(shrunk.after.sizes).toMatchObject({ clients: 1 });
    expect(shrunk.after.events).toBeLessThanOrEqual(shrunk.before.events);
  }
});

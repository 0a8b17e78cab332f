import { expect, test } from 'vitest';
import { alone } from './alone.ts';

const DRAWS =
  'console.log(Math.random(), Math.random()); console.log([...crypto.getRandomValues(new Uint8Array(7))].join());';

test('Luck of a realm is that of its seed: the same again, and another one for another seed', () => {
  const draws = (seed: number) => alone(DRAWS, { seed }).said;
  expect(draws(1)).toEqual(draws(1));
  expect(new Set([1, 2, 3, 4].flatMap((seed) => draws(seed))).size).toBe(8);
});

test('Luck that a module draws while it is loaded is that of its life', () => {
  const code = 'const id = Math.random(); setTimeout(() => console.log(id), 5);';
  expect(alone(code, { seed: 1 }).said).not.toEqual(alone(code, { seed: 2 }).said);
});

test('Numbers are spread evenly from 0 up to 1', () => {
  const code =
    'const n = Array(16).fill(0); for (let i = 0; i < 16000; i++) n[Math.floor(Math.random() * 16)]++; console.log(n.length, Math.min(...n), Math.max(...n));';
  const [cells = 0, least = 0, most = 0] = (alone(code).said[0] ?? '').split(' ').map(Number);
  expect(cells).toBe(16);
  // Five standard deviations of a binomial distribution of 16,000 draws.
  expect(least).toBeGreaterThan(1000 - 153);
  expect(most).toBeLessThan(1000 + 153);
});

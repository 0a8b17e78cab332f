/** Philox gives the words that its authors publish, and luck depends on nothing but what it is asked for. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gathered, Luck, PURPOSE, scattered, Ties } from '../../sim/lab/storm/luck.ts';
import { philox } from '../../sim/lab/storm/philox.ts';

/** Random123 1.14, tests/kat_vectors, `philox4x32 10`: counter, key, words. */
const KNOWN = [
  ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
] as const;

const words = (text: string): number[] => text.split(' ').map((word) => Number.parseInt(word, 16));

test.each(KNOWN)('the counter %s under the key %s gives %s', (counter, key, known) => {
  const out = new Uint32Array(4);
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = words(counter);
  const [k0 = 0, k1 = 0] = words(key);
  philox(out, c0, c1, c2, c3, k0, k1);
  expect([...out]).toEqual(words(known));
});

const asked = fc.record({
  client: fc.nat(1_000_000),
  purpose: fc.constantFrom(...Object.values(PURPOSE)),
  loss: fc.nat(5),
  index: fc.nat(100),
});

test('a draw does not depend on what was drawn before it', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.nat(1000),
      fc.array(asked, { minLength: 1, maxLength: 30 }),
      (seed, replication, all) => {
        const one = new Luck(seed, replication);
        const there = all.map(({ client, purpose, loss, index }) => one.draw(client, purpose, loss, index));
        const back = all.toReversed().map(({ client, purpose, loss, index }) => one.draw(client, purpose, loss, index));
        expect(back.toReversed()).toEqual(there);
        const fresh = all.map(({ client, purpose, loss, index }) =>
          new Luck(seed, replication).draw(client, purpose, loss, index),
        );
        expect(fresh).toEqual(there);
      },
    ),
  );
});

test('seeds, replications, clients, purposes, losses and attempts have luck of their own', () => {
  const drawn = new Set<number>();
  let asked = 0;
  for (const seed of ['', 'a', 'b', 'ab', 'ba'])
    for (const replication of [0, 1])
      for (const client of [0, 1, 4])
        for (const purpose of Object.values(PURPOSE))
          for (const loss of [0, 1])
            for (let index = 0; index < 9; index++) {
              drawn.add(new Luck(seed, replication).draw(client, purpose, loss, index));
              asked++;
            }
  // Of 3,240 words of 32 bits, two are alike in one of 800 such sets.
  expect(drawn.size).toBe(asked);
});

test('scattering words is a bijection', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), (word) => gathered(scattered(word)) === word && scattered(gathered(word)) === word),
  );
});

test('the place of a client at an instant says which client it is', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(9_999_999), fc.nat(Number.MAX_SAFE_INTEGER), (seed, client, at) => {
      const ties = new Ties(new Luck(seed, 0));
      return ties.client(ties.order(client, at), at) === client;
    }),
  );
});

test('no client is served first at more instants than chance has it', () => {
  const ties = new Ties(new Luck('fair', 0));
  const firsts = new Uint32Array(8);
  const INSTANTS = 80_000;
  for (let at = 0; at < INSTANTS; at++) {
    const places = Array.from(firsts, (_, client) => ties.order(client, at * 1000));
    firsts[places.indexOf(Math.min(...places))]!++;
  }
  // 10,000 each, with a deviation of 94; six of them are one in 60 million.
  for (const count of firsts) expect(Math.abs(count - INSTANTS / 8)).toBeLessThan(6 * 94);
});

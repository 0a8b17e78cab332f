/**
 * The binomial distribution: how likely so many of `n` independent runs are to exceed, when each does with probability `p`.
 *
 * Neighbouring probabilities differ by a factor that needs no factorial and no logarithm, so they are worked out from
 * the most likely count outwards, until they vanish beside it: products and quotients only, which every engine computes
 * alike, and a verdict on equal seeds is equal everywhere.
 */

export interface Binomial {
  /** The probability of `count` or fewer, and of `count` or more. */
  atMost(count: number): number;
  atLeast(count: number): number;
  /** The probability of exactly so many. */
  exactly(count: number): number;
}

/** What is less likely than this beside the most likely count changes no verdict. */
const VANISHING = 1e-20;

/** `n` is a whole number, 0 or more; `p` lies between 0 and 1, both included. */
export function binomial(n: number, p: number): Binomial {
  if (p <= 0 || p >= 1 || n === 0) {
    const certain = p >= 1 ? n : 0;
    return {
      atMost: (count) => (count >= certain ? 1 : 0),
      atLeast: (count) => (count <= certain ? 1 : 0),
      exactly: (count) => (count === certain ? 1 : 0),
    };
  }
  const likeliest = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  const below: number[] = [];
  const above: number[] = [];
  let total = 1;
  for (let count = likeliest, weight = 1; count > 0 && weight > VANISHING; count--) {
    weight *= count / (n - count + 1) / odds;
    below.push(weight);
    total += weight;
  }
  for (let count = likeliest, weight = 1; count < n && weight > VANISHING; count++) {
    weight *= ((n - count) / (count + 1)) * odds;
    above.push(weight);
    total += weight;
  }
  const weightOf = (count: number): number =>
    count === likeliest ? 1 : ((count < likeliest ? below[likeliest - count - 1] : above[count - likeliest - 1]) ?? 0);
  // A tail is summed from its thin end, so that nothing of it is lost beside what is large.
  return {
    exactly: (count) => weightOf(count) / total,
    atMost(count) {
      let sum = 0;
      for (let each = likeliest - below.length; each <= Math.min(count, likeliest + above.length); each++)
        sum += weightOf(each);
      return sum / total;
    },
    atLeast(count) {
      let sum = 0;
      for (let each = likeliest + above.length; each >= Math.max(count, likeliest - below.length); each--)
        sum += weightOf(each);
      return sum / total;
    },
  };
}

/**
 * Admission in windows. Clients that dial once each, at instants that are uniform over W windows, are n balls in W boxes: of a
 * window c are admitted, so the mean is E[min(c, B)] with B binomial. With many windows B is Poisson, and at a load of 1
 * throughput is 1 - exp(-c) c^c / c!, about 1 - 1/sqrt(2 pi c).
 */
import { POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { ms, seconds, us, ZERO } from '../../../../src/time.ts';
import { runStorm } from '../../../lab/storm/kernel.ts';
import { REFERENCE_STORM, type Storm } from '../../../lab/storm/storm.ts';
import { type Comparison, compare, exactly, type Figure, meanFigure } from '../comparison.ts';
import type { Effort } from '../part.ts';
import { binomial, expectedBelow, poisson } from './counts.ts';

/** At a load of 1, as textbooks print it. */
const PRINTED: readonly (readonly [c: number, theta: number])[] = [
  [1, 0.6321],
  [5, 0.8245],
  [10, 0.8749],
  [50, 0.9437],
  [100, 0.9601],
  [500, 0.9822],
];
const LOADS = [0.5, 1, 2];
/** Dials a replication. */
const DIALS = 20_000;
const WINDOW = ms(100);

export function admission({ seed, replications, isShort }: Effort): readonly Comparison[] {
  const printed = PRINTED.map(([c, theta]) => {
    const figure = rounded(expectedBelow(poisson(c, c), c) / c);
    return compare(`${c} a window, load 1`, 'throughput as printed', exactly(theta), exactly(figure));
  });
  const simulated = PRINTED.filter(([c]) => !isShort || c === 5 || c === 50).flatMap(([c]) =>
    LOADS.map((load) => {
      const windows = Math.max(20, Math.round(DIALS / (c * load)));
      const clients = Math.round(c * load * windows);
      const expected = expectedBelow(binomial(clients, 1 / windows, c), c) / c;
      const ours = throughput(c, clients, windows, seed, replications);
      // Where a refusal is rare a sample may show none at all: no error is less than that of their number.
      const refusals = Math.max(0, load - expected) * c * windows * replications;
      const rare = Math.sqrt(refusals) / (c * windows * replications);
      return compare(`${c} a window, load ${load}`, 'throughput', exactly(expected), {
        ...ours,
        error: Math.max(ours.error, rare),
      });
    }),
  );
  return [...printed, ...simulated, ...channel({ seed, replications })];
}

function throughput(c: number, clients: number, windows: number, seed: string, replications: number): Figure {
  const storm: Storm = {
    ...REFERENCE_STORM,
    clients,
    capacity: (c * 1_000_000) / WINDOW,
    window: WINDOW,
    outages: [{ ...REFERENCE_STORM.outages[0]!, lasts: seconds(1) }],
  };
  const policy = onceWithin(seconds(1), windows * WINDOW);
  return sampled(replications, (replication) => {
    const { recoveredAt } = runStorm(storm, policy, { seed: `${seed}/${c}`, replication });
    return recoveredAt.reduce((sum, at) => sum + (at >= 0 ? 1 : 0), 0) / (c * windows);
  });
}

/**
 * The collision channel: of those who send in one slot all lose. Balls in boxes again: n (1 - 1/W)^(n - 1) of them are
 * alone, at a load of rho a share of rho exp(-rho) of all slots, 1/e at most.
 */
function channel({ seed, replications }: Pick<Effort, 'seed' | 'replications'>): readonly Comparison[] {
  const slots = 2000;
  return LOADS.map((load) => {
    const senders = load * slots;
    const expected = load * power(1 - 1 / slots, senders - 1);
    const storm: Storm = { ...REFERENCE_STORM, clients: senders };
    const policy = onceWithin(ZERO, slots * 1000);
    const ours = sampled(replications, (replication) => {
      const sent = new Uint16Array(slots);
      runStorm(storm, policy, {
        seed: `${seed}/channel`,
        replication,
        watch: (_, at) => {
          sent[Math.floor(at / 1000)]!++;
        },
      });
      return sent.reduce((sum, count) => sum + (count === 1 ? 1 : 0), 0) / slots;
    });
    return compare(`collision channel, load ${load}`, 'throughput', exactly(expected), ours);
  });
}

/** One dial, uniform over a stretch. */
const onceWithin = (from: number, length: number): Policy => ({
  ...POLICY_DEFAULTS,
  delay: { kind: 'constant', base: seconds(1) },
  first: { least: us(from), most: us(from + length - 1) },
  cap: us(from + length),
  attemptsMax: 1,
});

const sampled = (replications: number, of: (replication: number) => number): Figure =>
  meanFigure(Float64Array.from({ length: replications }, (_, replication) => of(replication)));

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** A whole power. */
export function power(base: number, exponent: number): number {
  let product = 1;
  for (let n = 0; n < exponent; n++) product *= base;
  return product;
}

/**
 * Access networks as arbitraries, between the best and the worst of the presets, and beside them: asymmetric, jittery,
 * lossy, with small queues and with bursts. They shrink to fast paths that lose nothing.
 */
import fc from 'fast-check';
import type { PathConfig } from '../../../src/link/config.ts';
import { ms, us } from '../../../src/time.ts';
import { mustBeScenario } from '../../core/definition.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Network } from '../../networks/network.ts';

/** Bytes a second of the fastest path, 100 Mbit/s, and how many times slower the slowest is: 0.2 Mbit/s, as `edge`. */
const FASTEST = 12_500_000;
const SLOWEST = 500;

const thousandths = (most: number) => fc.integer({ min: 0, max: most }).map((num) => ({ num, of: 1000 }));
const milliseconds = (min: number, max: number) => fc.integer({ min, max }).map((n) => ms(n));

/** Loss of up to 30 %, as on the worst preset; most paths lose little. */
const loss = fc.oneof({ weight: 2, arbitrary: thousandths(20) }, { weight: 1, arbitrary: thousandths(300) });

const bursts = fc.record({
  good: milliseconds(500, 60_000),
  bad: milliseconds(10, 3_000),
  loss: thousandths(1000),
});

const path: fc.Arbitrary<PathConfig> = fc.record({
  delay: fc.integer({ min: 250, max: 500_000 }).map(us),
  jitter: milliseconds(0, 50),
  rate: fc.integer({ min: 1, max: SLOWEST }).map((times) => Math.floor(FASTEST / times)),
  queue: fc.integer({ min: 0, max: 6 }).map((halved) => (512 * 1024) >> halved),
  loss,
  bursts: fc.option(bursts, { freq: 3 }),
  trace: fc.constant(null),
});

/**
 * Networks. For a scenario only those on which its clients can keep their promises at all: `run` refuses the others.
 */
export function networks(scenario?: Scenario): fc.Arbitrary<Network> {
  if (scenario !== undefined) mustBeScenario(scenario, 'scenario');
  const flawOf = scenario?.protocol?.flawOfNetwork;
  const any = fc.record({ name: fc.constant('drawn'), source: fc.constant('fast-check'), up: path, down: path });
  return flawOf === undefined ? any : any.filter((network) => flawOf(network) === null);
}

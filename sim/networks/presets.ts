/** Access networks by name: the conditions that people reconnect on, with the source of each figure. */
import type { Bursts, PathConfig } from '../../src/link/config.ts';
import type { Ratio } from '../../src/machine.ts';
import { ms, seconds, us, ZERO } from '../../src/time.ts';
import type { Network } from './network.ts';

interface Line {
  readonly downMbps: number;
  readonly upMbps: number;
  /** One-way delay in milliseconds. */
  readonly delay: number;
  readonly lossPercent?: number;
  readonly jitter?: number;
  readonly bursts?: Bursts;
}

const NO_LOSS: Ratio = { num: 0, of: 1 };

function path(
  mbps: number,
  { delay, lossPercent = 0, jitter = 0, bursts = null }: Omit<Line, 'bursts'> & { bursts?: Bursts | null },
): PathConfig {
  return {
    delay: us(delay * 1000),
    jitter: jitter === 0 ? ZERO : ms(jitter),
    rate: Math.round((mbps * 1_000_000) / 8),
    queue: 64 * 1024,
    loss: lossPercent === 0 ? NO_LOSS : { num: Math.round(lossPercent * 10), of: 1000 },
    bursts,
    trace: null,
  };
}

const network = (name: string, source: string, line: Line): Network => ({
  name,
  source,
  up: path(line.upMbps, line),
  down: path(line.downMbps, line),
});

const APPLE = 'Apple Network Link Conditioner';
const WPT = 'WebPageTest connection profiles';

/** Every preset, in the order of `hangup list networks`. */
export const NETWORKS: readonly Network[] = [
  network('datacentre', 'ours: 10 Gbit/s, 0.25 ms', { downMbps: 10_000, upMbps: 10_000, delay: 0.25 }),
  network('wifi', APPLE, { downMbps: 40, upMbps: 33, delay: 1 }),
  network('cable', APPLE, { downMbps: 6, upMbps: 1, delay: 2 }),
  network('dsl', APPLE, { downMbps: 2, upMbps: 0.256, delay: 5 }),
  network('lte', WPT, { downMbps: 12, upMbps: 12, delay: 35 }),
  network('4g', WPT, { downMbps: 9, upMbps: 9, delay: 85 }),
  network('slow-4g', 'Lighthouse throttling', { downMbps: 1.6, upMbps: 0.75, delay: 75 }),
  network('3g', APPLE, { downMbps: 0.78, upMbps: 0.33, delay: 100 }),
  network('3g-lossy', APPLE, { downMbps: 0.78, upMbps: 0.33, delay: 100, lossPercent: 1 }),
  network('3g-slow', WPT, { downMbps: 0.4, upMbps: 0.4, delay: 200 }),
  network('edge', APPLE, { downMbps: 0.24, upMbps: 0.2, delay: 400 }),
  network('edge-lossy', APPLE, { downMbps: 0.24, upMbps: 0.2, delay: 400, lossPercent: 1 }),
  network('very-bad', APPLE, { downMbps: 1, upMbps: 1, delay: 500, lossPercent: 10 }),
  network('satellite', 'Loadero', { downMbps: 1, upMbps: 0.256, delay: 300 }),
  network('mobile-loss-5', 'ours: LTE with 5 % packet loss', {
    downMbps: 12,
    upMbps: 12,
    delay: 35,
    lossPercent: 5,
    jitter: 5,
  }),
  network('mobile-loss-10', 'ours: LTE with 10 % packet loss', {
    downMbps: 12,
    upMbps: 12,
    delay: 35,
    lossPercent: 10,
    jitter: 5,
  }),
  network('mobile-loss-30', 'ours: LTE with 30 % packet loss', {
    downMbps: 12,
    upMbps: 12,
    delay: 35,
    lossPercent: 30,
    jitter: 5,
  }),
  network('busy-wifi', 'ours: a Gilbert-Elliott chain on the clock, 1 s good, 50 ms with 30 % loss', {
    downMbps: 20,
    upMbps: 10,
    delay: 5,
    bursts: { good: seconds(1), bad: ms(50), loss: { num: 3, of: 10 } },
  }),
  network('bad-cell', 'ours: a Gilbert-Elliott chain on the clock, 2 s good, 200 ms with 50 % loss', {
    downMbps: 5,
    upMbps: 2,
    delay: 50,
    bursts: { good: seconds(2), bad: ms(200), loss: { num: 1, of: 2 } },
  }),
  network('elevator', 'ours: 60 s good, 3 s dead', {
    downMbps: 12,
    upMbps: 12,
    delay: 35,
    bursts: { good: seconds(60), bad: seconds(3), loss: { num: 1, of: 1 } },
  }),
];

const byName = new Map(NETWORKS.map((each) => [each.name, each]));

/** The preset of that name, or undefined: the caller knows best how to suggest one. */
export const findNetwork = (name: string): Network | undefined => byName.get(name);

/** The preset of a name that our own code wrote. */
export function networkNamed(name: string): Network {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`hangup bug: no network preset ${name}`);
  return found;
}

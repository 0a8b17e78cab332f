/** How far everybody is from everybody: for good, both ways alike or not, and now and then farther. */
import type { PathConfig, Tail } from '../../../../src/link/config.ts';
import { type Duration, ms, plus, us, ZERO } from '../../../../src/time.ts';
import type { Network } from '../../../networks/network.ts';
import type { Topology } from '../topology.ts';
import type { Luck } from './luck.ts';

/** The most that a distance adds to one direction of an access link, and of the way between balancer and server. */
const FARTHEST = { access: ms(150), inner: ms(30) };

type Way = Readonly<Record<'up' | 'down', Duration>>;

export interface Distances extends Pick<Topology, 'farther' | 'serviceSpread'> {
  readonly network: Network;
  /** The most that a round trip of any client may take. */
  readonly trip: Duration;
}

/** The network with what it is now and then, and what each pair of nodes adds to it. */
export function distancesOf(luck: Luck, base: Network): Distances {
  const tail = tailOf(luck);
  const late = (path: PathConfig): PathConfig => (tail === null ? path : { ...path, tail });
  const network = { ...base, up: late(base.up), down: late(base.down) };
  const isApart = luck.isOdd('distances');
  const pairs = new Map<string, Way>();
  // Not the first client: somebody is as near as the network says.
  const farther = ([from, to]: readonly [string, string]): Way => {
    const pair = `${from}-${to}`;
    const known =
      pairs.get(pair) ?? (from === 'c1' ? NEAR : apart(luck, from === 'lb' ? FARTHEST.inner : FARTHEST.access));
    pairs.set(pair, known);
    return known;
  };
  const spread = luck.of('post', ZERO, [us(50), ms(1), ms(5)]);
  const most = isApart ? 2 * (FARTHEST.access + FARTHEST.inner) : 0;
  const once = (path: PathConfig): number => path.delay + path.jitter + (path.tail?.delay ?? 0);
  return {
    network,
    trip: us(once(network.up) + once(network.down) + most),
    ...(isApart ? { farther } : {}),
    ...(spread === 0 ? {} : { serviceSpread: spread }),
  };
}

const NEAR: Way = { up: ZERO, down: ZERO };

/** One direction may be much longer than the other: routes are not the same both ways. */
function apart(luck: Luck, most: Duration): Way {
  const once = us(luck.between('apart', 0, most));
  return luck.isOdd('asymmetric') ? { up: once, down: us(luck.between('apart', 0, most)) } : { up: once, down: once };
}

/** A radio that sleeps between packets, or a queue that somebody else fills. */
function tailOf(luck: Luck): Tail | null {
  if (!luck.isOdd('tail')) return null;
  const share = luck.pick('tail', [
    { num: 1, of: 100 },
    { num: 1, of: 10 },
    { num: 1, of: 2 },
  ]);
  return { share, delay: plus(ms(luck.pick('tail', [5, 40, 250])), us(luck.between('tail', 0, 999))) };
}

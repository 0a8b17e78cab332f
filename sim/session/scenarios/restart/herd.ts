/**
 * All clients of a deployment lose their connections at one instant, for a moment or for minutes: ten in most runs, a
 * hundred in a fifth of them, a thousand in three of a thousand, ten thousand in one of four thousand. Servers admit so
 * many a second, let some wait and refuse the others. Jitter spreads the clients over the time that the policy names, and
 * every session is resumed once.
 */

import { type Duration, formatDuration, type Instant, minutes, ms, plus, seconds, us } from '../../../../src/time.ts';
import { oncePer, type Setting } from '../../../core/scenario.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import type { Exception } from '../../../targets/target.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import type { Turn } from '../../world.ts';
import { cutMidStream, movedServer, queued, resumed, told, turnedAway } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, networkOf } from '../dimensions.ts';
import { WORLD_POLICY } from '../policy.ts';
import { backWithin, promised, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';

/** A few are still connecting for the first time when it happens: a lossy path repeats a SYN after a second. */
const returned = (name: string, count: number) =>
  claim({
    name,
    states: `${(count * 9) / 10} of ${count} clients resumed their sessions after one event`,
    remember: () => ({ resumed: new Set<string>() }),
    on: {
      restored: ({ resumed: back }, entry, reached) => {
        if (entry.resumed && back.add(entry.node).size * 10 >= count * 9) reached();
      },
    },
  });

/** The larger the rarer, so that a sweep spends its time on many herds and not on one. */
const SIZES = [
  ...Array<string>(3_187).fill('10'),
  ...Array<string>(800).fill('100'),
  ...Array<string>(12).fill('1000'),
  '10000',
];

/** How long nobody is taken, from the shortest to the longest. */
const OUTAGES: Readonly<Record<string, readonly [Duration, Duration]>> = {
  brief: [ms(100), seconds(3)],
  long: [seconds(3), seconds(30)],
  minutes: [seconds(30), seconds(180)],
};
/** The longer the rarer, for the same reason. */
const LASTING = [...Array<string>(16).fill('brief'), 'long', 'long', 'long', 'minutes'];

const SERVERS = 3;
/** What a server can admit in a second, in tenths of all clients; and how long a full queue waits for the slots. */
const TENTHS = [1, 3, 10] as const;
const QUEUED = [ms(100), seconds(1)] as const;
/** Servers that can only just cope: all clients at their rate. */
const SLOWEST = us((10 * 1_000_000) / SERVERS);
/** Before the event the clients arrive at half of the servers' rate, and in a second at least. */
const ARRIVAL = seconds(1);

/** One client in so many streams an answer when it happens. */
const STREAMING = 25;

/** What a seed makes of a deployment of that size. */
interface Deployment {
  readonly clients: number;
  readonly capacity: number;
  readonly acceptQueue: number;
  readonly refuseWith: 'http' | 'close';
  /** The clients arrive in this time, in order. */
  readonly arrival: Duration;
  readonly at: Instant;
  readonly lasts: Duration;
  /** When everybody says something, and leaves when it has taken effect: behind the event, so that everybody must be back. */
  readonly speaks: Instant;
}

function deploymentOf({ dice, cell }: Setting): Deployment {
  const clients = Number(cell.size ?? '100');
  const capacity = Math.max(1, Math.trunc((clients * dice.pick('world/capacity', TENTHS)) / 10));
  const acceptQueue = Math.max(1, Math.trunc((capacity * dice.pick('world/queue', QUEUED)) / 1_000_000));
  const refuseWith = dice.pick('world/refuses', ['http', 'close'] as const);
  const arrival = us(Math.max(ARRIVAL, Math.trunc((2 * clients * 1_000_000) / (SERVERS * capacity))));
  const at = (arrival + dice.between('plan/at', ms(1_500), ms(2_500))) as Instant;
  const lasts = us(dice.between('plan/lasts', ...(OUTAGES[cell.lasts ?? 'brief'] as readonly [Duration, Duration])));
  return {
    clients,
    capacity,
    acceptQueue,
    refuseWith,
    arrival,
    at,
    lasts,
    speaks: plus(arrival, seconds(3)) as number as Instant,
  };
}

const arrivalOf = ({ clients, arrival }: Deployment, client: number): Instant =>
  Math.trunc((arrival * client) / clients) as Instant;

function turnsOf(deployment: Deployment, client: number): Turn[] {
  const wait = us(deployment.speaks - arrivalOf(deployment, client));
  const remark: Turn = { key: 'k', ask: -1, bytes: 60, wait, parallel: true };
  if (client % STREAMING !== 0) return [remark];
  return [
    { key: 'q', ask: 0, bytes: 60, wait: ms(1), parallel: false },
    { ...remark, wait: us(wait - ms(1)) },
  ];
}

/**
 * Behind the end of the outage the servers are busy until all that they had no room for are in, the slowest of them for
 * `SLOWEST`; who was refused last then waits as long as the policy may draw, behind what the refusal asked for.
 */
const backAfter = (outage: string): Exception => {
  const [, longest] = OUTAGES[outage] as readonly [Duration, Duration];
  const { cap, retryAfterSpread } = WORLD_POLICY;
  const refused = us(seconds(1) + Math.max(cap, retryAfterSpread));
  return {
    cells: { lasts: [outage] },
    bound: us(backWithin(plus(longest, PROBED), GROWN) + SLOWEST + refused),
    reason: `Nobody is taken for up to ${formatDuration(longest)}, and the balancer knows of its end ${formatDuration(PROBED)} later; then three servers admit a tenth of all clients a second each, and whoever they refuse waits once more.`,
  };
};
/** A balancer asks its servers every second whether they are there. */
const PROBED = seconds(1);
/** Attempts behind which a wait is as long as the policy may draw. */
const GROWN = 20;

export const herd = sessionScenario({
  name: 'restart/herd',
  title: '10 to 10,000 clients come back at once to servers that admit so many a second',
  sometimes: [
    resumed,
    movedServer,
    cutMidStream,
    queued,
    turnedAway,
    told('connection_lost'),
    told('unavailable'),
    returned('hundred-returned', 100),
    // Drawn so often: the others are smaller herds.
    oncePer(400, returned('thousand-returned', 1_000)),
    oncePer(5_000, returned('ten-thousand-returned', 10_000)),
  ],
  dimensions: { condition: ['servers', 'balancer', 'network'], lasts: LASTING, size: SIZES, network: ACCESS },
  builds: ['condition', 'lasts', 'size'],
  targets: usualTargets({
    back: Object.keys(OUTAGES).map(backAfter),
    without: ['timeouts'],
    besides: [
      ...promised('connect', 'context-restored'),
      { name: 'emergency', except: [backAfter('long'), backAfter('minutes')] },
    ],
  }),
  world(setting) {
    const deployment = deploymentOf(setting);
    const { clients, capacity, acceptQueue, refuseWith, at, lasts } = deployment;
    const refusal = refuseWith === 'http' ? '503' : '1013';
    const momentary = setting.cell.condition === 'network' && setting.cell.lasts === 'brief';
    const outage = momentary ? 'cut off for a moment' : `out for ${formatDuration(lasts)}`;
    return buildWorld({
      clients,
      servers: SERVERS,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark']),
      turns: (client) => turnsOf(deployment, client),
      start: (client) => arrivalOf(deployment, client),
      agent: { chunkInterval: ms(350) },
      capacity,
      intake: { acceptQueue, refuseWith },
      // Nobody's session may end while its client waits for a slot.
      server: { sessionTtl: TTL },
      store: { sessionTtl: TTL },
      harm: { at, lasts },
      note: `${clients} clients, ${SERVERS} servers that admit ${capacity} a second each, ${acceptQueue} wait, then ${refusal}; ${outage}`,
    });
  },
  plan({ cell }, world): FaultPlan {
    const { at, lasts } = world.harm as NonNullable<typeof world.harm>;
    if (cell.condition === 'balancer') return [{ kind: 'balancerCrash', target: 'lb', at, lasts }];
    if (cell.condition === 'network')
      return world.clients.flatMap(({ node }) => lost(`${node}-lb`, at, lasts, cell.lasts));
    return world.servers.map(({ node }): Fault => ({ kind: 'crash', target: node, at, lasts, how: 'process' }));
  },
});

/** A middlebox drops every connection; for long, it also passes nothing. */
function lost(target: string, at: Instant, lasts: Duration, outage: string | undefined): readonly Fault[] {
  const reset: Fault = { kind: 'reset', target, at };
  return outage === 'brief' ? [reset] : [reset, { kind: 'cut', target, at, lasts, direction: 'both' }];
}

/** Longer than the longest outage and all that may follow it. */
const TTL = minutes(15);

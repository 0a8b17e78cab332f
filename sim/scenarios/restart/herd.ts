/**
 * All clients of a deployment lose their connections at one instant: ten in most runs, a hundred in a fifth of them, a
 * thousand in three of a thousand, ten thousand in one of four thousand. Jitter spreads them over the time that the policy names, and every session is
 * resumed once.
 */
import { type Instant, ms, seconds, us } from '../../../src/time.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import { claim, type Scenario, type Turn } from '../../scenario.ts';
import { cutMidStream, movedServer, oncePer, resumed, told } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, networkOf } from '../dimensions.ts';
import { backWithin, promised, promises, unless } from '../promises.ts';
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

/** Clients arrive in this time, before the event. */
const ARRIVAL = seconds(1);

/** One client in so many streams an answer when it happens. */
const STREAMING = 25;

/** When everybody says something, and leaves when it has taken effect: behind the event, so that everybody must be back. */
const SPEAKS = seconds(4);

const arrivalOf = (client: number, clients: number): Instant => Math.trunc((ARRIVAL * client) / clients) as Instant;

function turnsOf(client: number, arrival: Instant): Turn[] {
  const remark: Turn = { key: 'k', ask: -1, bytes: 60, wait: us(SPEAKS - arrival), parallel: true };
  if (client % STREAMING !== 0) return [remark];
  const wait = us(SPEAKS - arrival - ms(1));
  return [
    { key: 'q', ask: 0, bytes: 60, wait: ms(1), parallel: false },
    { ...remark, wait },
  ];
}

export const herd: Scenario = {
  name: 'restart/herd',
  title: '10, 100, 1,000 or 10,000 clients come back at once, spread by their jitter',
  sometimes: [
    resumed,
    movedServer,
    cutMidStream,
    told('connection_lost'),
    told('unavailable'),
    returned('hundred-returned', 100),
    // Drawn so often: the others are smaller herds.
    oncePer(400, returned('thousand-returned', 1_000)),
    oncePer(5_000, returned('ten-thousand-returned', 10_000)),
  ],
  dimensions: { condition: ['servers', 'balancer', 'network'], size: SIZES, network: ACCESS },
  targets: promises({
    back: [
      unless(
        ['servers', 'balancer'],
        backWithin(seconds(4), 4),
        'Nobody takes a connection for up to 3 s, and the balancer knows of it 1 s later.',
      ),
    ],
    without: ['timeouts'],
    besides: promised('connect', 'context-restored', 'emergency'),
  }),
  world(setting) {
    const clients = Number(setting.cell.size ?? '100');
    return buildWorld({
      clients,
      servers: 3,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark']),
      turns: (client) => turnsOf(client, arrivalOf(client, clients)),
      start: (client) => arrivalOf(client, clients),
      agent: { chunkInterval: ms(350) },
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = (ARRIVAL + dice.between('plan/at', ms(1_500), ms(2_500))) as Instant;
    const lasts = ms(dice.between('plan/lasts', 100, 3_000));
    if (cell.condition === 'balancer') return [{ kind: 'balancerCrash', target: 'lb', at, lasts }];
    if (cell.condition === 'network')
      return world.clients.map(({ node }): Fault => ({ kind: 'reset', target: `${node}-lb`, at }));
    return world.servers.map(({ node }): Fault => ({ kind: 'crash', target: node, at, lasts, how: 'process' }));
  },
};

/**
 * All clients of a deployment lose their connections at one instant: a hundred in most runs, a thousand in some, ten
 * thousand in a few. Jitter spreads them over the time that the policy names, and every session is resumed once.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import { claim, type Scenario, type Turn } from '../../scenario.ts';
import { cutMidStream, movedServer, resumed, told } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, networkOf } from '../dimensions.ts';
import { backWithin, promises } from '../midstream/targets.ts';
import { promised, unless } from '../promises.ts';
import { buildWorld } from '../topology.ts';

const returned = (name: string, count: number) =>
  claim({
    name,
    states: `${count} clients resumed their sessions after one event`,
    remember: () => ({ resumed: 0 }),
    on: {
      restored: (memory, entry, reached) => {
        if (entry.resumed && ++memory.resumed >= count) reached();
      },
    },
  });

/** A thousand clients cost as much as ten runs with a hundred, ten thousand as much as a hundred: they are as rare. */
const SIZES = [...Array<string>(992).fill('100'), ...Array<string>(6).fill('1000'), '10000', '100'];

/** Clients arrive in this time, before the event. */
const ARRIVAL = seconds(1);

/** One client in so many streams an answer when it happens; the others only stay connected. */
const STREAMING = 25;

export const herd: Scenario = {
  name: 'restart/herd',
  title: '100, 1,000 and 10,000 clients come back at once, spread by their jitter',
  sometimes: [
    resumed,
    movedServer,
    cutMidStream,
    told('connection_lost'),
    told('unavailable'),
    returned('hundred-returned', 100),
    returned('thousand-returned', 1_000),
    returned('ten-thousand-returned', 10_000),
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
    besides: promised('connect', 'context-restored', 'emergency'),
  }),
  world(setting) {
    const clients = Number(setting.cell.size ?? '100');
    const question: Turn[] = [{ key: 'q1', ask: 0, bytes: 60, wait: ms(1), parallel: false }];
    return buildWorld({
      clients,
      servers: 3,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark']),
      turns: (client) => (client % STREAMING === 0 ? question : []),
      start: (client) => Math.trunc((ARRIVAL * client) / clients) as Instant,
      agent: { chunkInterval: ms(300) },
      // Everybody is there when it happens, and stays until everybody has been away.
      stayUntil: seconds(4) as number as Instant,
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

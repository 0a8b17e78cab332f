/**
 * Nobody takes a connection for so long that a client retries hundreds of times, and in a few runs more than a thousand: at
 * numbers of attempts at which a doubled delay has long been larger than any number. The waits keep to the policy, and the
 * client is back soon after the servers are.
 */
import type { Policy } from '../../../../src/backoff/policy.ts';
import { type Duration, minutes, ms, us } from '../../../../src/time.ts';
import { oncePer } from '../../../core/scenario.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { resumed, told } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, answerOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { WORLD_POLICY } from '../policy.ts';
import { hundredsOfRetries, retriedTimes } from '../situations/connections.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

/** Policies of different shapes whose waits stop growing early, so that hundreds of them fit into minutes. */
const BASE = ms(20);
const CAP = ms(250);
const SHAPES: Readonly<Record<string, Partial<Policy>>> = {
  doubling: { delay: { kind: 'exponential', base: BASE, factor: { num: 2, of: 1 }, compounds: false } },
  equal: {
    delay: { kind: 'exponential', base: BASE, factor: { num: 2, of: 1 }, compounds: false },
    jitter: { kind: 'equal' },
  },
  slowly: { delay: { kind: 'exponential', base: BASE, factor: { num: 16, of: 10 }, compounds: false } },
  linear: { delay: { kind: 'linear', base: BASE, step: BASE } },
  decorrelated: {
    delay: { kind: 'constant', base: BASE },
    jitter: { kind: 'decorrelated', factor: { num: 3, of: 1 } },
  },
  proportional: {
    delay: { kind: 'exponential', base: BASE, factor: { num: 2, of: 1 }, compounds: false },
    jitter: { kind: 'proportional', below: { num: 1, of: 2 }, above: { num: 1, of: 2 } },
    capOn: 'draw',
  },
};

/** Most runs see some hundred retries; one in forty more than 1,024, where two to that power is infinite. */
const RETRIES = [...Array<string>(39).fill('300'), '1100'];

export const longOutage = sessionScenario({
  name: 'restart/long-outage',
  title: 'an outage of hundreds of retries, in some runs a thousand: waits as the policy says to the end',
  sometimes: [resumed, told('refused'), hundredsOfRetries, oncePer(200, retriedTimes('thousand-retries', 1_025))],
  dimensions: { condition: Object.keys(SHAPES), moment: MOMENTS, network: ACCESS, retries: RETRIES },
  builds: ['condition'],
  targets: promised('backoff', 'completion', 'integrity', 'recovered'),
  world(setting) {
    const shape = SHAPES[setting.cell.condition ?? 'doubling'] ?? {};
    return buildWorld({
      clients: 1,
      servers: 1,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark']),
      turns: () => conversation(2, () => 0, ms(200)),
      policy: { ...WORLD_POLICY, ...shape, cap: CAP },
      agent: { chunkInterval: ms(45) },
      // Nobody's session may end while its client knocks.
      server: { sessionTtl: TTL },
      store: { sessionTtl: TTL },
      balancer: { probeInterval: minutes(1) },
      note: `policy ${setting.cell.condition ?? 'doubling'}, waits of up to 250 ms`,
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const lasts = us(
      Math.trunc((longestOf(world, Number(cell.retries ?? '300')) * dice.between('plan/lasts', 750, 1_000)) / 1_000),
    );
    const gone: Fault = { kind: 'balancerCrash', target: 'lb', at, lasts };
    return [gone];
  },
});

/** What so many retries take at the most: a wait of the cap, and the round trip of a refused dial each. */
function longestOf(
  {
    links,
  }: {
    readonly links: readonly {
      readonly up: { readonly delay: Duration };
      readonly down: { readonly delay: Duration };
    }[];
  },
  retries: number,
): Duration {
  const [link] = links;
  const roundTrip = link === undefined ? 0 : link.up.delay + link.down.delay;
  return us(retries * (CAP + roundTrip));
}

/** Longer than the longest outage: 1,100 waits, and as many round trips of 200 ms. */
const TTL = minutes(30);

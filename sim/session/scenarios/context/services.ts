/**
 * What stands behind the servers fails: the token service, or the store. Sessions wait for them, nothing is answered from
 * what may be wrong, and the conversation goes on as it was.
 */
import { type Instant, ms, seconds } from '../../../../src/time.ts';
import { oncePer } from '../../../core/scenario.ts';
import { drawPlan } from '../../../faults/draw.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { resumed, sendRepeated, storeLostTail, told } from '../claims.ts';
import { ACCESS, instantOf, MOMENTS } from '../dimensions.ts';
import { backWithin, HELLO_WAITS, unless, usualTargets } from '../target-lists.ts';
import { talk, talkOf } from './talk.ts';

/** The kinds of faults of the two services; each is a condition. */
const KINDS = [
  'authDown',
  'tokenExpiry',
  'clockSkew',
  'storeCrash',
  'storeSlow',
  'storeUnavailable',
  'storePartition',
  'storeStale',
  'storeFailedWrite',
] as const satisfies readonly string[];

const restoredDuring = claim({
  name: 'restored-during',
  states: 'a session was resumed while a service was in trouble',
  remember: () => ({ trouble: 0 }),
  on: {
    fault: (memory, { name, begins }) => {
      if (name.startsWith('store') || name === 'authDown' || name === 'clockSkew') memory.trouble += begins ? 1 : -1;
    },
    restored: ({ trouble }, entry, reached) => {
      if (trouble > 0 && entry.resumed) reached();
    },
  },
});

export const services = sessionScenario({
  name: 'context/services',
  title: 'token service and store fail; sessions wait, and go on as they were',
  sometimes: [
    resumed,
    sendRepeated,
    restoredDuring,
    storeLostTail,
    told('unavailable'),
    oncePer(100, told('token_expired')),
  ],
  dimensions: { condition: KINDS, moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [
      unless(
        [],
        backWithin(seconds(15), 3),
        'A service is away for up to 8 s; a server asks it for 4 s, then sends clients away for up to 3 s.',
      ),
    ],
    without: ['timeouts'],
    besides: [
      {
        name: 'context-restored',
        except: [unless([], HELLO_WAITS, 'Nobody is shown a context before token service and store have answered.')],
      },
      {
        name: 'stream-resumed',
        except: [
          unless(KINDS.slice(3), seconds(9), 'Replay waits for the store, which is away or slow for up to 8 s.'),
        ],
      },
    ],
  }),
  world: (setting) => talk(setting, { turns: 4 }),
  plan(setting, world): FaultPlan {
    const { dice, cell } = setting;
    const talking = talkOf(world);
    const at = instantOf(dice, cell.moment, talking);
    const trouble = drawPlan(setting, {
      kinds: cell.condition === undefined ? KINDS : [cell.condition],
      count: [1, 2],
      from: at,
      until: at,
      lasts: [ms(100), seconds(8)],
      links: ['c1-lb'],
      clients: ['c1'],
      servers: ['s1', 's2'],
    });
    // In the middle of it the connection is lost, so that a claim and a token's check meet the trouble too.
    const loss: Fault = {
      kind: 'reset',
      target: 'c1-lb',
      at: (at + dice.between('plan/loss', 0, ms(900))) as Instant,
    };
    return [...trouble, loss].sort((a, b) => a.at - b.at);
  },
});

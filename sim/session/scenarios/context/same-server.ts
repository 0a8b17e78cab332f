/**
 * One server, or a balancer that sends each client back to the one that it was on: whoever loses a connection without a
 * word comes back to the very server that still takes the old one for alive. The new connection gets the session, the old
 * one is ended, and what the application went on asking meanwhile takes effect once.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { fencedOld, resumed, sendRepeated } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, chatOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { bothOnOneServer } from '../situations/connections.ts';
import { backWithin, unless, usualTargets } from '../target-lists.ts';
import { buildWorld, DEFAULTS } from '../topology.ts';
import { chatter } from '../turns.ts';
import { PACE } from './talk.ts';

const stayed = claim({
  name: 'stayed',
  states: 'a session was claimed three times or more, each time by the server that had it',
  remember: () => ({ owners: new Map<number, string>(), times: new Map<number, number>() }),
  on: {
    owned: ({ owners, times }, { session, server }, reached) => {
      if (server === '') return;
      const before = owners.get(session);
      const count = before === undefined || before === server ? (times.get(session) ?? 0) + 1 : 1;
      owners.set(session, server);
      times.set(session, count);
      if (count >= 3) reached();
    },
  },
});

/** Both sides of a silent connection give it up after so long; who heard the other last does it later. */
const { deadAfter, heartbeatInterval } = DEFAULTS;

/** How the client loses its connection, and the server does not. */
const WAYS: Readonly<Record<string, (dice: Dice, at: Instant) => FaultPlan>> = {
  /** The device has another address and says so: it does not wait for the old connection to prove dead. */
  moved: (dice, at) => [move(dice, at, true)],
  untold: (dice, at) => [move(dice, at, false)],
  /** The client's end loses it, and the far end is not told. */
  unheard: (_, at) => [{ kind: 'halfOpen', target: 'c1-lb', at, end: 'near' }],
  rebind: (_, at) => [{ kind: 'rebind', target: 'c1-lb', at }],
  /** Silence that ends about when the client gives up, before or after the server does. */
  silence: (dice, at) => [
    {
      kind: 'cut',
      target: 'c1-lb',
      at,
      lasts: us(dice.between('plan/silence', deadAfter - heartbeatInterval, deadAfter + heartbeatInterval)),
      direction: 'both',
    },
  ],
  /** The page is opened a second time, and then the first tab is told that it was taken over. */
  tab: (dice, at) => [
    { kind: 'secondTab', target: 'c1', at, lasts: us(dice.between('plan/tab', ms(500), seconds(8))) },
  ],
};

const move = (dice: Dice, at: Instant, told: boolean): Fault => ({
  kind: 'addressChange',
  target: 'c1',
  at,
  lasts: us(dice.between('plan/lasts', ms(200), seconds(3))),
  network: dice.pick('plan/network', ['wifi', 'lte', '4g']),
  told,
});

export const sameServer = sessionScenario({
  name: 'context/same-server',
  title: 'a client comes back to the server that still serves its old connection',
  sometimes: [resumed, bothOnOneServer, fencedOld, stayed, sendRepeated],
  dimensions: { condition: Object.keys(WAYS), moment: MOMENTS, network: ACCESS, servers: ['one', 'sticky'] },
  builds: ['servers'],
  targets: usualTargets({
    back: [
      unless(
        ['silence'],
        backWithin(heartbeatInterval, 2),
        'Nothing passes for up to 14 s, and the client knows of it after 10 s.',
      ),
      unless(
        [],
        backWithin(seconds(3), 2),
        'Two losses in quick succession, and a device that is between two networks for up to 3 s.',
      ),
    ],
  }),
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: setting.cell.servers === 'one' ? 1 : 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark', 'remark-b']),
      turns: () => chatter(14, 4, 2, ms(200)),
      agent: { chunkInterval: PACE },
      balancer: { sticky: true },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const way = WAYS[cell.condition ?? 'moved'];
    if (way === undefined) return [];
    const at = instantOf(dice, cell.moment, chatOf(world));
    const plan = [...way(dice, at)];
    // It happens again, so that the newest connection is not only newer than the first.
    if (cell.condition !== 'tab' && dice.chance('plan/again', 2, 3))
      plan.push(...way(dice, (at + dice.between('plan/again', ms(200), seconds(4))) as Instant));
    return plan.sort((a, b) => a.at - b.at);
  },
});

/**
 * A server ends connections in good order, by itself: with 1000, as careless deployments and proxies do, or with another code
 * that is no reason to stay away; once, or again and again as soon as a client is back. The answer goes on each time, and a
 * server that does nothing but hang up is not hammered.
 */

import { CLOSE } from '../../../../src/close-codes.ts';
import { roleOf } from '../../../../src/facts.ts';
import { type Instant, ms, seconds, ZERO } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, replayed, resumed, told } from '../claims.ts';
import { ACCESS, answerOf, contentOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { serverSaidNormal } from '../situations/connections.ts';
import { backWithin, LOSSY, unless, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

/** A code of an application that the protocol knows nothing of. */
const UNKNOWN = 4_999;
const CODES: Readonly<Record<string, number>> = { 1000: 1_000, 1011: 1_011, 4008: 4_008, unknown: UNKNOWN };

const hungUpAgain = claim({
  name: 'hung-up-again',
  states: 'a server closed five connections of one client in good order, and the answer was whole in the end',
  remember: (facts) => ({ facts, closed: new Map<string, number>() }),
  on: {
    closed: ({ facts, closed }, { node, code }) => {
      if ((code === UNKNOWN || code === CLOSE.normal) && roleOf(facts, node) === 'client')
        closed.set(node, (closed.get(node) ?? 0) + 1);
    },
    received: ({ closed }, { node, chunk }, reached) => {
      if (chunk.fin && (closed.get(node) ?? 0) >= 5) reached();
    },
  },
});

const AGAIN = 8;

export const serverClose = sessionScenario({
  name: 'midstream/server-close',
  title: 'the server itself closes with 1000 or a code that nobody knows: the answer goes on',
  sometimes: [resumed, replayed, cutMidStream, told('closed_by_server'), serverSaidNormal, hungUpAgain],
  dimensions: { condition: [...Object.keys(CODES), 'again'], moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [
      unless(['again'], backWithin(ZERO, AGAIN), 'Up to eight connections are closed one after the other.'),
      LOSSY,
    ],
    without: ['timeouts'],
  }),
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentOf(setting, 'text', ['1-10KB', '10-100KB']),
      turns: () => conversation(2, () => 0, ms(50)),
      agent: { chunkInterval: ms(90) },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const closeAll = (when: number, code: number): FaultPlan =>
      world.servers.map(({ node }): Fault => ({ kind: 'serverClose', target: node, at: when as Instant, code }));
    if (cell.condition !== 'again') return closeAll(at, CODES[cell.condition ?? '1000'] ?? UNKNOWN);
    const plan: Fault[] = [];
    const times = dice.between('plan/times', 5, AGAIN);
    let next: number = at;
    for (let i = 0; i < times; i++) {
      plan.push(...closeAll(next, dice.pick('plan/code', [1_000, UNKNOWN])));
      next += dice.between('plan/gap', ms(400), seconds(2.5));
    }
    return plan;
  },
});

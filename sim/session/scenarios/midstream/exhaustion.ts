/**
 * The servers cannot go on for a while: they send away whom they have with 1013 and a time to wait, and take nobody until
 * they have recovered. The client waits as long as it was told, and the answer goes on where it was.
 */

import { CLOSE } from '../../../../src/close-codes.ts';
import { ms, plus, seconds, us, ZERO } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cameBack, cutMidStream, replayed, resumed } from '../claims.ts';
import { ACCESS, answerOf, contentOf, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { WORLD_POLICY } from '../policy.ts';
import { backWithin, usualTargets } from '../target-lists.ts';
import { buildWorld, DEFAULTS } from '../topology.ts';
import { conversation } from '../turns.ts';

const shed = claim({
  name: 'shed-mid-stream',
  states: 'a connection in the middle of an answer was closed with 1013',
  remember: () => ({ streaming: new Map<string, number>() }),
  on: {
    received: ({ streaming }, { node, conn, chunk }) => {
      if (chunk.fin) streaming.delete(node);
      else streaming.set(node, conn);
    },
    closed: ({ streaming }, { node, conn, code }, reached) => {
      if (code === CLOSE.tryAgainLater && streaming.get(node) === conn) reached();
    },
  },
});

const waited = claim({
  name: 'waited',
  states: 'a client that was told to wait dialled no sooner than it was told',
  remember: () => ({ until: new Map<string, number>() }),
  on: {
    'delivered ERROR': ({ until }, { at, node, payload }) => {
      if (payload.retryAfter > 0) until.set(node, at + payload.retryAfter);
    },
    dialled: ({ until }, { at, node }, reached) => {
      const least = until.get(node);
      if (least !== undefined && at >= least) reached();
      until.delete(node);
    },
  },
});

const refused = claim({
  name: 'refused',
  states: 'a client that came back was refused again',
  remember: () => ({ welcomed: new Set<string>() }),
  on: {
    restored: ({ welcomed }, { node }) => {
      welcomed.add(node);
    },
    closed: ({ welcomed }, { node, code, status }, reached) => {
      // Only a client is given a session.
      if (welcomed.has(node) && (status === 503 || code === CLOSE.tryAgainLater)) reached();
    },
  },
});

/** The longest patience that a server asks for, and the longest time that it takes nobody. */
const RETRY_AFTER = seconds(3);
const LONGEST = seconds(20);

export const exhaustion = sessionScenario({
  name: 'midstream/exhaustion',
  title: 'the servers cannot go on for a while: 1013 and a time to wait',
  sometimes: [resumed, replayed, cutMidStream, cameBack, shed, waited, refused],
  dimensions: {
    condition: ['sheds', 'refuses', 'sheds and refuses', 'stands still', 'agent stalls'],
    moment: MOMENTS,
    network: ACCESS,
  },
  targets: usualTargets({
    back: [
      {
        cells: { condition: ['sheds'] },
        bound: us(RETRY_AFTER + WORLD_POLICY.retryAfterSpread + backWithin(ZERO, 0) - DEFAULTS.connectTimeout),
        reason: 'The server asks for up to 3 s of patience, and the client keeps to it.',
      },
      {
        cells: {},
        bound: us(backWithin(plus(LONGEST, RETRY_AFTER), 20) + WORLD_POLICY.retryAfterSpread),
        reason: 'The servers take nobody for up to 20 s, and each refusal doubles the wait.',
      },
    ],
    besides: [{ name: 'overhead' }],
    // Everybody is answered at once, so that no deadline passes.
    without: ['timeouts'],
  }),
  world: (setting) =>
    buildWorld({
      clients: 2,
      servers: 2,
      network: networkOf(setting),
      contents: contentOf(setting, 'text', ['1-10KB', '10-100KB']),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(120) },
      server: { retryAfter: us(setting.dice.between('world/retry-after', 500_000, RETRY_AFTER)) },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const { condition } = cell;
    if (condition === 'stands still' || condition === 'agent stalls') {
      const kind = condition === 'stands still' ? 'serverPause' : 'agentStall';
      const lasts = us(dice.between('plan/lasts', 500_000, LONGEST));
      return ['s1', 's2'].map((target): Fault => ({ kind, target, at, lasts }));
    }
    const sheds = condition !== 'refuses';
    const plan: Fault[] = [];
    // Both servers, or one of them, and then those whom it sends away find room at the other.
    for (const target of dice.pick('plan/servers', [['s1', 's2'], ['s1', 's2'], ['s1'], ['s2']])) {
      // One that only sheds has recovered by the time that its clients come back.
      const lasts = condition === 'sheds' ? ms(200) : us(dice.between('plan/lasts', 500_000, LONGEST));
      const refuses = dice.pick('plan/refuses', ['hello', 'handshake'] as const);
      plan.push({ kind: 'overload', target, at, lasts, refuses, sheds });
    }
    // One that sends nobody away is only noticed by those who come: somebody loses the connection meanwhile.
    if (!sheds) plan.push(...faultsOf(dice, 'clean', 'c1-lb', at), ...faultsOf(dice, 'clean', 'c2-lb', at));
    return plan;
  },
});

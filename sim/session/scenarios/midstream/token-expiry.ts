/**
 * The client's token expires in the middle of an answer. Usually it was renewed in band before; where the token service is
 * away at that time, or nobody renews, the server closes with 4004 and the answer goes on with the next token.
 */
import { CLOSE } from '../../../../src/close-codes.ts';
import { type Duration, type Instant, ms, seconds, us, ZERO } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import type { Network } from '../../../networks/network.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import type { SessionWorld } from '../../world.ts';
import { cutMidStream, replayed, resumed } from '../claims.ts';
import { ACCESS, answerOf, contentOf, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { backWithin, DROPS, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

const renewed = claim({
  name: 'renewed',
  states: 'a token was renewed in band while an answer streamed',
  remember: () => ({ streaming: false }),
  on: {
    received: (memory, { chunk }) => {
      memory.streaming = !chunk.fin;
    },
    'sent AUTH': ({ streaming }, { node }, reached) => {
      if (node === 'c1' && streaming) reached();
    },
  },
});

const expired = claim({
  name: 'expired-mid-stream',
  states: 'a connection was closed with 4004 in the middle of an answer, and the session was resumed',
  remember: () => ({ streaming: false, closed: false }),
  on: {
    received: (memory, { chunk }) => {
      memory.streaming = !chunk.fin;
    },
    closed: (memory, { node, code }) => {
      if (node === 'c1' && code === CLOSE.tokenExpired && memory.streaming) memory.closed = true;
    },
    restored: ({ closed }, { resumed: again }, reached) => {
      if (closed && again) reached();
    },
  },
});

export const tokenExpiry = sessionScenario({
  name: 'midstream/token-expiry',
  title: 'the token expires in the middle of an answer',
  sometimes: [resumed, replayed, cutMidStream, renewed, expired],
  dimensions: { moment: MOMENTS.slice(1), size: ['1-10KB', '10-100KB'], network: ACCESS },
  builds: ['moment'],
  targets: usualTargets({
    back: [
      {
        cells: {},
        bound: backWithin(DROPS, 7),
        reason: 'In one run of three the token service is away for up to 6 s, in another the path for up to 20 s.',
      },
    ],
    besides: [{ name: 'overhead' }],
  }),
  world(setting): SessionWorld {
    const { dice, cell } = setting;
    const renews = dice.chance('world/renews', 2, 3);
    const network = networkOf(setting);
    const world = buildWorld({
      clients: 1,
      servers: 2,
      network,
      contents: contentOf(setting, 'text', ['1-10KB', '10-100KB']),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(90) },
      auth: { leeway: LEEWAY },
      client: { refreshBefore: renews ? seconds(1) : ZERO, tokenTimeout: patienceOn(network) },
      note: renews ? 'tokens are renewed 1 s before they expire' : 'tokens are renewed when they expire',
    });
    const expires = instantOf(dice, cell.moment, answerOf(world));
    return { ...world, auth: { ...world.auth, tokenTtl: us(Math.max(expires, SHORTEST)) } };
  },
  plan({ dice }, world): FaultPlan {
    const { tokenTtl } = world.auth;
    const plan: Fault[] = [];
    // The token service is away around the expiry, or a network event is; or nothing but time goes by.
    const what = dice.between('plan/what', 0, 4);
    const at = Math.max(0, tokenTtl - dice.between('plan/at', 0, 1_500_000)) as Instant;
    if (what === 0)
      plan.push({ kind: 'authDown', target: 'auth', at, lasts: us(dice.between('plan/lasts', 500_000, 6_000_000)) });
    if (what === 1) plan.push(...faultsOf(dice, undefined, 'c1-lb', at));
    // Lives of tokens are cut short by the operator, or a server's clock is as far off as the leeway allows.
    if (what === 3)
      plan.push({
        kind: 'tokenExpiry',
        target: 'auth',
        at,
        lasts: seconds(3),
        ttl: ms(dice.between('plan/ttl', 500, 1500)),
      });
    if (what === 4)
      for (const target of ['s1', 's2'])
        plan.push({
          kind: 'clockJump',
          target,
          at,
          lasts: seconds(3),
          ahead: dice.between('plan/clock', -LEEWAY, LEEWAY),
        });
    return plan;
  },
});

/**
 * Shorter than the usual 5 s, because tokens live shorter here, but never as short as the way to the token service and
 * back: a client would get no token in time, and where it waits for longer than a token lives, never again. What RFC 6298
 * (2.2 and 2.4) waits for after one measurement: the round trip and four times half of it, at least a second.
 */
const patienceOn = ({ up, down }: Network): Duration =>
  us(Math.max(seconds(1), 3 * (up.delay + up.jitter + down.delay + down.jitter)));

/** Clocks agree to a tenth of a second here; with the usual seconds an answer would be over before its token is. */
const LEEWAY = ms(100);

/** A token must outlive the way to a connection over the slowest path, or no connection would ever come about. */
const SHORTEST = seconds(2);

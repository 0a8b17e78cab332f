/**
 * The session is gone, and that is not the only trouble: the token has expired as well, the server that would open a clean
 * one drains, dies or is overloaded, sends are under way, and the clean session is lost as soon as it is there. The
 * application hears of it once each time, and every send ends: in effect, failed, or unknown.
 */
import { type Duration, type Instant, ms, plus, seconds, us } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import type { SessionWorld } from '../../world.ts';
import { told } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, chatOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { expiredShort, lostTwice, lostWhileDraining, lostWithSends, lostWithToken } from '../situations/sessions.ts';
import { promised } from '../target-lists.ts';
import { buildWorld, DEFAULTS } from '../topology.ts';
import { chatter } from '../turns.ts';
import { PACE } from './talk.ts';

/** How long a session waits here, in seconds: as long as a loss takes to be noticed, at the least. */
const TTL = [10, 15, 20] as const;

/** Clocks agree to a tenth of a second here: with the usual five seconds a token would outlive what cuts its life short. */
const LEEWAY = ms(100);

/** What ends the session, from `at` on; and when its client comes back to find that out, at the soonest. */
interface Loss {
  readonly plan: FaultPlan;
  readonly back: Instant;
}

const SERVERS = ['s1', 's2'] as const;

const LOSSES: Readonly<Record<string, (dice: Dice, at: Instant, world: SessionWorld) => Loss>> = {
  /** Away for longer than it waits, counted from when its server gave the connection up. */
  expired(dice, at, { store }) {
    const { deadAfter, heartbeatInterval } = DEFAULTS;
    const lasts = plus(
      us(store.sessionTtl + deadAfter + heartbeatInterval),
      us(dice.between('plan/away', 0, seconds(5))),
    );
    const back = (at + lasts) as Instant;
    if (dice.chance('plan/offline', 1, 2)) return { plan: [{ kind: 'offline', target: 'c1', at, lasts }], back };
    return { plan: [{ kind: 'cut', target: 'c1-lb', at, lasts, direction: 'both' }], back };
  },
  corrupt(dice, at) {
    const loss = (at + dice.between('plan/loss', 0, ms(500))) as Instant;
    return {
      plan: [
        { kind: 'storeCorrupt', target: 'store', at, client: 'c1' },
        { kind: 'reset', target: 'c1-lb', at: loss },
      ],
      back: loss,
    };
  },
  /** A page that has forgotten everything opens a session of its own, which ends the other. */
  forgotten(dice, at) {
    const lasts = ms(dice.between('plan/load', 50, 2_000));
    return { plan: [{ kind: 'reload', target: 'c1', at, lasts, stored: false }], back: (at + lasts) as Instant };
  },
};

/** What else is wrong when it comes back. */
const BESIDES: Readonly<Record<string, (dice: Dice, back: Instant) => FaultPlan>> = {
  /** Tokens that were given out are worth nothing soon: the one that it shows is refused first. */
  token: (dice, back) => [
    {
      kind: 'tokenExpiry',
      target: 'auth',
      at: sooner(back, seconds(1.5)),
      lasts: seconds(4),
      ttl: ms(dice.between('plan/ttl', 500, 1_200)),
    },
  ],
  drain: (dice, back) => [
    {
      kind: 'drain',
      target: dice.pick('plan/server', SERVERS),
      at: sooner(back, ms(dice.between('plan/soon', 0, 400))),
      deadline: ms(dice.between('plan/deadline', 1_000, 5_000)),
      lasts: ms(dice.between('plan/lasts', 100, 2_000)),
    },
  ],
  crash: (dice, back) =>
    SERVERS.map(
      (target): Fault => ({
        kind: 'crash',
        target,
        at: (back + dice.between('plan/crash', 0, ms(1_500))) as Instant,
        lasts: ms(dice.between('plan/lasts', 100, 2_000)),
        how: dice.pick('plan/how', ['process', 'host'] as const),
      }),
    ),
  overload: (dice, back) =>
    SERVERS.map(
      (target): Fault => ({
        kind: 'overload',
        target,
        at: sooner(back, ms(500)),
        lasts: ms(dice.between('plan/lasts', 500, 4_000)),
        refuses: dice.pick('plan/refuses', ['hello', 'handshake'] as const),
        sheds: false,
      }),
    ),
  store: (dice, back) => [
    {
      kind: 'storeCrash',
      target: 'store',
      at: (back + dice.between('plan/store', 0, ms(800))) as Instant,
      lasts: ms(dice.between('plan/lasts', 100, 2_000)),
      keep: dice.between('plan/keep', 0, 1000),
    },
  ],
  /** Its first connection is lost as well, and with it perhaps the news. */
  loss: (dice, back) => [
    { kind: 'reset', target: 'c1-lb', at: (back + dice.between('plan/loss', ms(100), ms(1_200))) as Instant },
  ],
};

const sooner = (at: Instant, by: Duration): Instant => Math.max(0, at - by) as Instant;

export const lostSession = sessionScenario({
  name: 'context/lost-session',
  title: 'a session is lost beside other trouble: told once, every send ends, and a clean one goes on',
  sometimes: [
    told('session_expired'),
    told('state_corrupt'),
    expiredShort,
    lostWithSends,
    lostTwice,
    lostWhileDraining,
    lostWithToken,
  ],
  dimensions: {
    condition: Object.keys(LOSSES),
    moment: MOMENTS,
    network: ACCESS,
    besides: Object.keys(BESIDES),
  },
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'resent'),
  world(setting) {
    const sessionTtl = seconds(setting.dice.pick('world/session', TTL));
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark', 'remark-b']),
      turns: () => chatter(36, 6, 2, ms(400)),
      agent: { chunkInterval: PACE },
      auth: { leeway: LEEWAY },
      server: { sessionTtl },
      store: { sessionTtl },
      balancer: { probeInterval: seconds(4) },
      allowedErrors: ['session_expired', 'state_corrupt'],
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const lose = LOSSES[cell.condition ?? 'expired'];
    const beside = BESIDES[cell.besides ?? 'token'];
    if (lose === undefined || beside === undefined) return [];
    const first = lose(dice, instantOf(dice, cell.moment, chatOf(world)), world);
    const plan = [...first.plan, ...beside(dice, first.back)];
    // The clean session is lost like the one before, as soon as it has done a little.
    if (dice.chance('plan/again', 1, 3)) {
      const again = lose(dice, (first.back + dice.between('plan/again', seconds(1), seconds(4))) as Instant, world);
      plan.push(...again.plan);
    }
    return plan.sort((a, b) => a.at - b.at);
  },
});

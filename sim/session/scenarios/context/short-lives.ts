/**
 * Everything lives for a short time: tokens, sessions, and the replay window by count, bytes or age. The device is away for
 * longer than one of them, and shorter than another; what is over is renewed, told, or made good by a snapshot, and what
 * is not goes on.
 */
import { type Duration, type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { resumed, told } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, answerOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { expiredShort, offlinePastToken } from '../situations/sessions.ts';
import { snapshot } from '../snapshots.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

/** Clocks agree to a tenth of a second here: with the usual five seconds nothing would be over when it says so. */
const LEEWAY = ms(100);
/** Seconds. A token must outlive the way to a connection, several times over. */
const TOKENS = [8, 12, 20, 30] as const;
const SESSIONS = [6, 12, 25, 60] as const;

/** The window is narrow in one way; the others are as usual. */
const WINDOWS = {
  count: { windowCount: 4 },
  one: { windowCount: 1 },
  bytes: { windowBytes: 2_000 },
  age: { windowAge: seconds(1) },
} as const;

export const shortLives = sessionScenario({
  name: 'context/short-lives',
  title: 'tokens, sessions and windows live shortly, and the device is away for longer than some of them',
  sometimes: [resumed, snapshot, expiredShort, offlinePastToken, told('session_expired')],
  dimensions: {
    condition: ['offline', 'silence', 'sleep'],
    moment: MOMENTS,
    network: ACCESS,
    window: Object.keys(WINDOWS),
  },
  builds: ['window'],
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'resent'),
  world(setting) {
    const { dice, cell } = setting;
    const sessionTtl = seconds(dice.pick('world/session', SESSIONS));
    const tokenTtl = seconds(dice.pick('world/token', TOKENS));
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['brief', 'brief-b']),
      turns: () => conversation(3, (turn) => turn % 2, ms(500)),
      agent: { chunkInterval: ms(150) },
      auth: { tokenTtl, leeway: LEEWAY },
      client: { refreshBefore: seconds(2) },
      server: { sessionTtl },
      store: { sessionTtl, ...WINDOWS[(cell.window ?? 'count') as keyof typeof WINDOWS] },
      balancer: { probeInterval: seconds(4) },
      allowedErrors: ['session_expired'],
      note: 'short lives',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const { sessionTtl } = world.store;
    const { tokenTtl } = world.auth;
    // Around one of the ends, so that what is just over and what just is not both happen.
    const end = dice.pick('plan/end', [sessionTtl, tokenTtl, seconds(2)]);
    const lasts = us(Math.trunc((end * dice.between('plan/lasts', 500, 1_600)) / 1_000));
    const plan: Fault[] = [away(cell.condition, at, lasts)];
    if (dice.chance('plan/again', 1, 2))
      plan.push(
        away(cell.condition, (at + lasts + dice.between('plan/again', seconds(1), seconds(4))) as Instant, lasts),
      );
    return plan;
  },
});

function away(condition: string | undefined, at: Instant, lasts: Duration): Fault {
  switch (condition) {
    case 'silence':
      return { kind: 'cut', target: 'c1-lb', at, lasts, direction: 'both' };
    case 'sleep':
      return { kind: 'sleep', target: 'c1', at, lasts };
    default:
      return { kind: 'offline', target: 'c1', at, lasts };
  }
}

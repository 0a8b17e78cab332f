/**
 * After it came back the application has nothing to say for longer than anything that runs out: the session's time to
 * live, the token's, the age of the replay window, many heartbeats. Then it asks again, and is answered as if nothing had
 * been: a session that is attached is not running out, and quiet is no sign of death.
 */
import { type Instant, plus, seconds, us } from '../../../../src/time.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import type { Turn } from '../../world.ts';
import { cutMidStream, resumed } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, answerOf, CONDITIONS, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { lostAfterQuiet, quietThenActive, renewedWhileQuiet } from '../situations/sessions.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { PACE } from './talk.ts';

/** What lives shortest and longest, in seconds: sessions and tokens. Short, so that minutes of quiet are enough. */
const LIVES = [20, 30, 45] as const;
/** How much longer than that it is quiet, so that the last renewal is well behind it. */
const MORE = seconds(15);
/** Clocks agree to a second here: with the usual five a token of twenty would live for half as long again. */
const LEEWAY = seconds(1);
const OUTAGE = seconds(8);

export const stayingOn = sessionScenario({
  name: 'context/staying-on',
  title: 'quiet for longer than sessions, tokens and windows live, then active again: nothing ran out',
  sometimes: [resumed, cutMidStream, quietThenActive, renewedWhileQuiet, lostAfterQuiet],
  dimensions: { condition: [...CONDITIONS, 'nothing'], moment: MOMENTS, network: ACCESS },
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'recovered', 'resent'),
  world(setting) {
    const { dice } = setting;
    const sessionTtl = seconds(dice.pick('world/session', LIVES));
    const tokenTtl = seconds(dice.pick('world/token', LIVES));
    const windowAge = seconds(dice.pick('world/window', LIVES));
    const quiet = plus(us(Math.max(sessionTtl, tokenTtl, windowAge)), MORE);
    const turn = (key: string, ask: number, wait: typeof quiet): Turn => ({
      key,
      ask,
      bytes: 120,
      wait,
      parallel: false,
    });
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark', 'remark-b']),
      turns: () => [turn('q1', 0, us(50_000)), turn('q2', 1, quiet), turn('q3', 0, quiet)],
      agent: { chunkInterval: PACE },
      auth: { tokenTtl, leeway: LEEWAY },
      client: { refreshBefore: seconds(5) },
      server: { sessionTtl },
      store: { sessionTtl, windowAge },
      // Minutes without traffic: probes every second would be most of what happens.
      balancer: { probeInterval: seconds(15) },
      note: 'quiet for longer than anything lives',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    if (cell.condition === 'nothing') return [];
    const answer = answerOf(world);
    const plan = [...faultsOf(dice, cell.condition, 'c1-lb', instantOf(dice, cell.moment, answer), OUTAGE)];
    // In half of the runs the connection is lost once more while it is quiet, and nobody is there to notice but heartbeats.
    const [, second] = world.stories[0]?.turns ?? [];
    if (second !== undefined && dice.chance('plan/quiet', 1, 2)) {
      const at = answer.begins + answer.lasts + dice.between('plan/quiet', seconds(2), second.wait);
      plan.push(...faultsOf(dice, undefined, 'c1-lb', at as Instant, OUTAGE));
    }
    return plan.sort((a, b) => a.at - b.at);
  },
});

/**
 * Outages of every length. Below 30 s and up to five minutes the session waits and goes on as it was; behind its time to
 * live it is gone, the application is told `session_expired`, and a clean session starts.
 */
import { type Duration, formatDuration, minutes, ms, seconds, us } from '../../../../src/time.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cameBack } from '../claims.ts';
import { ACCESS, instantOf, MOMENTS } from '../dimensions.ts';
import { backWithin, promised, unless, usualTargets } from '../target-lists.ts';
import { talk, talkOf } from './talk.ts';

/** The shortest and longest outage of each condition; the session lives for five minutes without a connection. */
const LENGTHS: Readonly<Record<string, readonly [Duration, Duration]>> = {
  brief: [ms(500), seconds(30)],
  medium: [seconds(30), minutes(5)],
  extended: [minutes(5), minutes(8)],
};

/** What became of a session after its client had been away for so long. */
const after = (name: string, states: string, [least, most]: readonly [number, number], resumes: boolean) =>
  claim({
    name,
    states,
    remember: () => ({ lostAt: -1 }),
    on: {
      fault: (memory, { at, begins }) => {
        if (begins) memory.lostAt = at;
      },
      restored: ({ lostAt }, { at, resumed }, reached) => {
        if (lostAt >= 0 && resumed === resumes && at - lostAt >= least && at - lostAt < most) reached();
      },
    },
  });

const clean = claim({
  name: 'clean-session',
  states: 'an application was told session_expired, and the next question was answered in a clean session',
  remember: () => ({ told: false }),
  on: {
    told: (memory, { error }) => {
      if (error === 'session_expired') memory.told = true;
    },
    received: ({ told }, { chunk }, reached) => {
      if (told && chunk.fin) reached();
    },
  },
});

export const durations = sessionScenario({
  name: 'context/durations',
  title: 'outages below 30 s, up to 5 min, and longer: resumed, resumed, told and begun anew',
  sometimes: [
    after('resumed-brief', 'a session was resumed within 30 s of the cut', [0, seconds(30)], true),
    after(
      'resumed-medium',
      'a session was resumed between 30 s and 5 min after the cut',
      [seconds(30), minutes(5)],
      true,
    ),
    after('expired', 'a clean session was started more than 5 min after the cut', [minutes(5), minutes(60)], false),
    cameBack,
    clean,
  ],
  dimensions: { condition: ['brief', 'brief', 'medium', 'extended'], moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: Object.entries(LENGTHS).map(([condition, [, longest]]) =>
      unless(
        [condition],
        backWithin(longest, 9),
        `Nobody is back before the path is, up to ${formatDuration(longest)} after the cut.`,
      ),
    ),
    besides: promised('context-restored', 'context-brief', 'context-medium'),
  }),
  world: (setting) =>
    talk(setting, {
      turns: 3,
      allowedErrors: ['session_expired'],
      // Minutes without traffic: probes every second would be most of what happens.
      balancer: { probeInterval: seconds(15) },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const [least, most] = LENGTHS[cell.condition ?? 'brief'] as readonly [Duration, Duration];
    const at = instantOf(dice, cell.moment, talkOf(world));
    const lasts = us(dice.between('plan/lasts', least, most));
    // The device knows, or nobody does.
    if (dice.chance('plan/offline', 1, 2)) return [{ kind: 'offline', target: 'c1', at, lasts }];
    return [{ kind: 'cut', target: 'c1-lb', at, lasts, direction: 'both' }];
  },
});

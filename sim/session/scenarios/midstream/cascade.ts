/**
 * Several failures in quick succession while an answer streams: the next one meets the dial, the handshake or the replay
 * that the one before has led to.
 */
import { type Duration, type Instant, ms, plus, seconds, us, ZERO } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutDuringReplay, cutMidStream, replayed, resumed } from '../claims.ts';
import { ACCESS, answerOf, CONDITIONS, contentOf, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { backWithin, DROPS, RAMP, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

const cutDuringHandshake = claim({
  name: 'cut-during-handshake',
  states: 'a connection that was opened again ended before its WELCOME',
  remember: () => ({ greeting: -1, welcomed: false }),
  on: {
    opened: (memory, { node, conn }) => {
      if (node === 'c1') memory.greeting = conn;
    },
    restored: (memory) => {
      memory.greeting = -1;
      memory.welcomed = true;
    },
    closed: ({ greeting, welcomed }, { node, conn }, reached) => {
      if (node === 'c1' && welcomed && conn === greeting) reached();
    },
  },
});

const fourConnections = claim({
  name: 'four-connections',
  states: 'chunks of one answer arrived on four connections',
  remember: () => ({ conns: new Set<number>() }),
  on: {
    received: ({ conns }, { conn }, reached) => {
      conns.add(conn);
      if (conns.size >= 4) reached();
    },
  },
});

/** The failures behind the one that the client was lost by: so many, and so long after the one before. */
const FAILURES = 5;
const GAP = seconds(1.5);
const SILENCE = seconds(3);
const others = (each: Duration): Duration => us((FAILURES - 1) * (GAP + each));

/** Each of them ends one attempt at most, and the device itself two. */
const DIALS = 2;
const ENDED = FAILURES - 1 + DIALS;

export const cascade = sessionScenario({
  name: 'midstream/cascade',
  title: 'several failures in quick succession, also in the middle of a replay',
  sometimes: [resumed, replayed, cutMidStream, cutDuringReplay, cutDuringHandshake, fourConnections],
  dimensions: {
    condition: CONDITIONS,
    moment: MOMENTS,
    size: ['1-10KB', '1-10KB', '10-100KB', '100KB-1MB'],
    network: ACCESS,
  },
  targets: usualTargets({
    back: [
      {
        cells: { condition: ['intermittent'] },
        // A drop may end an attempt, so that these do not limit how many there are.
        bound: backWithin(plus(DROPS, others(DROPS)), 20),
        reason: 'Five times up to 16.5 s of drops, with 1.5 s between them.',
      },
      {
        cells: { condition: ['degradation'] },
        bound: backWithin(plus(us(RAMP / 2), others(RAMP)), 20),
        reason:
          'A connection is lost when half of a decay of 8 s is over at the soonest; four more follow, 1.5 s after one another.',
      },
      {
        cells: { condition: ['clean'] },
        bound: backWithin(others(ZERO), ENDED),
        reason: 'Up to four more failures follow the first, 1.5 s after one another, and each ends an attempt.',
      },
      {
        cells: {},
        bound: backWithin(others(SILENCE), ENDED),
        reason:
          'No silence of up to 3 s is a loss before its end; four more follow, 1.5 s after one another, and each ends an attempt.',
      },
    ],
    besides: [{ name: 'resent' }],
  }),
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting),
      contents: contentOf(setting, 'text'),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(70) },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const plan: Fault[] = [];
    const failures = dice.between('plan/failures', 3, FAILURES);
    let at = instantOf(dice, cell.moment, answerOf(world));
    for (let i = 0; i < failures; i++) {
      plan.push(...faultsOf(dice, cell.condition, 'c1-lb', at, SILENCE));
      // Counted from the end of the failure: about as long as a client needs to come back, or less.
      const over = plan.reduce(
        (latest, fault) => Math.max(latest, fault.at + (typeof fault.lasts === 'number' ? fault.lasts : 0)),
        0,
      );
      // A path that comes back under another address: no connection survives that, and one end may not be told.
      if (dice.chance('plan/readdressed', 3, 4)) plan.push(readdressed(dice, over as Instant));
      at = (over + dice.between('plan/gap', 20_000, GAP)) as Instant;
    }
    // The device itself ends dials that it has just begun, as an impatient reload does.
    if (dice.chance('plan/impatient', 1, 4))
      plan.push({
        kind: 'closeDuringConnect',
        target: 'c1',
        at: plan[0]?.at ?? at,
        lasts: seconds(4),
        dials: dice.between('plan/impatient', 1, DIALS),
        after: ms(dice.between('plan/impatient', 0, 300)),
      });
    return plan.sort((a, b) => a.at - b.at);
  },
});

const readdressed = (dice: Dice, at: Instant): Fault =>
  dice.chance('plan/told', 3, 4)
    ? { kind: 'reset', target: 'c1-lb', at }
    : { kind: 'halfOpen', target: 'c1-lb', at, end: dice.pick('plan/told', ['near', 'far'] as const) };

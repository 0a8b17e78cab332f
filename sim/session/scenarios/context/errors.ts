/**
 * Everything that can go wrong on the way to a connection, or with what a session is made of: each failure reaches the
 * application by its name, and whatever can be recovered from is.
 */
import { type Duration, type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { told } from '../claims.ts';
import { ACCESS, instantOf, MOMENTS } from '../dimensions.ts';
import { backWithin, HELLO_WAITS, unless, usualTargets } from '../target-lists.ts';
import { talk, talkOf } from './talk.ts';

const wentOn = claim({
  name: 'went-on',
  states: 'an application was told of a failure, and its next answer was complete',
  remember: () => ({ told: false }),
  on: {
    told: (memory) => {
      memory.told = true;
    },
    received: (memory, { chunk }, reached) => {
      if (memory.told && chunk.fin) reached();
    },
  },
});

const SERVERS = ['s1', 's2'] as const;

/** What goes wrong at an instant, by what the application is told of it. */
const FAILURES: Readonly<Record<string, (dice: Dice, at: Instant) => FaultPlan>> = {
  refused: (dice, at) => [{ kind: 'balancerCrash', target: 'lb', at, lasts: within(dice, ms(300), seconds(6)) }],
  unavailable(dice, at) {
    const refuses = dice.pick('plan/refuses', ['hello', 'handshake'] as const);
    const lasts = within(dice, ms(300), seconds(6));
    return SERVERS.map((target): Fault => ({ kind: 'overload', target, at, lasts, refuses, sheds: true }));
  },
  'timed-out': (dice, at) => [
    { kind: 'cut', target: 'c1-lb', at, lasts: within(dice, seconds(12), seconds(25)), direction: 'both' },
  ],
  hung(dice, at) {
    const lasts = within(dice, seconds(11), seconds(20));
    return [
      ...SERVERS.map((target): Fault => ({ kind: 'blackHole', target, at, lasts })),
      { kind: 'reset', target: 'c1-lb', at },
    ];
  },
  // From the start, because a client that has a token does not need the service.
  'no-token': (dice) => [
    { kind: 'authDown', target: 'auth', at: 0 as Instant, lasts: within(dice, ms(300), seconds(15)) },
  ],
  'corrupt-state': (_, at) => [
    { kind: 'storeCorrupt', target: 'store', at, client: 'c1' },
    { kind: 'reset', target: 'c1-lb', at },
  ],
  'bad-token': (_, at) => [{ kind: 'tokenRevoked', target: 'auth', at, client: 'c1' }],
};

const within = (dice: Dice, least: Duration, most: Duration): Duration => us(dice.between('plan/lasts', least, most));

export const errors = sessionScenario({
  name: 'context/errors',
  title: 'refused, timed out, corrupt state, bad token: every error has a name and is told',
  sometimes: [
    told('refused'),
    told('unavailable'),
    told('connect_timeout'),
    told('hello_timeout'),
    told('token_timeout'),
    told('connection_lost'),
    told('peer_silent'),
    told('state_corrupt'),
    told('unauthorized'),
    wentOn,
  ],
  dimensions: { condition: Object.keys(FAILURES), moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [
      unless(
        ['refused', 'unavailable'],
        backWithin(seconds(9), 5),
        'Nobody takes a connection for up to 6 s, and a server may ask for 3 s more.',
      ),
      unless(['timed-out', 'hung'], backWithin(seconds(25), 4), 'Nothing is answered for up to 25 s.'),
    ],
    // Behind a damaged record or a bad token there is nothing to recover.
    without: ['recovery'],
    besides: [
      {
        name: 'connect',
        except: [
          unless(
            ['no-token'],
            backWithin(seconds(15), 4),
            'Nobody gets a token for up to 15 s, and none connects without.',
          ),
        ],
      },
      {
        name: 'context-restored',
        except: [unless(['hung'], HELLO_WAITS, 'The servers take connections and answer nothing for up to 20 s.')],
      },
    ],
  }),
  world: (setting) => talk(setting, { turns: 3, allowedErrors: ['state_corrupt', 'unauthorized'] }),
  plan({ dice, cell }, world): FaultPlan {
    const fail = FAILURES[cell.condition ?? ''];
    return fail === undefined ? [] : fail(dice, instantOf(dice, cell.moment, talkOf(world)));
  },
});

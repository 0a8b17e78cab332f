import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { at, type Duration, type Instant, us } from '../../src/time.ts';
import { buffers, multipart } from './corpus/former.ts';

/** Seeds that once broke a law, and why. */
const ONCE_BROKEN: readonly (readonly [string, string, string])[] = [
  ['former/multipart', 'k', 'a dial that was given up before its request arrived stayed in the link for ever'],
  ['former/buffers', 'w', 'a long message lost a packet and waited for the whole ladder of time-outs, again and again'],
  ['former/buffers', '2y', 'a release that met a dead store was lost, and its session never ended'],
  [
    'restart/crash',
    '6j',
    'two lives of server and balancer numbered a claim alike, and the old answer was given to the new one',
  ],
  ['midstream/multipart', '152', 'snapshots piled up on a path that was slower than the agent'],
  ['midstream/multipart', '64i', 'a second snapshot began while HELDs of the first were on their way'],
  ['restart/crash', 'h9', 'a new balancer process gave connections the names of old ones'],
  [
    'restart/state',
    '342',
    'an answer began anew while a second socket shook hands, and its new epoch was dropped for ever',
  ],
];

describe('what once broke a law holds', () => {
  for (const [scenario, seed, why] of ONCE_BROKEN)
    test(`${scenario}@${seed}: ${why}`, () => {
      const found = [buffers, multipart].find(({ name }) => name === scenario) ?? scenarioNamed(scenario);
      expect(run(found as SessionScenario, seed)).toMatchObject({ verdict: 'holds', breaches: [] });
    });

  test('midstream/json@6y9: a path slower than the agent had a whole answer again for each window that left it behind', () => {
    const { figures } = run(scenarioNamed('midstream/json') as SessionScenario, '6y9');
    expect(figures.resentPermille).toBeLessThanOrEqual(1000);
  });

  /** Plans of clients' faults that once broke a law, at whatever seed. */
  const plans: readonly (readonly [string, FaultPlan])[] = [
    [
      'what a busy application takes after its connection was given up came on no connection',
      [
        { kind: 'slowConsumer', target: 'c1', at: at(2_474_077), lasts: us(10_720_882), pace: us(306_311) },
        { kind: 'sleep', target: 'c1', at: at(3_195_688), lasts: us(6_788_313) },
      ],
    ],
    [
      'a page that takes its session back from a second tab waited for ever for what that tab had processed',
      [
        { kind: 'secondTab', target: 'c1', at: at(2_902_921), lasts: us(6_908_105) },
        { kind: 'reload', target: 'c1', at: at(3_638_594), lasts: us(1_658_000), stored: true },
      ],
    ],
    [
      'a second tab that copied a send which was still to be sent had it done twice',
      [{ kind: 'secondTab', target: 'c1', at: at(120_000), lasts: us(4_000_000) }],
    ],
    [
      'an older tab that woke up late made the progress of a newer one look smaller',
      [
        { kind: 'sleep', target: 'c1', at: at(1_030_984), lasts: us(593_705) },
        { kind: 'secondTab', target: 'c1', at: at(1_228_004), lasts: us(7_784_008) },
      ],
    ],
  ];
  for (const [why, plan] of plans)
    test(why, () => {
      for (const scenario of ['midstream/text', 'midstream/large', 'context/basic'])
        for (const seed of ['1', '2', 'f', '2l', 'up'])
          expect(run(scenarioNamed(scenario) as SessionScenario, seed, { plan }).breaches).toEqual([]);
    });

  /** Plans that a sweep over every kind of fault found, shrunk, at the run that broke. */
  const found: readonly (readonly [string, string, string, FaultPlan])[] = [
    [
      'restart/rolling',
      '1',
      'a server that had stood still answered a send before it noticed that the token was over',
      [
        { kind: 'tokenExpiry', target: 'auth', at: at(0), lasts: us(25_375), ttl: us(7609) },
        { kind: 'blackHole', target: 's1', at: at(211_282), lasts: us(9_821_703) },
      ],
    ],
    [
      'restart/rolling',
      '1',
      'a claim was granted to a connection that had ended, the answer was lost, and its session never ended',
      [
        { kind: 'secondTab', target: 'c1', at: at(32_984), lasts: us(33_009) },
        { kind: 'storeUnavailable', target: 'store', at: at(75_393), lasts: us(3999) },
      ],
    ],
    [
      'midstream/text',
      'f4nq',
      'a page loaded again after a second tab had resumed twice was told unauthorized instead of taken_over',
      [
        { kind: 'storeCrash', target: 'store', at: at(548_736), lasts: us(2_143_595), keep: 528 },
        { kind: 'versionChange', target: 's1', at: at(5_925_236), lasts: us(1_081_984), min: 2, max: 2 },
        { kind: 'secondTab', target: 'c1', at: at(6_617_404), lasts: us(8_109_203) },
        { kind: 'reload', target: 'c1', at: at(6_807_165), lasts: us(10_240_775), stored: true },
        { kind: 'balancerIdle', target: 'lb', at: at(6_990_216), lasts: us(9_226_766), timeout: us(2_710_657) },
      ],
    ],
    [
      'midstream/text',
      '7',
      'the path of a tab that was opened while the balancer was dead took it for living, and kept a dial for ever',
      [
        { kind: 'balancerCrash', target: 'lb', at: at(413_754), lasts: us(6_602_984) },
        { kind: 'slowConsumer', target: 'c1', at: at(1_244_553), lasts: us(6_130_734), pace: us(5007) },
        { kind: 'secondTab', target: 'c1', at: at(1_312_947), lasts: us(10_214_718) },
      ],
    ],
    [
      'midstream/token-expiry',
      'gaah',
      'a wait that began in a throttled tab was held to prompt timers, because the tab had slept in between',
      [
        { kind: 'throttle', target: 'c1', at: at(605_434), lasts: us(11_868_376), intensiveAfter: us(2_522_845) },
        { kind: 'sleep', target: 'c1', at: at(6_958_444), lasts: us(7_498_553) },
      ],
    ],
    [
      'midstream/token-expiry',
      'f7',
      'a server whose wall clock was behind took a token for good that was over',
      [
        { kind: 'authDown', target: 'auth', at: at(1_209_000), lasts: us(12_642_000) },
        { kind: 'clockJump', target: 's1', at: at(1_540_000), lasts: us(6_093_000), ahead: -4_447_576_242 },
      ],
    ],
    [
      'midstream/token-expiry',
      '7',
      'a service and a server whose clocks were both behind were held to a time that nobody knew',
      [
        { kind: 'clockSkew', target: 'auth', at: at(100_000), lasts: us(20_000_000), ahead: -3_600_000_000 },
        { kind: 'clockJump', target: 's1', at: at(100_000), lasts: us(20_000_000), ahead: -3_600_000_000 },
        { kind: 'clockJump', target: 's2', at: at(100_000), lasts: us(20_000_000), ahead: -3_600_000_000 },
        { kind: 'reset', target: 'c1-lb', at: at(4_000_000) },
      ],
    ],
  ];
  for (const [scenario, seed, why, plan] of found)
    test(`${scenario}@${seed}: ${why}`, () => {
      expect(run(scenarioNamed(scenario) as SessionScenario, seed, { plan }).breaches).toEqual([]);
    });

  /** The same on a network other than the scenario's own. */
  const onNetworks: readonly (readonly [string, string, string, string, FaultPlan])[] = [
    [
      'restart/state',
      'h9016v9g',
      'elevator',
      'a WELCOME that reached a connection which its client had been told was over counted as the newest',
      [
        {
          kind: 'closeDuringConnect',
          target: 'c2',
          at: at(2_251_259),
          lasts: us(11_317_491),
          dials: 3,
          after: us(200_000),
        },
        { kind: 'drain', target: 's2', at: at(5_571_105), lasts: us(10_021_308), deadline: us(5_123_000) },
      ],
    ],
    [
      'restart/herd',
      'homo9z6a04',
      'mobile-loss-30',
      'a server that had stood still called an agent silent before it had read what that had said meanwhile',
      [
        { kind: 'storeCrash', target: 'store', at: at(2_239_779), lasts: us(4_972_122), keep: 268 },
        { kind: 'drain', target: 's1', at: at(8_051_183), deadline: us(6_266_000), lasts: us(232_207) },
        { kind: 'storeSlow', target: 'store', at: at(10_801_786), lasts: us(14_460_744), by: us(2_620_000) },
        { kind: 'blackHole', target: 's2', at: at(12_948_284), lasts: us(13_867_258) },
      ],
    ],
    [
      'restart/herd',
      'homr627wg4',
      '3g-slow',
      'a server that had stood still asked claims again before it read their answers, and they opened sessions for clients that had left',
      [
        { kind: 'storeSlow', target: 'store', at: at(2_349_046), lasts: us(4_682_852), by: us(350_000) },
        { kind: 'serverPause', target: 's3', at: at(3_065_832), lasts: us(15_845_438) },
      ],
    ],
  ];
  for (const [scenario, seed, network, why, plan] of onNetworks)
    test(`${scenario}@${seed} on ${network}: ${why}`, () => {
      const options = { plan, network: networkNamed(network) };
      expect(run(scenarioNamed(scenario) as SessionScenario, seed, options).breaches).toEqual([]);
    });

  test('a client whose path to the token service was longer than it waited, and whose waits were longer than its tokens lived, comes back', () => {
    const options = { network: networkNamed('very-bad'), policy: PRESETS.exponential.policy };
    const outcome = run(scenarioNamed('midstream/token-expiry') as SessionScenario, 'claimv4', options);
    expect(outcome).toMatchObject({ verdict: 'holds', breaches: [] });
  });

  test('a store that dies between making a chunk durable and saying so does not stall the stream', () => {
    for (let at = 4_100_000; at < 4_400_000; at += 500) {
      const plan: FaultPlan = [
        { kind: 'storeCrash', target: 'store', at: at as Instant, lasts: 100_000 as Duration, keep: 1000 },
      ];
      expect(run(scenarioNamed('midstream/text') as SessionScenario, '1', { plan }).breaches).toEqual([]);
    }
  });
});

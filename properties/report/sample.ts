/** Documents for tests of reports: real runs, and the same with breaches and with hostile names planted. */
import { run } from '../../sim/core/run.ts';
import { seedText } from '../../sim/core/seeds.ts';
import { documentOf, type ExploreDocument } from '../../sim/explore/document.ts';
import { count, emptyTally } from '../../sim/explore/tally.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { TargetUse } from '../../sim/targets/target.ts';

const TARGETS: readonly TargetUse[] = [
  {
    name: 'recovery',
    except: [
      {
        cells: { condition: ['outage'] },
        bound: 600_000_000,
        reason: 'An outage of ten minutes lasts longer than the target allows.',
      },
    ],
  },
  { name: 'completion' },
  { name: 'buffers' },
];

const DIMENSIONS = {
  condition: ['clean', 'outage', 'asymmetric'],
  moment: ['early', 'late'],
  size: ['1-10KB'],
} as const;

/** What a sweep of two scenarios over a few seeds says. */
export function sampleDocument(seeds = 12): ExploreDocument {
  const scenarios = ['context/basic', 'midstream/json'].map(
    (name): SessionScenario => ({
      ...(scenarioNamed(name) as SessionScenario),
      targets: TARGETS,
      dimensions: DIMENSIONS,
    }),
  );
  const tallies = scenarios.map((scenario) => {
    const tally = emptyTally();
    for (let seed = 1; seed <= seeds; seed++) count(tally, run(scenario, seedText(seed), {}), scenario);
    return { scenario, tally };
  });
  const origin = { input: null, schema: null, network: null, policy: null, faults: null, cell: null };
  return documentOf({ tallies, stopped: null, wallMs: 1234 }, [], { version: '1.2.3', seeds, from: 1, origin });
}

/** The same with a law broken in the second scenario. */
export function brokenDocument(): ExploreDocument {
  const sample = sampleDocument();
  return {
    ...sample,
    scenarios: sample.scenarios.map((scenario, i) =>
      i === 0
        ? scenario
        : {
            ...scenario,
            broken_runs: 3,
            broken: [
              {
                law: 'prefix',
                seed: 'k7f3',
                runs: 3,
                at_us: 8_436_067,
                event: 812,
                message: 'c1 was handed stream 1 seq 5 twice',
                confirmed: true,
                paste: `npx hangup replay ${scenario.name}@k7f3`,
              },
            ],
          },
    ),
  };
}

/** Names that would do harm in HTML, in XML, in a workflow command or in a terminal. */
export const HOSTILE = [
  '<img src=x onerror="document.title=`owned`">',
  '</script><script>document.title=`owned`</script>',
  '"><svg onload=document.title=`owned`>',
  "' onmouseover='document.title=`owned`",
  ']]><x>&unknown;',
  '&lt;b&gt;',
  'a\n::error title=x::forged\r\n::set-output name=y::z',
  '100%0A::error::x',
  'nul\u0000 bell\u0007 escape\u001b[2J',
  'turned \u202e txet',
  'half \ud83d of a pair',
] as const;

/** A document in which every text is hostile. */
export function hostileDocument(): ExploreDocument {
  const broken = brokenDocument();
  let next = 0;
  const hostile = (before: string): string => `${HOSTILE[next++ % HOSTILE.length]} ${before}`;
  const counts = (given: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries({ ...given, planted: 3 }).map(([name, times]) => [hostile(name), times]));
  return {
    ...broken,
    version: hostile(broken.version),
    from: hostile(broken.from),
    arguments: { ...broken.arguments, input: hostile('file.txt') },
    scenarios: broken.scenarios.map((scenario) => ({
      ...scenario,
      name: hostile(scenario.name),
      title: hostile(scenario.title),
      digest: hostile(scenario.digest),
      broken: HOSTILE.map((text) => ({
        law: text,
        seed: text,
        runs: 1,
        at_us: 5,
        event: 3,
        message: text,
        confirmed: false,
        paste: text,
      })),
      sometimes: scenario.sometimes.map((claim) => ({
        name: hostile(claim.name),
        states: hostile(claim.states),
        runs: 0,
        verdict: 'never reached' as const,
        needed: null,
      })),
      targets: scenario.targets.map((target) => ({
        ...target,
        states: hostile(target.states),
        exception: { cells: hostile('cells'), reason: hostile('reason') },
      })),
      metrics: {
        ...scenario.metrics,
        errors: counts(scenario.metrics.errors ?? {}),
        closes: counts(scenario.metrics.closes ?? {}),
      },
      slices: scenario.slices.map((slice) => ({
        ...slice,
        cell: Object.fromEntries(Object.entries(slice.cell).map(([dimension, value]) => [dimension, `<u>${value}`])),
      })),
    })),
  };
}

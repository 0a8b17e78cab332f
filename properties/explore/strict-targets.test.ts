/** One rule for the colour of a sweep: what exit code, tables, page and reporters call missed, and what nobody can tell. */
import { describe, expect, test } from 'vitest';
import { exitCodeOf, namesOf, unkeptBy } from '../../sim/cli/exit-code.ts';
import { targetTable } from '../../sim/cli/target-table.ts';
import { run } from '../../sim/core/run.ts';
import { documentOf, type ExploreDocument } from '../../sim/explore/document.ts';
import type { Sweep } from '../../sim/explore/sweep.ts';
import { count, emptyTally } from '../../sim/explore/tally.ts';
import { github } from '../../sim/report/github.ts';
import { junit } from '../../sim/report/junit.ts';
import { verdictOf } from '../../sim/report/verdict.ts';
import { claim } from '../../sim/session/claim.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { TargetUse } from '../../sim/targets/target.ts';
import { calledIn, type Ended } from '../cli/called.ts';

const reason = 'nothing is as fast as that.';
const never = (oncePer: number) =>
  claim({ name: 'never', states: 'what never happens', oncePer, remember: () => ({}), on: {} });

const outcomes = Array.from({ length: 90 }, (_, i) =>
  run(scenarioNamed('context/basic') as SessionScenario, (i + 1).toString(36)),
);

/** So many runs of a scenario that promises and claims this. */
function sweepOf(
  targets: readonly TargetUse[],
  { runs = 90, sometimes = [] }: { readonly runs?: number; readonly sometimes?: SessionScenario['sometimes'] } = {},
): Sweep {
  const scenario: SessionScenario = { ...(scenarioNamed('context/basic') as SessionScenario), targets, sometimes };
  const tally = emptyTally();
  for (const outcome of outcomes.slice(0, runs)) count(tally, outcome, scenario);
  return { tallies: [{ scenario, tally }], stopped: null, wallMs: 1 };
}

const kept = sweepOf([{ name: 'buffers' }, { name: 'completion' }]);
const broken = sweepOf([{ name: 'buffers', except: [{ cells: {}, bound: 1, reason }] }, { name: 'integrity' }]);
const few = sweepOf([{ name: 'buffers' }, { name: 'rolling' }], { runs: 60 });
const unseen = sweepOf([{ name: 'buffers' }], { sometimes: [never(2)] });
const nothing: Sweep = { tallies: [], stopped: 'budget', wallMs: 1 };
const dead: Sweep = { ...kept, stopped: 'crashes' };
const rare = sweepOf([{ name: 'buffers' }], { sometimes: [never(50)] });

const origin = { input: null, schema: null, network: null, policy: null, faults: null, cell: null };
const documentFor = (sweep: Sweep): ExploreDocument =>
  documentOf(sweep, [], { version: '1', seeds: 90, from: 1, origin });

describe('whoever speaks of a sweep says the same', () => {
  // One law is skipped in each: no server of that scenario limits its rate, so *admission* has nothing to judge.
  test.each([
    ['every row is kept', kept, { code: 0, strict: 0, kind: 'holds', failures: 0, skipped: 1, red: 0 }],
    ['a bound is broken', broken, { code: 1, strict: 1, kind: 'missed', failures: 1, skipped: 1, red: 2 }],
    ['rows have not enough seeds', few, { code: 0, strict: 3, kind: 'open', failures: 0, skipped: 3, red: 0 }],
    ['a claim should have come true', unseen, { code: 1, strict: 1, kind: 'missed', failures: 1, skipped: 1, red: 2 }],
    ['nothing was run', nothing, { code: 3, strict: 3, kind: 'budget', failures: 1, skipped: 0, red: 1 }],
    ['no worker lives', dead, { code: 4, strict: 4, kind: 'ended', failures: 1, skipped: 1, red: 1 }],
    ['a claim may yet come true', rare, { code: 0, strict: 3, kind: 'open', failures: 0, skipped: 2, red: 0 }],
  ] as const)('where %s', (_, sweep, said) => {
    const document = documentFor(sweep);
    const xml = junit(document);
    const lines = github(document).trimEnd().split('\n');
    expect({
      code: exitCodeOf(sweep, unkeptBy(sweep), { strict: false }),
      strict: exitCodeOf(sweep, unkeptBy(sweep), { strict: true }),
      kind: verdictOf(document).kind,
      failures: [...xml.matchAll(/<failure /g)].length,
      skipped: [...xml.matchAll(/<skipped /g)].length,
      red: lines.filter((line) => line.startsWith('::error')).length,
    }).toEqual(said);
    if (said.kind === 'open') expect(lines[0]).toMatch(/^::notice title=hangup%3A not enough seeds for \d rows?::/);
  });

  test('with the number of seeds that would be enough, where it can be told', () => {
    expect(junit(documentFor(few))).toContain('<skipped message="not enough seeds (90 needed)"/>');
    expect(junit(documentFor(few))).toContain('<skipped message="not enough seeds (no sample in 60 runs)"/>');
    expect(junit(documentFor(rare))).toContain('not seen yet: not enough seeds (570 needed): what never happens');
    expect(targetTable(few, { every: true }).join('\n')).toContain('not enough seeds (90 needed)');
    expect(documentFor(few).scenarios[0]?.targets).toMatchObject([
      { verdict: 'not enough seeds', needed: 90 },
      { verdict: 'not enough seeds', needed: null },
    ]);
  });

  test('by name', () => {
    expect(unkeptBy(broken)).toEqual({ missed: ['context/basic: buffers in every cell (90 runs)'], open: [] });
    expect(unkeptBy(few).open).toEqual(['context/basic: buffers (60 runs)', 'context/basic: rolling (60 runs)']);
    expect(
      unkeptBy(kept, [scenarioNamed('context/basic'), scenarioNamed('restart/state')] as SessionScenario[]).open,
    ).toEqual(['restart/state (0 runs)']);
    expect(unkeptBy(unseen).missed).toEqual(['context/basic: claim never (90 runs)']);
    expect(namesOf(Array.from({ length: 10 }, (_, i) => `row ${i}`))).toMatch(/^row 0, .*, row 7 and 2 more$/);
    expect(targetTable(broken, { every: true }).join('\n')).toContain('OUT OF BOUND');
  });
});

test('a percentile that sixty seeds miss by chance is missed by nobody', () => {
  // Four of sixty recoveries are longer than the target's 5 s: 6.7 %, where 5 % are allowed.
  const scenario: SessionScenario = {
    ...(scenarioNamed('context/basic') as SessionScenario),
    sometimes: [],
    targets: [{ name: 'recovery' }],
  };
  const tally = emptyTally();
  for (const [i, outcome] of outcomes.slice(0, 60).entries())
    count(tally, { ...outcome, figures: { ...outcome.figures, recovery: [i < 4 ? 9_000_000 : 1_000_000] } }, scenario);
  const sweep: Sweep = { tallies: [{ scenario, tally }], stopped: null, wallMs: 1 };
  const [target] = documentFor(sweep).scenarios[0]?.targets ?? [];
  expect(target?.value).toBeGreaterThan(5_000);
  expect(target).toMatchObject({ verdict: 'not enough seeds' });
  expect(target?.needed).toBeGreaterThan(1_000);
  expect(junit(documentFor(sweep))).toContain('failures="0"');
  expect(exitCodeOf(sweep, unkeptBy(sweep), { strict: false })).toBe(0);
});

test('the exit code says first what says more: a broken law, a budget, an interrupt', () => {
  const worse = (field: 'brokenRuns' | 'budgetRuns'): Sweep => ({
    ...broken,
    tallies: broken.tallies.map(({ scenario, tally }) => ({ scenario, tally: { ...tally, [field]: 1 } })),
  });
  const code = (sweep: Sweep): number => exitCodeOf(sweep, unkeptBy(sweep), { strict: true });
  expect(code(worse('brokenRuns'))).toBe(1);
  expect(code(worse('budgetRuns'))).toBe(3);
  expect(code({ ...broken, stopped: 'interrupted' })).toBe(130);
  expect(code({ ...broken, stopped: 'budget' })).toBe(1);
});

describe('on the command line', () => {
  const hangup = calledIn(process.cwd());
  const explore = (...args: string[]): Promise<Ended> => hangup('explore', ...args, '--jobs', '1');

  test('so few seeds fail nobody who does not ask, and one line names what they cannot tell who does', async () => {
    const { code, out, err } = await explore('context/many-cycles', '--seeds', '4', '--json', '--strict-targets');
    const targets = (JSON.parse(out) as ExploreDocument).scenarios[0]?.targets ?? [];
    expect(new Set(targets.map(({ verdict }) => verdict))).toEqual(new Set(['not enough seeds']));
    expect(code).toBe(3);
    expect(err).toMatch(/hangup: --strict-targets: not enough seeds for context\/many-cycles: .* and \d+ more\n$/);
    expect((await explore('context/many-cycles', '--seeds', '4')).code).toBe(0);
  });

  test.each([
    ['--faults', 'cut'],
    ['--network', 'wifi'],
    ['--input', 'package.json'],
  ])('with %s nothing is promised, so nothing could fail: bad usage', async (...args) => {
    const { code, out, err } = await explore('context/basic', '--seeds', '1', '--strict-targets', ...args);
    expect(err).toMatch(/^hangup: --strict-targets: expected none of --faults, --input, --network and --policy/);
    expect(code).toBe(2);
    expect(out).toBe('');
  });
});

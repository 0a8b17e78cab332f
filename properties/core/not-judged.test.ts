/** A law that is not judged never counts as held: in an outcome, a tally, an exit code, a document and its reporters. */
import { describe, expect, test } from 'vitest';
import { exitCodeOf, unkeptBy } from '../../sim/cli/exit-code.ts';
import { report } from '../../sim/cli/table.ts';
import { run } from '../../sim/core/run.ts';
import { claim, type Scenario } from '../../sim/core/scenario.ts';
import type { NodeSpec, World } from '../../sim/core/world.ts';
import { documentOf } from '../../sim/explore/document.ts';
import { count, emptyTally, merge, type Tally } from '../../sim/explore/tally.ts';
import { github } from '../../sim/report/github.ts';
import { junit } from '../../sim/report/junit.ts';
import { reportPage } from '../../sim/report/page.ts';
import { verdictOf } from '../../sim/report/verdict.ts';
import type { Facts } from '../../src/facts.ts';
import { NOTHING } from '../../src/machine.ts';
import { START, us } from '../../src/time.ts';
import { law } from '../laws/law.ts';
import { NEUTRAL_LAWS } from '../laws/neutral/all.ts';

/** A machine that says one thing when it starts, in words of its own. */
const speaker = {
  kind: 'speaker',
  init: () => ({}),
  step: (_state: object, event: { readonly type: string }) =>
    event.type === 'started' ? [{ type: 'custom', name: 'hello', value: { to: 'world' } }] : NOTHING,
};
const node: NodeSpec = { id: 'x', role: 'speaker', machine: speaker as never, config: null };

const silent = law<null>({
  name: 'silent',
  states: 'nothing is ever submitted',
  needs: { entries: ['submitted'] },
  remember: () => null,
  on: { submitted: (_, { key }, breach) => breach(`${key} was submitted`) },
});
const polite = law<null>({
  name: 'polite',
  states: 'whoever says something says hello',
  needs: { entries: ['custom'] },
  remember: () => null,
  on: { custom: (_, { name }, breach) => (name === 'hello' ? undefined : breach(`somebody said ${name}`)) },
});

const scenario = (facts: Partial<Facts>, laws = [polite, silent]): Scenario => ({
  name: 'test/hello',
  title: 'a machine that says hello',
  sometimes: [
    claim({
      name: 'greeted',
      states: 'somebody said hello',
      remember: () => null,
      on: { custom: (_, { name }, reached) => (name === 'hello' ? reached() : undefined) },
    }),
  ],
  protocol: {
    name: 'hello',
    cast: (world) => world as World,
    laws,
    faults: [],
  },
  world: (): World => ({
    nodes: [node],
    links: [],
    serviceDelay: us(100),
    applications: [],
    facts: { clients: [], ...facts },
    stayUntil: START,
    conditions: 'none',
  }),
  plan: () => [],
});

function swept(of: Scenario, runs: number): Tally {
  const [one, two] = [emptyTally(), emptyTally()];
  for (let seed = 1; seed <= runs; seed++) count(seed % 2 === 0 ? one : two, run(of, seed), of);
  merge(one, two);
  return one;
}

const told = (of: Scenario, runs: number) => {
  const result = { tallies: [{ scenario: of, tally: swept(of, runs) }], stopped: null, wallMs: 10 };
  const origin = { input: null, schema: null, network: null, policy: null, faults: null, cell: null };
  const document = documentOf(result, [], { version: '1', seeds: runs, from: 1, origin });
  return { result, document, code: exitCodeOf(result, unkeptBy(result), { strict: false }) };
};

test('a machine of no protocol writes history in its own words, and laws and claims hear them', () => {
  const outcome = run(scenario({}), '1');
  expect(outcome).toMatchObject({ verdict: 'holds', reached: ['greeted'] });
  expect(outcome.notJudged).toEqual([{ law: 'silent', because: 'there was no entry `submitted`', happens: false }]);
});

describe('a law that no run judged', () => {
  test('fails nothing where nobody says that there is anything to judge, and is told', () => {
    const { result, document, code } = told(scenario({}), 100);
    expect(code).toBe(0);
    expect(verdictOf(document).kind).toBe('holds');
    expect(report(result, [], { byCell: false, targets: false })).toContain(
      'law silent: not judged in any of 100 runs of test/hello (there was no entry `submitted`)',
    );
    expect(junit(document)).toContain('name="law silent"><skipped message="not judged in any of 100 runs');
    expect(document.scenarios[0]?.not_judged).toEqual([
      {
        law: 'silent',
        runs: 100,
        because: 'there was no entry `submitted`',
        verdict: 'nothing to judge',
        needed: null,
      },
    ]);
  });

  test('fails a sweep that should have seen what the world says it does, and a shorter one not yet', () => {
    const writes = ['custom', 'submitted'];
    const { document, code } = told(scenario({ writes }), 1000);
    expect(code).toBe(1);
    expect(verdictOf(document)).toMatchObject({ kind: 'missed' });
    expect(junit(document)).toContain('name="law silent"><failure message="not judged in any of 1,000 runs');
    expect(github(document)).toContain('::error title=test/hello%3A law silent::not judged in any of 1,000 runs');
    expect(reportPage(document, null)).toContain('never put to the test');
    expect(told(scenario({ writes }), 5)).toMatchObject({ code: 0 });
    expect(told(scenario({ writes: ['custom'] }), 1000)).toMatchObject({ code: 0 });
  });

  test('is one too many when it is every law', () => {
    const { document, code } = told(scenario({ writes: ['custom'] }, [silent]), 100);
    expect(code).toBe(1);
    expect(document.scenarios[0]?.not_judged?.map(({ law }) => law)).toEqual(['silent', 'every law']);
    expect(verdictOf(document).kind).toBe('missed');
  });
});

test('a world without a protocol is judged by the neutral laws, and not by what nobody promised', () => {
  const { protocol: _, ...bare } = scenario({});
  const { notJudged } = run(bare as Scenario, '1');
  expect(notJudged.map(({ law }) => law)).toEqual(
    NEUTRAL_LAWS.map(({ name }) => name).filter((name) => name !== 'no-leak'),
  );
  expect(notJudged.find(({ law }) => law === 'no-herd')?.because).toBe('the world promises no `clients`');
});

test('a topic is refused where it is known that there is none, and believed where nobody can tell', () => {
  const hears = (topic: string): Scenario =>
    scenario({}, [{ ...polite, on: { ...polite.on, [topic]: () => undefined } } as typeof polite]);
  expect(run(hears('sent PUBLISH'), '1').verdict).toBe('holds');
  expect(() => run(hears('sends PUBLISH'), '1')).toThrow('expected kinds of entries of history');
  expect(() => run(hears('restored'), '1')).toThrow('expected kinds of entries of history');
});

test('whoever makes promises has to do what those are about, and in every run where a protocol says so', () => {
  const promised = { ...silent, name: 'promised', needs: { ...silent.needs, promises: { noLeak: true } } } as const;
  const of = scenario({ writes: ['custom', 'submitted'], promises: { noLeak: true } }, [polite, silent, promised]);
  const rows = (runs: number, heardOncePer?: number) => {
    const protocol = {
      ...of.protocol,
      ...(heardOncePer === undefined ? {} : { heardOncePer }),
    } as Scenario['protocol'];
    const { document, code } = told({ ...of, protocol } as Scenario, runs);
    return { code, rows: document.scenarios[0]?.not_judged?.map(({ law, verdict }) => `${law}: ${verdict}`) };
  };
  expect(rows(3)).toEqual({ code: 0, rows: ['silent: nothing to judge', 'promised: not enough seeds'] });
  expect(rows(1, 1)).toEqual({ code: 1, rows: ['silent: nothing to judge', 'promised: never tested'] });
});

test('a law that needs one of several kinds of entries is judged when one of them happens', () => {
  const notJudged = (anyOf: readonly ('custom' | 'submitted' | 'wrote')[], writes?: readonly string[]) =>
    run(scenario(writes === undefined ? {} : { writes }, [{ ...polite, needs: { anyOf } } as typeof polite]), '1')
      .notJudged;
  expect(notJudged(['submitted', 'custom'])).toEqual([]);
  expect(notJudged(['submitted', 'wrote'])).toMatchObject([
    { law: 'polite', because: expect.stringContaining('submitted'), happens: false },
  ]);
  expect(notJudged(['submitted', 'wrote'], ['custom'])).toMatchObject([{ because: expect.stringContaining('nobody') }]);
  // Of one that nobody writes nothing is expected.
  expect(notJudged(['submitted', 'wrote'], ['wrote'])).toMatchObject([{ happens: true }]);
});

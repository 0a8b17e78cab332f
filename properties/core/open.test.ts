/** A run that is opened and stepped is the run that is run through; and what its steps say is what happened. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUDGETS } from '../../sim/core/budgets.ts';
import type { RunStep } from '../../sim/core/open-run.ts';
import { open, run } from '../../sim/core/run.ts';
import { RunError } from '../../sim/core/run-error.ts';
import type { RecordedEntry } from '../../sim/core/trail.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { law } from '../laws/law.ts';

const named = (name: string): SessionScenario => scenarioNamed(name) as SessionScenario;
const text = named('midstream/text');
const NAMES = ['context/basic', 'midstream/text', 'midstream/tab-suspend', 'restart/rolling', 'restart/crash'];

/** All steps of a run, to its end. */
function stepsOf(opened: { step(): RunStep | null }, most = Number.POSITIVE_INFINITY): RunStep[] {
  const steps: RunStep[] = [];
  while (steps.length < most) {
    const step = opened.step();
    if (step === null) break;
    steps.push(step);
  }
  return steps;
}

describe('a run that is stepped', () => {
  test('has the outcome of one that is run through, wherever stepping ends, in every mode and under every kind of fault', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.integer({ min: 1, max: 1e6 }),
        fc.nat({ max: 3_000 }),
        fc.constantFrom({}, { faults: 'all' } as const),
        fc.constantFrom({ mode: 'sweep' }, { mode: 'recorded' }, { mode: 'frozen' }, { changes: true } as const),
        (name, seed, most, options, how) => {
          const opened = open(named(name), seed, { ...options, ...(how as object) });
          const steps = stepsOf(opened, most);
          expect(opened.event).toBe(steps.length);
          expect(opened.finish()).toEqual(run(named(name), seed, options));
        },
      ),
      { numRuns: 15 },
    );
  });

  test('says every event once, in order, with all that a witness saw', () => {
    const history: RecordedEntry[] = [];
    const opened = open(text, 3, { witness: (entry) => history.push(entry) });
    const steps = stepsOf(opened);
    const { events } = opened.finish();
    expect(steps.map(({ event }) => event)).toEqual(Array.from({ length: events }, (_, i) => i + 1));
    expect([...steps.flatMap(({ entries }) => entries), history.at(-1)]).toEqual(history);
    expect(history.at(-1)?.kind).toBe('rest');
    for (const { event, at, entries, cause } of steps)
      for (const entry of entries)
        if (entry.event !== event || entry.at !== at || cause >= entry.id) expect(entry).toBe({ event, at, cause });
    expect(new Set(steps.map(({ node }) => node))).toContain('c1-lb');
  });

  test('is undisturbed by another one that is stepped between its steps', () => {
    const [one, two] = [open(text, 3), open(text, 4)];
    while (one.step() !== null) two.step();
    expect(one.finish()).toEqual(run(text, 3));
    expect(two.finish()).toEqual(run(text, 4));
    expect(two.finish()).toBe(two.finish());
    expect(two.step()).toBeNull();
  });

  test('ends by a budget where it would when it is run through, and knows a broken law as soon as it is', () => {
    const budgets = { ...BUDGETS, events: 200 };
    const opened = open(text, 3, { budgets });
    expect(stepsOf(opened).length).toBe(200);
    expect(opened.finish()).toEqual(run(text, 3, { budgets }));

    const broken = law<null>({
      name: 'broken',
      states: 'nothing is received',
      remember: () => null,
      on: { received: (_, { node }, breach) => breach(node) },
    });
    const watched = open(text, 3, { laws: [broken] });
    while (watched.breaches.length === 0) expect(watched.step()).not.toBeNull();
    expect(watched.breaches[0]?.event).toBe(watched.event);
  });

  test('is over when it throws, and names the event as `run` does', () => {
    const throws = {
      ...text,
      sometimes: [{ name: 'x', states: 'x', remember: () => 0, on: { received: () => JSON.parse('') } }],
    };
    const opened = open(throws, 3);
    expect(() => stepsOf(opened)).toThrow(RunError);
    expect(() => run(throws, 3)).toThrow(`at event ${opened.event} (`);
    expect(opened.step()).toBeNull();
    expect(() => opened.finish()).toThrow('finish: expected a run that is open');
  });

  test('refuses what would do nothing', () => {
    expect(() => open(text, 3, { changes: true, mode: 'sweep' })).toThrow(
      '`changes`: expected mode recorded or frozen',
    );
    expect(() => open(text, 3, { changed: true } as object)).toThrow('open: expected options of');
    expect(() => run(text, 3, { changes: true } as object)).toThrow('run: expected options of');
  });
});

describe('with `changes`', () => {
  test('a step says each state before and after it, and no later step changes what it said', () => {
    const opened = open(text, 3, { changes: true });
    const steps = stepsOf(opened, 600);
    const states = new Map<string, unknown>();
    const asTheyWere = steps.map(({ changes }) => JSON.stringify(changes));
    let patched = 0;
    for (const { changes } of steps)
      for (const { node, before, after, patches } of changes) {
        const known = states.get(node) ?? before;
        if (known !== before || (before === after) !== (patches.length === 0)) expect(before).toBe(known);
        states.set(node, after);
        patched += patches.length;
      }
    expect(patched).toBeGreaterThan(600);
    for (const [node, state] of states) expect(opened.state(node)).toBe(state);
    opened.finish();
    expect(steps.map(({ changes }) => JSON.stringify(changes))).toEqual(asTheyWere);
    expect(open(text, 3).nodes).toEqual([...opened.nodes]);
  });

  test('a process that is down has no state', () => {
    const opened = open(named('restart/crash'), 3, { changes: true });
    let dead = 0;
    for (let step = opened.step(); step !== null; step = opened.step())
      for (const entry of step.entries)
        if (entry.kind === 'crashed') {
          dead++;
          expect(opened.state(entry.node)).toBeNull();
        }
    expect(dead).toBeGreaterThan(0);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newProgress, wordsOf } from '../../sim/cli/progress.ts';
import { seedNumber, seedText } from '../../sim/core/seeds.ts';
import { emptyHistogram, mergeHistogram, quantile, record } from '../../sim/explore/histogram.ts';
import { InOrder } from '../../sim/explore/in-order.ts';
import { portionSize } from '../../sim/explore/portion.ts';
import { spreadIn } from '../../sim/explore/sums.ts';
import type { Progress } from '../../sim/explore/sweep.ts';
import { digestOf } from '../../sim/explore/tally.ts';
import type { Figure } from '../../sim/figures/figure.ts';
import { FIGURES } from '../../sim/session/figures/catalogue.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { sweep } from '../../sim/sweep.ts';

const scenarios = [
  scenarioNamed('context/basic') as SessionScenario,
  scenarioNamed('midstream/text') as SessionScenario,
];

/** From source a worker process takes longer to start than all of these runs together. */
const built = (await import(new URL('../../dist/sim/index.js', import.meta.url).href)) as {
  readonly sweep: typeof sweep;
};

describe('a sweep', () => {
  test('has one result whatever the workers and the portions', async () => {
    const names = scenarios.map(({ name }) => name);
    const results = [];
    for (const { jobs, portion } of [
      { jobs: 1, portion: 20 },
      { jobs: 2, portion: 7 },
      { jobs: 3, portion: 1 },
    ]) {
      const { tallies } = await built.sweep({ scenarios: names, seeds: 20, jobs, portion });
      results.push(tallies.map(({ tally }) => ({ digest: digestOf(tally), tally })));
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  test('that is aborted keeps what it has, and says how many scenarios it did not come to', async () => {
    const abort = new AbortController();
    const { tallies, stopped, notes } = await sweep({
      scenarios,
      seeds: 100,
      jobs: 1,
      portion: 5,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    expect(stopped).toBe('interrupted');
    expect(tallies[0]?.tally.runs).toBe(5);
    expect(notes).toEqual([`${scenarios.length - 1} of ${scenarios.length} scenarios were not begun`]);
  });

  test('in another order of seeds has another digest over all runs, so the order is really judged', async () => {
    const { tallies } = await sweep({ scenarios: [scenarios[0] as SessionScenario], seeds: 5, jobs: 1 });
    const tally = tallies[0]?.tally;
    if (tally === undefined) throw new Error('nothing was run');
    const digest = digestOf(tally);
    tally.digests.reverse();
    expect(digestOf(tally)).not.toBe(digest);
  });
});

describe('live figures', () => {
  const progress: Progress = {
    scenario: 'midstream/text',
    done: 100,
    total: 200,
    broken: 2,
    exhausted: 1,
    ended: 0,
    most: { scenario: 'context/basic', figure: FIGURES.recovery as Figure, value: 4_250_000 },
  };
  /** A stream that keeps what is written, on a terminal or not. */
  const stream = (isTTY: boolean): { readonly stream: NodeJS.WriteStream; text(): string } => {
    let text = '';
    const write = (chunk: string): boolean => {
      text += chunk;
      return true;
    };
    return { stream: { isTTY, write, columns: 200, on() {}, off() {} } as never, text: () => text };
  };

  test('say what runs, what broke, what ran out and the most of what scenarios are told by', () => {
    expect(wordsOf(progress)).toBe('midstream/text, 2 broken, 1 out of budget, recovery up to 4.25 s (context/basic)');
    expect(wordsOf({ ...progress, broken: 0, exhausted: 0, most: null })).toBe('midstream/text, 0 broken');
  });

  test('are plain lines off a terminal, one for each tenth at the most', () => {
    const { stream: off, text } = stream(false);
    const shown = newProgress(200, off);
    for (let done = 0; done <= 200; done++) shown.show({ ...progress, done });
    shown.end();
    const lines = text().trim().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[4]).toBe(`100/200 runs, ${wordsOf(progress)}`);
    expect(text()).not.toContain('\u001b');
  });

  test('stand beside a bar on a terminal', () => {
    const { stream: on, text } = stream(true);
    const shown = newProgress(200, { ...on, cursorTo() {}, clearLine() {}, moveCursor() {} } as never);
    shown.show({ ...progress, done: 200 });
    shown.end();
    expect(text()).toContain(wordsOf(progress));
  });

  test('of a sweep have the most that its tallies have', async () => {
    const seen: Progress[] = [];
    const { tallies } = await sweep({ scenarios, seeds: 20, jobs: 1, onProgress: (each) => seen.push(each) });
    const values = tallies.map(({ tally }) => spreadIn(tally.figures, 'recovery').max);
    expect(seen.at(-1)?.most).toMatchObject({ figure: { name: 'recovery' }, value: Math.max(...values) });
    expect(seen.at(-1)?.done).toBe(40);
  });
});

test('portions shrink for slow scenarios, and never vanish', () => {
  expect([portionSize(0, 0), portionSize(4, 8), portionSize(1000, 10), portionSize(60_000, 4)]).toEqual([4, 200, 5, 1]);
});

describe('tasks in order', () => {
  test('a slow one holds up no other, and the results come in the order in which the tasks began', async () => {
    const tasks = new InOrder<string>(2);
    let finishSlow = (_: string): void => {};
    tasks.add(
      new Promise((resolve) => {
        finishSlow = resolve;
      }),
    );
    tasks.add(Promise.resolve('b'));
    expect(tasks.hasRoom).toBe(false);
    expect(await tasks.next()).toBe(null);
    expect(tasks.hasRoom).toBe(true);
    tasks.add(Promise.resolve('c'));
    expect(await tasks.next()).toBe(null);
    finishSlow('a');
    const taken = [];
    while (!tasks.isEmpty) taken.push(await tasks.next());
    expect(taken.filter((each) => each !== null)).toEqual(['a', 'b', 'c']);
  });

  test('one that failed throws when it is its turn', async () => {
    const tasks = new InOrder<string>(2);
    tasks.add(Promise.resolve('a'));
    tasks.add(Promise.reject(new Error('no')));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await tasks.next()).toBe('a');
    await expect(tasks.next()).rejects.toThrow('no');
  });
});

describe('a histogram', () => {
  const samples = fc.array(fc.integer({ min: 0, max: 10_000_000_000 }), { minLength: 1, maxLength: 300 });

  test('is within 0.8 % of the exact quantile', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const histogram = emptyHistogram();
        for (const value of values) record(histogram, value);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil((values.length * percent) / 100) - 1] as number;
        const found = quantile(histogram, percent, 100) as number;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.008);
      }),
    );
  });

  test('of two halves is the histogram of the whole', () => {
    fc.assert(
      fc.property(samples, samples, (left, right) => {
        const whole = emptyHistogram();
        for (const value of [...left, ...right]) record(whole, value);
        const a = emptyHistogram();
        const b = emptyHistogram();
        for (const value of left) record(a, value);
        for (const value of right) record(b, value);
        mergeHistogram(a, b);
        expect(a).toEqual(whole);
      }),
    );
  });
});

test('a seed survives being written and read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_656_158_440_062_975 }), (seed) => seedNumber(seedText(seed)) === seed),
  );
});

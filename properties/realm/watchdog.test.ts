/** Code that never comes back ends its run, and nothing else: each of these would hold a sweep for ever. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { open } from '../../sim/core/run.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import { sweep } from '../../sim/explore/sweep.ts';
import { bundle } from '../../sim/realm/bundle.ts';
import { watchdog } from '../../sim/realm/watchdog.ts';
import { alone, aloneScenario } from './alone.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-watchdog-'));
writeFileSync(join(folder, 'package.json'), '{}');
let files = 0;
function inFile(text: string) {
  const path = join(folder, `code${++files}.ts`);
  writeFileSync(path, text);
  return bundle(path, 'browser');
}

const around = watchdog(1000);
// The first realm of a process takes as long as a hundred others.
beforeAll(() => void [alone('', { profile: 'node' }), alone('')]);

describe('a run that does not come back', () => {
  test.each([
    [
      'a loop',
      'const turn = (n: number): number => n + 1;\nfunction spin(): void {\n  for (let n = 0; ; ) n = turn(n);\n}\nsetTimeout(spin, 1500);\n',
      'spin',
      2,
    ],
    [
      'promises that make promises',
      '\nconst tick = (): void => void Promise.resolve().then(tick);\nsetTimeout(tick, 1500);\n',
      'tick',
      2,
    ],
    [
      'an async function that waits for nothing',
      'setTimeout(poll, 1500);\nasync function poll(): Promise<void> {\n  for (;;) await null;\n}\n',
      'poll',
      2,
    ],
    // Another thread looks where it is, and a machine that is busy may keep that from its turn.
  ])(
    'because of %s is out of budget: whose step it was, when, and where its code was',
    {
      retry: 2,
    },
    (_, text, name, line) => {
      const { outcome, said } = alone(inFile(`console.log('here');\n${text}`), { around });
      expect(outcome).toMatchObject({ verdict: 'budget' });
      expect(outcome.exceeded).toMatch(
        /^1 s of real time in a step of c1 that did not end, at event 2 \(1\.5 s\); last seen in /,
      );
      expect(outcome.exceeded).toMatch(new RegExp(`last seen in ${name} \\(code\\d+\\.ts:${line + 1}:\\d+\\)`));
      expect(said).toEqual(['here']);
    },
  );

  test('comes to the same digest each time', () => {
    const code = 'setTimeout(() => { for (;;); }, 10)';
    const digest = (): string => alone(code, { around }).outcome.digest;
    expect(digest()).toBe(digest());
  });

  test('because no time passes in it is out of a budget of its own, within a second of the processor', () => {
    const before = process.cpuUsage();
    const { outcome } = alone('const again = () => setImmediate(again); setTimeout(again, 5);', {
      profile: 'node',
      budgets: { instant: 20_000 },
    });
    expect(outcome.exceeded).toMatch(/^20000 events at one instant \(5 ms\); busiest timer: task/);
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});

test('A run that does not come back leaves its process alive, also where that follows asynchronous calls', () => {
  const program = fileURLToPath(new URL('./followed.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['budget\nalive\n', '']);
});

describe('a run that takes long', () => {
  test('is made again, and counts when it comes to an end', () => {
    let calls = 0;
    const result = around(() => {
      for (const until = performance.now() + (calls++ === 0 ? 2000 : 0); performance.now() < until; );
      return calls;
    }, true);
    expect(result).toBe(2);
  });

  test('and comes further each time goes on until its end: only what stays where it was is stuck', () => {
    const code = `let left = 150;
      const timer = setInterval(() => {
        for (let n = 0; n < 3e6; n++);
        if (--left === 0) console.log('done'), clearInterval(timer);
      }, 10);`;
    const { outcome, said } = alone(code, { around: watchdog(200) });
    expect(said).toEqual(['done']);
    expect(outcome.exceeded).toBeNull();
  });

  test('and for ever is out of budget, and not nondeterministic because its second run was cut elsewhere', async () => {
    const endless = aloneScenario('setInterval(() => { for (let n = 0; n < 1e5; n++); }, 10);', {
      around: watchdog(150),
    });
    const of = { ...endless, protocol: { ...endless.protocol, anew: (call: () => unknown) => call() } } as Scenario;
    const { tallies } = await sweep({ scenarios: [of], seeds: 1, jobs: 1 });
    const tally = tallies[0]?.tally;
    expect(tally).toMatchObject({ runs: 1, budgetRuns: 1, nondeterministicRuns: 0 });
    expect(tally?.bad[0]?.exceeded).toMatch(/ of real time; it went on, and had come to event \d+ \(/);
  });

  test('within another call has that one to answer for it', () => {
    expect(around(() => around(() => 7, true), true)).toBe(7);
  });

  test('passes on what is thrown in it as it is', () => {
    const error = new Error('as it is');
    expect(() =>
      around(() => {
        throw error;
      }, true),
    ).toThrow(error);
    expect(error.stack).toMatch(/^Error: as it is\n/);
  });
});

test('A step of an open run that does not come back throws, and the run is over', () => {
  const opened = open(aloneScenario('setTimeout(() => { for (;;); }, 10)', { around }), 1);
  opened.step();
  expect(() => opened.step()).toThrow(/at event 2 \(10 ms\).*1 s of real time without an end/);
  expect(opened.step()).toBeNull();
});

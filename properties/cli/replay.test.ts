/** What `replay` and `diff` print: a story that fits a screen, a part of a timeline, and where two runs part. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { calledIn, plantedIn } from './called.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-replay-'));
const hangup = calledIn(folder);
const planted = plantedIn(folder);

/** The events of the lines of a timeline, of which most are folded. */
const eventsIn = (out: string): readonly number[] =>
  [...out.matchAll(/^ *#(\d+) {2}/gm)].map(([, event]) => Number(event));

describe('a run that breaks a law', () => {
  test('is told in at most 25 lines, of which the last say how it is run again', async () => {
    const { code, out } = await planted('replay', 'midstream/text@2', '--network', 'lte');
    const lines = out.trimEnd().split('\n');
    expect(code).toBe(1);
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines[0]).toMatch(/^at 0\.\d{6} s, event #\d+: midstream\/text@2 breaks planted$/);
    expect(out).toMatch(/^then +#\d+ .*\n(.*\n)*known +#\d+ /m);
    expect(lines.at(-1)).toContain('npx hangup replay midstream/text@2 --network lte --timeline');
  });

  test('has its timeline behind the story, and alone', async () => {
    const both = await planted('replay', 'midstream/text@2', '--timeline');
    expect(both.out).toMatch(/^at .*breaks planted\n(.*\n)+run .*\nmore .*\n\n.*application starts/);
    const alone = await planted('replay', 'midstream/text@2', '--no-story');
    expect(alone.out).toMatch(/^midstream\/text@2 {2}/);
    expect(alone.out).toContain('BROKEN planted');
  });

  test('has its story as data in --json', async () => {
    const { story } = JSON.parse((await planted('replay', 'midstream/text@2', '--json')).out);
    expect(story).toMatchObject({ law: 'planted', guilt: { always: true, enough: [] } });
    expect(story.lines[0]).toMatchObject({ part: 'run', event: expect.any(Number), who: '' });
    expect(JSON.parse((await planted('replay', 'midstream/text@2', '--json', '--no-story')).out).story).toBeNull();
  });

  test('is told of the law that --law names; one that holds has no story', async () => {
    expect((await planted('replay', 'midstream/text@2', '--law', 'planted')).out).toContain('breaks planted');
    expect(await planted('replay', 'midstream/text@2', '--law', 'prefix')).toMatchObject({
      ...{ code: 2, err: 'hangup: --law: prefix is not broken in this run\n' },
    });
    expect((await planted('replay', 'midstream/text@2', '--law', 'prefx')).err).toContain('did you mean prefix?');
  });
});

describe('a part of a timeline', () => {
  const shown = async (...flags: readonly string[]): Promise<string> =>
    (await hangup('replay', 'midstream/text@7', ...flags)).out;

  test('--node shows what these nodes do, and nobody else', async () => {
    const out = await shown('--node', 'store,s1', '--full');
    const nodes = [...out.matchAll(/^ *#\d+ +[\d.]+ s {2}(\S+)/gm)].map(([, node]) => node);
    expect(new Set(nodes)).toEqual(new Set(['store', 's1']));
  });

  test('--conn shows a connection from end to end, or its half by its own name', async () => {
    const whole = await shown('--conn', 'c1#1', '--full');
    expect(whole).toContain('on c1#1');
    expect(whole).toContain('on lb#1');
    expect(whole).not.toMatch(/(c1|lb)#2/);
    const half = await shown('--conn', 'lb#1', '--full');
    expect(half).not.toContain('on c1#1');
  });

  test('--stream shows pieces of it, and the cursor of a HELLO', async () => {
    const out = await shown('--stream', '1');
    expect(out).toMatch(/sends HELLO \(resume 1, stream 1 behind \d+\)/);
    expect(out).not.toContain('dials');
  });

  test('--from and --to hold together, by time and by event', async () => {
    const events = eventsIn(await shown('--from', '1.5s', '--to', '#700', '--full'));
    expect(Math.max(...events)).toBeLessThanOrEqual(700);
    expect(events.length).toBeGreaterThan(0);
    const out = await shown('--from', '1.5s', '--to', '#700', '--full');
    const times = [...out.matchAll(/^ *#\d+ +([\d.]+) s /gm)].map(([, time]) => Number(time));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1.5);
  });

  test('says in one line what there is, where nothing is left', async () => {
    const { code, out } = await hangup('replay', 'midstream/text@7', '--conn', 'c1#2', '--to', '1s');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^nothing of this run is --conn c1#2 --to 1s; by themselves --conn c1#2: \d+ entries, #\d+ at .* to #\d+ at .*; the run has \d+ entries up to event #\d+ at .*\n$/,
    );
  });

  test.each([
    [['--node', 'c9'], '--node: this run has no "c9": did you mean c1? (it has c1, '],
    [['--conn', 'c1#9'], '--conn: nobody dials "c1#9": did you mean c1#1? (there are c1#1, '],
    [['--stream', '7'], '--stream: this run has no "7" (it has 1)'],
    [['--from', '3s', '--to', '2s'], '--to: expected a point behind 3s of --from, got 2s'],
    [['--from', '3h'], '--from: the run ends at '],
    [['--node', 'c1', '--json'], '--node: expected the timeline or --jsonl'],
    [['--timeline', '--jsonl'], '--timeline: expected text, got --jsonl'],
    [['--law', 'prefix', '--node', 'c1'], '--law: expected a story, got --node'],
  ])('%j is one line and exit code 2', async (flags, line) => {
    const { code, err } = await hangup('replay', 'midstream/text@7', ...flags);
    expect(code).toBe(2);
    expect(err).toContain(`hangup: ${line}`);
    expect(err.trimEnd()).not.toContain('\n');
  });
});

describe('diff', () => {
  test('a run beside itself is the same, and ends with 0', async () => {
    const { code, out } = await hangup('diff', 'midstream/text@7', 'midstream/text@007');
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, 'the same run, event for event']);
  });

  test('without a fault that matters it parts where the fault does, and ends with 1', async () => {
    const { code, out } = await hangup('diff', 'midstream/text@2', '--without', '0', '--json');
    const document = JSON.parse(out);
    expect(code).toBe(1);
    expect(document).toMatchObject({ schema: 'hangup/diff/1', identical: false });
    expect(document.first_difference.a.text).toContain('fault 0 reset begins');
    expect(document.parting.a).toMatchObject({ node: 'c1', text: 'c1#1 closed: 1006 reset' });
    const said = (await hangup('diff', 'midstream/text@2', '--without', '0')).out;
    expect(said).toMatch(/\n {2}a {2}c1 c1#1 closed: 1006 reset \(.*\)\n {2}b {2}c1 gets DATA stream 1 seq \d+ /);
    expect(said).toMatch(/around it, a:\n(.+\n)+\naround it, b:\n/);
  });

  test('takes a seed beside a failure file', async () => {
    const path = join(folder, 'kept.json');
    const head = { format: 1, version: '0.0.1', scenario: 'midstream/text', seed: '2', digest: '0', breaches: [] };
    writeFileSync(path, JSON.stringify({ ...head, exceeded: null, plan: [] }));
    const { code, out } = await hangup('diff', 'midstream/text@2', path);
    expect(code).toBe(1);
    expect(out).toMatch(/^a {2}midstream\/text@2: every law holds; .*\nb {2}.*kept\.json: every law holds; /);
  });

  test.each([
    [['midstream/text@7'], 'expected two runs, or --without FAULT beside one'],
    [['midstream/text@7', 'midstream/text@8', '--without', '1'], '--without: expected one run'],
    [
      ['midstream/text@7', '--without', '9'],
      '--without: expected the number of a fault, 0 to 4, or several (0,2), got "9"',
    ],
    [['midstream/text@7', 'midstream/txt@8'], 'midstream/text'],
  ])('%j is one line and exit code 2', async (args, line) => {
    const { code, err } = await hangup('diff', ...args);
    expect([code, err.trimEnd().split('\n').length]).toEqual([2, 1]);
    expect(err).toContain(line);
  });
});

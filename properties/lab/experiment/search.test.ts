/** `lab tune`, `lab frontier` and `lab advise`: who wins, and who is said to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { pastedOf, picksOf } from '../../../sim/lab/experiment/advise.ts';
import type { LabDocument } from '../../../sim/lab/experiment/document.ts';
import { fitted, presets } from '../../../sim/lab/experiment/field.ts';
import { REFERENCE_STORM } from '../../../sim/lab/storm/storm.ts';
import { calledIn } from '../../cli/called.ts';
import { startedIn } from '../../cli/started.ts';
import { expectSound } from '../sound.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-search-'));
afterEach(() => rmSync(join(folder, '.hangup'), { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const call = calledIn(folder);
const start = startedIn(folder);

const SMALL = ['--clients', '200', '--capacity', '20', '--outage', '20s', '--replications', '20'];
const TUNE = ['lab', 'tune', '--family', 'full-jitter', '--vary', 'cap=2s,10s,40s', ...SMALL];
const document = (text: string): LabDocument => JSON.parse(text) as LabDocument;
const metric = (found: LabDocument, contender: string, name: string): number =>
  found.estimates.find((each) => each.contender === contender && each.phase === 'estimate' && each.metric === name)
    ?.mean ?? Number.NaN;

describe('a search for the best parameters', () => {
  const tuned = start(...TUNE, '--subject-to', 'attempts_after<=2.5', '--json');

  test('names a winner that keeps its constraint, where a faster candidate does not', () => {
    expect(tuned.code).toBe(0);
    const found = document(tuned.out);
    expectSound(found);
    expect(found.tuning?.winner).toBe('full-jitter,cap=10s');
    expect(metric(found, 'full-jitter,cap=10s', 'attempts_after')).toBeLessThanOrEqual(2.5);
    const fastest = start(...TUNE, '--json');
    expect(document(fastest.out).tuning?.winner).toBe('full-jitter,cap=2s');
  });

  test('estimates the winner on replications that nobody chose by', () => {
    const { rows } = document(tuned.out);
    const replications = (phase: string): readonly number[] =>
      rows.filter((row) => row.phase === phase).map(({ replication }) => replication);
    expect(replications('estimate')).toHaveLength(
      20 * new Set(rows.filter((row) => row.phase === 'estimate').map((row) => row.contender)).size,
    );
    expect(Math.max(...replications('search'))).toBeLessThan(Math.min(...replications('estimate')));
  });

  test('is the same document with any number of threads', () => {
    for (const jobs of ['1', '3'])
      expect(start(...TUNE, '--subject-to', 'attempts_after<=2.5', '--json', '--jobs', jobs).out).toBe(tuned.out);
  });

  test('says so when no candidate keeps the constraint', () => {
    const { code, out } = start(...TUNE, '--subject-to', 'attempts_after<=0.5');
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('None of 3 candidates of full-jitter keeps attempts_after<=0.5'),
    ]);
  });

  test('holds over several storms: what is best in one of them need not win', () => {
    const found = document(
      start(
        ...TUNE,
        '--storm',
        'clients=200',
        '--storm',
        'clients=800',
        '--subject-to',
        'attempts_after<=2.5',
        '--json',
      ).out,
    );
    expectSound(found);
    expect(found.tuning?.winner).toBe('full-jitter,cap=40s');
    expect(found.storms.map(({ bound }) => bound)).toEqual([10, 40]);
  });

  test.each([
    [['--vary', 'cap=2s,10s'], '"cap" is given twice'],
    [['--minimise', 'recovery'], 'unknown metric "recovery"'],
    [['--subject-to', 'attempts_after~2'], "expected METRIC<=NUMBER such as 'attempts_after<=1.4'"],
    [['--subject-to', 'attempts<=2'], 'unknown metric "attempts"'],
    [['--vary', 'speed=1,2'], 'no combination is a policy'],
    [['--vary', 'base=1ms..9s/100', '--vary', 'stableAfter=1s..9s/100'], 'expected at most 2000 candidates'],
    [['--minimise', 'goodput'], '--minimise: expected a metric that is better when it is less, got goodput'],
    [['--storm', ''], '--storm: expected parts such as clients=1000,outage=10s, or a FILE, got nothing'],
    [['--design', 'sobol'], '--design: expected grid or random'],
    [['--candidates', '7'], 'expected --design random with it'],
  ])('with %j is refused in one line', async (args, line) => {
    const { code, out, err } = await call(...TUNE, ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('a frontier has on it who is not beaten, and says by whom the others are', () => {
  const { code, out } = start(
    'lab',
    'frontier',
    '--policies',
    'full-jitter,cap=2s,full-jitter,cap=10s,mqtt,signalr',
    ...SMALL,
    '--json',
  );
  expect(code).toBe(0);
  const found = document(out);
  expectSound(found);
  const places = Object.fromEntries(
    (found.frontier?.points ?? []).map(({ contender, place, dominatedBy }) => [contender, [place, dominatedBy]]),
  );
  expect(places).toEqual({
    'full-jitter,cap=2s': ['front', null],
    'full-jitter,cap=10s': ['front', null],
    mqtt: ['dominated', expect.stringMatching(/^full-jitter/)],
    signalr: ['unknown', null],
  });
});

describe('an advice', () => {
  test('has three policies with figures, says what it looked for, and has code of the best one', () => {
    const { code, out } = start('lab', 'advise', ...SMALL, '--current', 'mqtt');
    expect(code).toBe(0);
    expect(out).toMatch(/Looked for the least recovery_p99 with attempts_after <= 1\.4 among \d+ policies/);
    expect(out).toMatch(/Take \S+: recovery_p99 [\d.]+ s \([\d.]+ to [\d.]+\)/);
    expect(out).toContain('warning: mqtt: clients dial in step');
    expect(out).toContain('new WebSocket(url)');
  });

  test('measures what is left of a policy where its code is told nothing', () => {
    const storms = [{ name: 'storm', storm: REFERENCE_STORM }];
    const entrant = (name: string) => presets().find((each) => each.name === name) as (typeof own)[number];
    const own = presets();
    expect(pastedOf(entrant('full-jitter'), storms)).toBeNull();
    const { policy } = entrant('default');
    if ('kind' in policy) throw new Error('a function');
    const left = pastedOf(entrant('default'), storms)?.policy;
    expect(left).toEqual({
      ...policy,
      retryAfter: 'ignore',
      modes: policy.modes.filter(({ on }) => on === null),
    });
    expect(policy.modes.some(({ on }) => on === 'overloaded')).toBe(true);
    const hinted = [{ name: 'storm', storm: { ...REFERENCE_STORM, retryAfter: { kind: 'slot' as const } } }];
    expect(pastedOf(entrant('full-jitter'), hinted)?.policy).toEqual({
      ...entrant('full-jitter').policy,
      retryAfter: 'ignore',
    });
  });

  test('recommends nobody who keeps a constraint by giving up', () => {
    const { code, out } = start('lab', 'advise', ...SMALL.with(-1, '2'), '--subject-to', 'attempts_after<=0.1');
    expect(code).toBe(0);
    expect(out).toMatch(/Take \S+: recovery_p99 [\d.]+ s .* It does not keep attempts_after <= 0\.1\./);
    expect(out).not.toContain('give up');
  });

  test('refuses a client that it does not know, before anything is measured', async () => {
    const { code, out, err } = await call('lab', 'advise', ...SMALL, '--paste', 'socket.io,grcp');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^hangup: --paste: unknown client "grcp".*\n$/);
  });

  test('picks three different policies, whatever the order of a search', () => {
    const all = [...presets(), ...fitted([{ name: 'storm', storm: REFERENCE_STORM }])];
    for (let first = 0; first < all.length; first++) {
      const picks = picksOf([...all.slice(first), ...all.slice(0, first)]);
      expect(picks[0]?.entrant).toBe(all[first]);
      expect(new Set(picks.map(({ entrant }) => entrant.name)).size).toBe(3);
      expect(picks.map(({ entrant }) => entrant.name)).toContain('default');
    }
  });
});

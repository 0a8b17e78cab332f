/** `lab compare`: the same figures however they are made, whoever interrupts them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { LabDocument } from '../../../sim/lab/experiment/document.ts';
import { calledIn } from '../../cli/called.ts';
import { COMMAND, ENVIRONMENT as env, startedIn } from '../../cli/started.ts';
import { expectSound } from '../sound.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-lab-'));
afterEach(() => rmSync(JOURNAL, { force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const call = calledIn(folder);
const JOURNAL = join(folder, '.hangup', 'lab.journal');

const SMALL = ['--clients', '300', '--capacity', '30', '--outage', '5s'];
const THREE = ['--policies', 'full-jitter,socket.io,signalr'];
const compare = (...more: readonly string[]): readonly string[] => ['lab', 'compare', ...THREE, ...SMALL, ...more];

const PRECISE = ['--precision', '5%', '--json'];
const ofPrecision = call(...compare(...PRECISE, '--jobs', '1'));

describe('a comparison', () => {
  test('is the same document with any number of threads', async () => {
    const { out, code, err } = await ofPrecision;
    expect([code, err]).toEqual([0, expect.stringMatching(/replications/)]);
    const others = [
      startedIn(folder)(...compare(...PRECISE, '--jobs', '2')),
      startedIn(folder)(...compare(...PRECISE, '--jobs', '3')),
    ];
    for (const other of others) expect(other.out).toBe(out);
  });

  test('has a sound document that says how to make it again', async () => {
    const document = JSON.parse((await ofPrecision).out) as LabDocument;
    expectSound(document);
    expect(document.command).toBe(`npx hangup ${compare('--precision', '5%').join(' ')}`);
    expect(document.contenders.map(({ name }) => name)).toEqual(['full-jitter', 'socket.io', 'signalr']);
    expect(document.stopped).toBeNull();
    expect(document.traces).toHaveLength(3);
  });

  test('gives each policy as many replications as its intervals need', async () => {
    const document = JSON.parse((await ofPrecision).out) as LabDocument;
    const shown = document.metrics.filter((metric) => metric.shown).map(({ name }) => name);
    const known = document.estimates.filter(({ metric, missing }) => shown.includes(metric) && missing === 0);
    expect(known.length).toBeGreaterThan(10);
    for (const { mean, interval } of known)
      expect(((interval?.most ?? 0) - (interval?.least ?? 0)) / 2).toBeLessThanOrEqual(0.05 * Math.abs(mean ?? 0));
  });

  test('with another seed has other luck', async () => {
    const [one, two] = [
      await call(...compare('--json', '--replications', '2')),
      await call(...compare('--json', '--replications', '2', '--seed', '2')),
    ];
    const rows = (text: string): unknown => (JSON.parse(text) as LabDocument).rows;
    expect(rows(one.out)).not.toEqual(rows(two.out));
  });

  test('warns of clients that give up, and says nothing better of who does not dial', async () => {
    const { out } = await call(
      'lab',
      'compare',
      ...THREE,
      '--clients',
      '300',
      '--capacity',
      '30',
      '--outage',
      '60s',
      '--replications',
      '3',
    );
    expect(out).toContain('warning: signalr: all 300 clients give up and stay away');
    const line = out.split('\n').findLast((each) => each.startsWith('signalr'));
    expect(line).not.toMatch(/better|worse/);
    for (const each of out.split('\n').filter((text) => !text.startsWith('again:')))
      expect(each.length < 121 || !/ {2}/.test(each)).toBe(true);
  });
});

describe('a comparison that is interrupted', () => {
  const long = ['lab', 'compare', ...THREE, '--clients', '2000', '--capacity', '200', '--outage', '5s'].concat(
    ...[['--replications', '80'], ['--jobs', '2'], ['--json']],
  );

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s keeps what is done, and goes on to the undisturbed result',
    async (signal) => {
      const undisturbed = startedIn(folder)(...long);
      expect(undisturbed.code).toBe(0);
      expect(existsSync(JOURNAL)).toBe(false);
      const { code, out, err } = await signalled(long, signal);
      expect([code, err]).toEqual([130, expect.stringContaining('--resume goes on from here')]);
      const partial = JSON.parse(out) as LabDocument;
      expect(partial.stopped).toBe('interrupted');
      expect(partial.rows.length).toBeGreaterThan(0);
      expect(partial.rows.length).toBeLessThan(240);
      expectSound(partial);
      const resumed = startedIn(folder)(...long, '--resume');
      expect([resumed.code, resumed.err]).toEqual([0, expect.stringMatching(/--resume: \d+ replications are in/)]);
      expect(resumed.out).toBe(undisturbed.out);
      expect(existsSync(JOURNAL)).toBe(false);
    },
  );

  test('goes on from a journal that was cut anywhere in its last line, and refuses one of another experiment', async () => {
    const stopped = long.filter((word) => word !== '--json');
    const { code } = await signalled(stopped, 'SIGTERM');
    expect(code).toBe(130);
    truncateSync(JOURNAL, readFileSync(JOURNAL).length - 7);
    const other = await call(...stopped.map((word) => (word === '80' ? '81' : word)), '--resume');
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringMatching(/of another experiment: arguments .*--replications 80/),
    ]);
    const [resumed, undisturbed] = [startedIn(folder)(...stopped, '--resume'), startedIn(folder)(...stopped)];
    expect([resumed.code, resumed.out]).toEqual([0, undisturbed.out]);
  });
});

/** The command in a process that is sent a signal when its journal has rows. */
function signalled(
  args: readonly string[],
  signal: NodeJS.Signals,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...COMMAND, ...args], { cwd: folder, env });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    const look = setInterval(() => {
      if (!existsSync(JOURNAL) || readFileSync(JOURNAL, 'utf8').split('\n').length < 9) return;
      clearInterval(look);
      child.kill(signal);
    }, 5);
    child.on('close', (code) => {
      clearInterval(look);
      resolve({ code, out, err });
    });
  });
}

describe('what is wrong with an experiment', () => {
  test.each([
    [['--clients', '-5'], '--clients: expected a whole number from 1 to 10000000, got "-5"'],
    [['--clients', 'NaN'], '--clients: expected a whole number'],
    [['--capacity', '0'], '--capacity: expected a whole number of admissions a second from 1'],
    [['--outage', '0s'], '--outage: expected a length such as 60s'],
    [['--outage', '2h', '--horizon', '1h'], '--horizon: expected more than 2h, when the last outage ends'],
    [['--metrics', 'recovery_p98'], 'unknown metric "recovery_p98": did you mean'],
    [['--policies', 'full-jiter'], 'unknown policy "full-jiter": did you mean full-jitter?'],
    [['--policies', 'full-jitter,cap=1ms'], 'expected at most `cap`'],
    [['--policies', 'full-jitter,delay.base=NaN'], 'expected a duration'],
    [['--policies', 'full-jitter,full-jitter'], 'expected different policies'],
    [['--precision', '200%'], '--precision: expected a half-width'],
    [['--precision', '1%', '--replications', '3'], 'expected one of them'],
    [['--rtt', '80ms..20ms'], '--rtt: expected a duration or a range'],
    [['--retry-after', 'soon'], '--retry-after: expected none, slot'],
    [['--partial', '0'], '--partial: expected a share above 0'],
    [['--brown-out', '1'], '--brown-out: expected a share below 1'],
    [['--storm', 'client=3'], 'unknown part of a storm "client": did you mean clients?'],
    [['--storm', 'outage=-3s'], '--storm outage=-3s: outage: expected a length such as 60s'],
    [['--storm', './none.json'], './none.json: cannot be read (ENOENT)'],
    [['--against', 'grpc'], '--against: unknown policy "grpc"'],
    [['--seed', 'K'], '--seed: expected a seed'],
    [['--budget', '0s'], '--budget: expected a duration'],
    [['--outage-gap', '5s'], '--outage-gap: expected several outages'],
  ])('%j is told in one line, with exit code 2', async (args, line) => {
    const twice = args.filter((word) => word.startsWith('--'));
    const rest = compare().filter((word, nth, all) => !twice.includes(word) && !twice.includes(all[nth - 1] as string));
    const { code, out, err } = await call(...rest, ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

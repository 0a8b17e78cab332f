import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { RecordedEntry } from '../../sim/core/trail.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { OWN_CODE_KINDS } from '../../sim/system/faults/catalogue.ts';
import type { Entry } from '../../src/history.ts';
import { calledIn, type Ended, plantedIn } from './called.ts';
import { COMMAND, ENVIRONMENT, PLANTED, startedIn } from './started.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-cli-'));

/** The command, in an empty folder. */
const hangup = calledIn(folder);
const planted = plantedIn(folder);

/** The same in a process of its own. */
const started = startedIn(folder);

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A failure file of an older version. */
const FAILURE = {
  ...{ format: 1, version: '0.0.1', scenario: 'context/basic', seed: '1', digest: '0', plan: [], breaches: [] },
  ...{ exceeded: null, input: null, schema: null, network: null },
};

const ENDLESS = { kind: 'flap', target: 'c1-lb', at: 1, times: 1e9, off: 1000, on: 1000 };

/** No folder can have such a name, which shows when it is made. */
const TOO_LONG = 'x'.repeat(300);

describe('explore', () => {
  test('prints the table, says what clean seeds exclude, and exits 0 when every law holds', async () => {
    const { code, out } = await hangup('explore', 'context/basic', '--seeds', '6', '--jobs', '1');
    expect(code).toBe(0);
    expect(out).toMatch(/context\/basic +6 /);
    expect(out).toContain('6 clean runs: a bug shows in at most 1 run of 2 (95 % confidence)');
  });

  test('the break-down by cell leaves out what --cell rules out', async () => {
    const { out } = await hangup(
      'explore',
      'context/basic',
      '--seeds',
      '2',
      '--jobs',
      '1',
      '--cell',
      'condition=outage',
    );
    expect(out.match(/^condition=\S+/gm)).toEqual(['condition=outage']);
    expect(out.match(/^moment=\S+/gm)).toHaveLength(5);
  });

  test('--help fits a terminal of 80 columns', async () => {
    const { code, out } = await hangup('explore', '--help');
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('--json is one document with digest and metrics, the same each time', async () => {
    const once = JSON.parse((await hangup('explore', 'midstream/json', '--seeds', '4', '--json', '--jobs', '1')).out);
    const again = JSON.parse((await hangup('explore', 'midstream/json', '--seeds', '4', '--json', '--jobs', '2')).out);
    expect(once.scenarios).toEqual(again.scenarios);
    expect(once.scenarios[0]).toMatchObject({
      name: 'midstream/json',
      runs: 4,
      broken: [],
      metrics: { completion_percent: 100 },
    });
    expect(once.scenarios[0].digest).toMatch(/^[0-9a-f]{16}$/);
  });

  test('streams files of the user: text, JSON with a schema, several parts', async () => {
    const text = file('answer.txt', 'hello '.repeat(400));
    const json = file('answer.json', JSON.stringify({ words: ['a', 'b'] }));
    const schema = file('schema.json', JSON.stringify({ type: 'object', required: ['words'] }));
    for (const args of [
      ['--input', text],
      ['--input', json, '--schema', schema],
      ['--input', `${text},${json}`],
    ])
      expect(await hangup('explore', 'midstream/text', '--seeds', '2', '--jobs', '1', ...args)).toMatchObject({
        code: 0,
      });
  });
});

describe('--faults', () => {
  test('draws the plan from other kinds than the scenario does, the same for explore and replay', async () => {
    const replayed = JSON.parse(
      (await hangup('replay', 'midstream/text@3', '--faults', 'suspend,sleep', '--json')).out,
    );
    expect(replayed.plan.length).toBeGreaterThan(0);
    for (const { kind } of replayed.plan) expect(['suspend', 'sleep']).toContain(kind);
    const { code } = await hangup(
      'explore',
      'midstream/text',
      '--seeds',
      '3',
      '--faults',
      'suspend,sleep',
      '--jobs',
      '2',
    );
    expect(code).toBe(0);
  });

  test('list explains each kind in a line, with its parameters', async () => {
    const { out } = await hangup('list', 'faults');
    const lines = out.trimEnd().split('\n').slice(1);
    const kinds = [...SESSION_FAULTS.keys(), ...OWN_CODE_KINDS.map(({ name }) => name)];
    expect(lines).toHaveLength(kinds.length);
    for (const [index, line] of lines.entries()) expect(line).toMatch(new RegExp(`^  ${kinds[index]} +[\\w ]+: `));
    expect(lines.find((line) => line.includes(' cut '))).toContain('direction: both, up or down');
    const { faults } = JSON.parse((await hangup('list', 'faults', '--json')).out);
    expect(faults[0].parameters).toMatchObject({ direction: 'both, up or down' });
  });
});

describe('bad input gets one line that names the place and the expected form, and exit code 2', () => {
  const bad: readonly (readonly [string, readonly string[], string])[] = [
    ['unknown scenario', ['explore', 'midstream/txt'], 'did you mean midstream/text?'],
    ['name far from all', ['explore', 'nope'], 'unknown scenario "nope" (hangup list scenarios shows all)'],
    ['part of a scenario', ['explore', 'basic'], 'did you mean context/basic?'],
    ['unknown seed', ['replay', 'midstream/text@K!'], 'expected a seed such as k7f3'],
    ['no seed at all', ['replay', 'midstream/text'], 'expected scenario@seed or a failure file'],
    ['unknown flag', ['explore', '--sedes', '3'], '--seeds'],
    ['unknown command', ['explor'], 'explore'],
    [
      'a network on which nobody gets through',
      ['explore', '--network', `${file('q.down', '1\n1000000\n')},${file('q.up', '1\n')}`],
      '--network q.down: context/basic: no client that waits 10 s for an answer gets through: up to 16 min 39.999 s pass between two packets (down); expected a packet at least every 5.93 s',
    ],
    ['unknown network', ['explore', '--network', 'wify'], 'did you mean wifi?'],
    ['unknown fault', ['explore', '--faults', 'cut,slep'], 'did you mean sleep?'],
    ['unknown fault of a replay', ['replay', 'context/basic@1', '--faults', 'slep'], 'did you mean sleep?'],
    ['no fault at all', ['explore', '--faults', ','], '--faults: expected KIND,KIND,… or all'],
    ['all faults and one more', ['explore', '--faults', 'all,cut'], '--faults: expected KIND,KIND,… or all'],
    ['fault in capitals', ['explore', '--faults', 'ADDRESSCHANGE'], 'did you mean addressChange?'],
    ['unknown law', ['replay', 'context/basic@1', '--around', 'prefx'], 'did you mean prefix?'],
    [
      'point that is none',
      ['replay', 'context/basic@1', '--around', '3.2'],
      '--around: expected a law, an event such as 812, or a time such as 3.2s, got "3.2" (hangup list laws',
    ],
    [
      'window around nothing',
      ['replay', 'context/basic@1', '--window', '2s'],
      '--window: expected --around POINT with it',
    ],
    ['unknown list', ['list', 'policys'], 'did you mean policies?'],
    ['list that every object has', ['list', 'constructor'], 'unknown list "constructor" (scenarios, faults, '],
    ['seeds not a number', ['explore', '--seeds', 'many'], '--seeds: expected a whole number'],
    ['budget without a unit', ['explore', '--budget', '60'], '--budget: expected a duration such as 60s'],
    ['cell of no dimension', ['explore', 'midstream/text', '--cell', 'conditon=clean'], '--cell: midstream/text '],
    ['cell that is none', ['replay', 'context/basic@1', '--cell', 'late'], 'expected DIMENSION=VALUE'],
    ['missing input', ['explore', '--input', 'nothing.txt'], 'nothing.txt: cannot be read (ENOENT)'],
    ['JSON that does not parse', ['explore', '--input', file('broken.json', '{"a": ')], 'does not parse as JSON'],
    [
      'JSON against its schema',
      ['explore', '--input', file('number.json', '3'), '--schema', file('object.json', '{"type":"object"}')],
      'does not satisfy',
    ],
    [
      'empty network file',
      ['explore', '--network', `${file('e.down', '')},${file('e.up', '1\n')}`],
      'e.down: is empty',
    ],
    [
      'binary network file',
      ['explore', '--network', `${file('b.down', new Uint8Array([1, 0, 255, 10]))},${file('b.up', '1\n')}`],
      'b.down: line 1: expected a whole number of milliseconds, got binary data',
    ],
    [
      'unsorted network file',
      ['explore', '--network', `${file('u.down', '5\n3\n')},${file('u.up', '1\n')}`],
      'u.down: line 2: 3 comes after 5',
    ],
    ['seeds beyond the last', ['explore', '--from', 'zzzzzzzzzz', '--seeds', '2'], '--from: zzzzzzzzzz and so many'],
    ['a flag twice', ['explore', '--cell', 'moment=late', '--cell', 'moment=early'], '--cell: is given twice'],
    ['no folder for failures', ['explore', '--out', ''], '--out: expected a folder'],
    [
      'a condition that no plan is drawn by',
      ['explore', 'context/basic', '--faults', 'sleep', '--cell', 'condition=outage'],
      '--cell: expected no condition with --faults',
    ],
    ['schema of nothing', ['replay', 'context/basic@1', '--schema', 'object.json'], '--schema: expected --input'],
    ['time behind the end', ['replay', 'context/basic@1', '--around', '9999999s'], '--around: the run ends at '],
    ['event behind the end', ['replay', 'context/basic@1', '--around', '99999999'], '--around: the run ends at '],
    [
      'failure file with a cell that is no text',
      ['replay', file('cell.json', JSON.stringify({ ...FAILURE, cell: 5 }))],
      'cell.json: `cell`: expected a text or null, got 5',
    ],
    [
      'failure file with an unknown fault',
      ['replay', file('kind.json', JSON.stringify({ ...FAILURE, plan: [{ kind: 'flood', target: 'c1', at: 1 }] }))],
      'kind.json: `plan[0].kind`: expected a kind of fault (hangup list faults), got "flood"',
    ],
    [
      'failure file with a fault that would never end',
      ['replay', file('flap.json', JSON.stringify({ ...FAILURE, plan: [ENDLESS] }))],
      'flap.json: `plan[0].times`: expected a whole number from 1 to 1000, got 1000000000',
    ],
    [
      'failure file with a fault of somebody else',
      ['replay', file('else.json', JSON.stringify({ ...FAILURE, plan: [{ ...ENDLESS, times: 2, target: 'c9-lb' }] }))],
      'else.json: `plan[0].target`: expected the name of a link (c1-lb, lb-s1, lb-s2), got "c9-lb"',
    ],
    ['failure file that is none', ['replay', file('none.json', '{}')], '`format`: expected 1, 2 or 3, got nothing'],
  ];
  for (const [what, args, line] of bad)
    test(what, async () => {
      const { code, out, err } = await hangup(...args);
      expect(err).toContain(line);
      expect(code).toBe(2);
      expect(out).toBe('');
    });
});

describe('replay', () => {
  test('prints the timeline with its reasons, and ends 0 when every law holds', async () => {
    const { code, out } = await hangup('replay', 'midstream/text@k7f3');
    expect(code).toBe(0);
    expect(out).toContain('midstream/text@k7f3');
    expect(out).toMatch(/c1 +waits .* \(retry, attempt 0, of 0 s to 500 ms\)/);
    expect(out).toContain('every law holds');
  });

  test('takes a seed as the number that it is', async () => {
    const { out } = await hangup('replay', 'context/basic@07', '--json');
    expect(JSON.parse(out)).toMatchObject({
      seed: '7',
      digest: run(scenarioNamed('context/basic') as SessionScenario, '7').digest,
    });
  });

  test('--jsonl prints entries of history, one a line', async () => {
    const { out } = await hangup('replay', 'context/basic@1', '--jsonl', '--around', '1s');
    for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('kind');
  });

  test('--why prints only what led to an event, from where it began, and the faults that lasted meanwhile', async () => {
    const history: RecordedEntry[] = [];
    run(scenarioNamed('midstream/text') as SessionScenario, 2, { witness: (entry) => history.push(entry) });
    const isDeaf = (entry: Entry): boolean => entry.kind === 'timerFired' && entry.timer === 'liveness';
    const { event } = history.find((entry) => isDeaf(entry) && entry.node === 'c1') as Entry;
    const { out } = await hangup('replay', 'midstream/text@2', '--why', String(event), '--jsonl');
    const entries = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordedEntry);
    const of = new Map(entries.map((entry) => [entry.id, entry]));
    for (const { kind, cause } of entries) if (kind !== 'fault') expect(of.has(cause)).toBe(true);
    expect(entries[0]).toMatchObject({ kind: 'fault', cause: 0 });
    expect(entries.at(-1)).toMatchObject({ kind: 'timerFired', timer: 'liveness', event });

    const shown = (await hangup('replay', 'midstream/text@2', '--why', `#${event}`)).out;
    expect(shown).toContain(`shown: what led to event #${event}, `);
    expect(shown).toContain(`entries from event #${entries[0]?.event} on`);
    expect(shown).toMatch(/fault 0 reset begins\n(.*\n)+.*c1#1 closed(.*\n)+.*dials lb as c1#2\n/);
    expect(shown).toMatch(/meanwhile: fault 3 cut begins\n(.*\n)+.*timer liveness c1#2\n/);
    expect(shown).not.toMatch(/sends DATA|meanwhile: fault 0 reset begins/);

    // What began with a later fault does not show those that were over by then.
    const later = history.find(({ kind, cause, at }) => kind === 'fault' && cause === 0 && at > 3_000_000) as Entry;
    const short = (await hangup('replay', 'midstream/text@2', '--why', String(later.event))).out;
    expect(short).toContain('meanwhile: fault 1 cut begins');
    expect(short).not.toMatch(/meanwhile: fault [02]/);
  });

  test('--why of a broken law is what led to it; one that holds and an event that nobody sees have nothing to show', async () => {
    const { code, out } = await planted('replay', 'midstream/text@2', '--why', 'planted');
    expect(code).toBe(1);
    expect(out).toMatch(/shown: what led to event #\d+, which broke planted, \d+ entries from event #\d+ on; --around/);
    expect(out).toMatch(/application starts\n(.*\n)+.*gets WELCOME(.*\n)+.*BROKEN +planted: c1 was given session/);
    const line = async (point: string): Promise<string> => {
      const { code, err } = await hangup('replay', 'midstream/text@2', '--why', point);
      expect(code).toBe(2);
      return err;
    };
    expect(await line('prefix')).toBe('hangup: --why: prefix is not broken in this run\n');
    expect(await line('1')).toMatch(
      /^hangup: --why: nobody sees event #1 from outside; the next that is seen is #\d+\n$/,
    );
    expect(await line('prefx')).toContain('--why: expected a law, an event such as 812');
    expect(await line('99999')).toContain('--why: the run ends at');
  });

  test('runs the plan of a failure file, and says when the digest is another', async () => {
    const path = file('old.json', JSON.stringify(FAILURE));
    const { code, out } = await hangup('replay', path);
    expect(code).toBe(0);
    expect(out).toContain("the file's digest is 0");
  });
});

/** A packet each 10 ms, for a second. */
const measured = (): string => {
  const trace = Array.from({ length: 100 }, (_, i) => `${(i + 1) * 10}\n`).join('');
  return `${file('m.down', trace)},${file('m.up', trace)}`;
};

describe('failure files that cannot be written', () => {
  const broken = (out: string): Promise<Ended> =>
    planted('explore', 'midstream/text', '--seeds', '1', '--jobs', '1', '--network', measured(), '--out', out);

  test('end with 74 and one line, behind the table and the line to paste', async () => {
    const { code, out, err } = await broken(join(folder, TOO_LONG, 'failures'));
    expect(code).toBe(74);
    expect(err).toMatch(/hangup: .*failures: cannot write failure files \(ENAMETOOLONG\)/);
    expect(out).toMatch(/midstream\/text\s+1 /);
    expect(out).toContain('npx hangup replay midstream/text@1 --network');
  });

  test('leave nothing half-written', async () => {
    const out = join(folder, 'taken');
    mkdirSync(join(out, 'midstream-text@1.json'), { recursive: true });
    expect((await broken(out)).code).toBe(74);
    expect(readdirSync(out)).toEqual(['midstream-text@1.json']);
    expect(readdirSync(join(out, 'midstream-text@1.json'))).toEqual([]);
  });
});

test('a report is written where failure files cannot be', async () => {
  const args = ['--seeds', '1', '--jobs', '1', '--out', join(folder, TOO_LONG)];
  const junit = join(folder, 'junit.xml');
  expect((await planted('explore', 'midstream/text', ...args, '--reporter', `junit:${junit}`)).code).toBe(74);
  expect(readFileSync(junit, 'utf8')).toContain('<failure message=');
});

test('a failure file replays by itself, with its network', async () => {
  const out = join(folder, 'failures');
  const args = ['--seeds', '1', '--jobs', '1', '--network', measured(), '--out', out];
  expect((await planted('explore', 'midstream/text', ...args)).code).toBe(1);
  const path = join(out, 'midstream-text@1.json');
  const replayed = await planted('replay', path, '--json');
  expect(replayed.code).toBe(1);
  expect(JSON.parse(replayed.out).digest).toBe(JSON.parse(readFileSync(path, 'utf8')).digest);
});

describe('a process', () => {
  test.each([
    ['list', 'faults'],
    ['replay', 'midstream/json@2', '--json'],
    ['explore', 'midstream/txt'],
    ['--version'],
  ])('says what the function says, and ends with its code: %s %s', async (...args) => {
    expect(started(...args)).toEqual(await hangup(...args));
  });
});

describe('a signal', () => {
  for (const [signal, jobs] of [
    ['SIGINT', '1'],
    ['SIGTERM', '2'],
    ['SIGHUP', '2'],
  ] as const)
    test(`${signal} ends a sweep with ${jobs} jobs with all that it has, and code 130`, async () => {
      const cwd = mkdtempSync(join(tmpdir(), 'hangup-signal-'));
      const child = spawn(
        process.execPath,
        [
          ...COMMAND,
          ...['explore', 'midstream/text', 'midstream/json', '--seeds', '300', '--jobs', jobs],
          ...['--report', 'out', '--trend', 'trend.jsonl', '--reporter', 'junit:junit.xml'],
        ],
        { cwd, env: ENVIRONMENT },
      );
      let out = '';
      let err = '';
      child.stdout.on('data', (text) => {
        out += text;
      });
      child.stderr.on('data', (text) => {
        // The first live line says that it runs.
        if (err === '') child.kill(signal);
        err += text;
      });
      const code = await new Promise((resolve) => child.on('exit', resolve));
      expect(code).toBe(130);
      expect(out).toContain('stopped early: interrupted; the table is partial');
      expect(out).toMatch(/midstream\/text\s+[1-9]/);
      expect(err).toMatch(/^\d+\/600 runs, midstream\/text, 0 broken, recovery up to /);
      const results = JSON.parse(readFileSync(join(cwd, 'out/results.json'), 'utf8'));
      expect(results).toMatchObject({ stopped: 'interrupted', scenarios: [{ name: 'midstream/text' }] });
      expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toContain('name="stopped" value="interrupted"');
      expect(readFileSync(join(cwd, 'trend.jsonl'), 'utf8')).toContain('"schema":"hangup/trend/1"');
    });
});

describe('streams that fail', () => {
  const words = (command: readonly string[]): string =>
    [process.execPath, ...command].map((word) => `"${word}"`).join(' ');
  const command = words(COMMAND);
  const shell = (script: string): { readonly status: number | null; readonly stderr: string } =>
    spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });

  test('a reader that closes the pipe ends the command quietly, and leaves it its exit code', () => {
    const broken = `${words(PLANTED)} replay midstream/text@1 --full`;
    const { stderr, status } = shell(`{ ${broken}; echo $? >code; } | head -n 1`);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(readFileSync(join(folder, 'code'), 'utf8')).toBe('1\n');
  });

  test.runIf(existsSync('/dev/full'))('standard output that is full is told in one line', () => {
    expect(shell(`${command} list >/dev/full`)).toMatchObject({
      status: 74,
      stderr: 'hangup: standard output: cannot be written (ENOSPC)\n',
    });
    expect(shell(`${command} explore context/basic --seeds 2 --jobs 1 2>/dev/full`).status).toBe(0);
  });
});

test('a module that ends the process while it is loaded is bad input, and nothing that holds', () => {
  writeFileSync(join(folder, 'exits.hangup.mjs'), 'process.exit(0);');
  expect(started('explore', './exits.hangup.mjs')).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(/^hangup: .*exits\.hangup\.mjs: ends the process while it is loaded\n$/),
  });
});

test('nothing is left behind by a sweep that holds, nor by bad input', () => {
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(readFileSync(join(folder, 'answer.txt'), 'utf8')).toContain('hello');
});

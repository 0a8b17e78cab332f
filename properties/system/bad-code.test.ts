/** Code that cannot be loaded, throws, or never does anything: one line before the first run, or a verdict of each run. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, unkeptBy } from '../../sim/cli/exit-code.ts';
import type { Outcome } from '../../sim/core/outcome.ts';
import { run } from '../../sim/core/run.ts';
import { count, emptyTally } from '../../sim/explore/tally.ts';
import type { SystemDefinition } from '../../sim/system/definition.ts';
import { hostServer } from '../../sim/system/host-server.ts';
import { peer } from '../../sim/system/peer.ts';
import { system } from '../../sim/system/system.ts';

const PROBE = join(import.meta.dirname, '../../sim/system/probe.ts');
const folder = mkdtempSync(join(tmpdir(), 'hangup-bad-'));
writeFileSync(join(folder, 'package.json'), '{}');
writeFileSync(join(folder, 'addon.node'), 'no machine code');
writeFileSync(join(folder, 'second.ts'), `import { first } from './cycle.ts'; export const second = () => first;`);
let files = 0;

/** A system whose client, or server, is this code; the other end does what it should. */
function withCode(side: 'client' | 'server', code: string, more: Partial<SystemDefinition> = {}, name?: string) {
  const file = name ?? `m${++files}.ts`;
  writeFileSync(join(folder, file), code.replace('hangup/probe', PROBE));
  return system({
    name: 'bad',
    client: side === 'client' ? `./${file}` : peer(({ connect, wait }) => [connect('ws://server/'), wait('9s')]),
    server: side === 'server' ? `./${file}` : hostServer({ message: (guest, text) => guest.send(text) }),
    clients: 1,
    network: 'wifi',
    faults: [],
    lasts: '10s',
    from: pathToFileURL(join(folder, 'bad.hangup.ts')),
    ...more,
  });
}

const refused = (...of: Parameters<typeof withCode>): string => {
  try {
    withCode(...of).ready?.();
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
};

const SEND: Partial<SystemDefinition> = { story: ({ every, client }) => [every('3s', client.send, 'x')] };

describe('what cannot be loaded is one line with its place, before the first run', () => {
  test.each<[string, 'client' | 'server', string, RegExp]>([
    ['a syntax error', 'client', 'export const send = ( => 1;', /m\d+\.ts:1:23: Unexpected "=>"$/],
    ['a missing module', 'server', `import 'nowhere-at-all';`, /:1:8: Could not resolve "nowhere-at-all"$/],
    [
      'a module of Node in a page',
      'client',
      `import fs from 'node:fs'; fs();`,
      /: a page has no node:fs: it is a module of/,
    ],
    ['a native add-on', 'server', `import a from './addon.node'; a();`, /a native add-on \(addon\.node\) cannot run/],
    ['a top-level await', 'client', 'await 1;', /:1:1: a module of a system is run at once, so `await` cannot stand/],
  ])('%s', (_, side, code, line) => {
    const said = refused(side, code);
    expect(said).toMatch(line);
    expect(said).not.toContain('\n');
  });

  test('a function that is not there, with the one that was meant', () => {
    expect(refused('client', 'export const sent = () => 1;', SEND)).toMatch(
      /`story`: calls send, but \.\/m\d+\.ts exports sent: did you mean sent\?$/,
    );
    expect(refused('client', 'export default {};', SEND)).toContain('exports nothing that can be called');
  });
});

describe('what goes wrong while it runs is a verdict', () => {
  const broken = ({ breaches }: Outcome): string => breaches.map(({ law, message }) => `${law}: ${message}`).join('\n');
  const told = (...of: Parameters<typeof withCode>): string => broken(run(withCode(...of), '1'));

  test.each<[string, 'client' | 'server', string, RegExp]>([
    ['an error while it loads', 'client', '\nundefined.x;', /c1 threw .*: TypeError: .*\(at m\d+\.ts:2:11\)/],
    ['of a server, too', 'server', '\nundefined.x;', /s1 threw .*: TypeError: .*\(at m\d+\.ts:2:11\)/],
    ['a text that is thrown', 'client', `throw 'a text';`, /c1 threw an error that nobody caught: a text/],
    ['nothing that is thrown', 'client', 'setTimeout(() => { throw null; });', /nobody caught: null/],
    ['a text from a timer', 'client', `setTimeout(() => { throw 'late'; }, 1000);`, /nobody caught: late/],
    [
      'a text from a handler',
      'client',
      `new WebSocket('ws://server').onopen = () => { throw 'open'; };`,
      /caught: open/,
    ],
    ['a text as a rejection', 'client', `Promise.reject('nobody');`, /rejected a promise that nobody handled: nobody/],
    [
      'what does not exist',
      'server',
      `import { spawn } from 'child_process'; spawn('ls');`,
      /spawn does not exist here/,
    ],
  ])('%s', (_, side, code, line) => {
    const said = told(side, code);
    expect(said).toMatch(/^no-uncaught: /);
    expect(said).toMatch(line);
  });

  test('a cycle of imports works, as it does in Node and in a page', () => {
    const code = `import { second } from './second.ts'; export const first = 1; export const send = () => second();`;
    expect(told('client', code, SEND, 'cycle.ts')).toBe('');
  });

  test('an export that is no function, and a host that there is none of', () => {
    expect(() => run(withCode('client', 'export const send = 5;', SEND), '1')).toThrow(
      'the story calls `send`, which its module does not export as a function',
    );
    expect(() => run(withCode('client', `new WebSocket('ws://elsewhere');`), '1')).toThrow(
      'c1 dials ws://elsewhere/: no node that it has a link to is called elsewhere, only s1 (server); `hosts` says',
    );
  });
});

describe('a sweep', () => {
  const swept = (of: ReturnType<typeof withCode>, runs: number) => {
    const tally = emptyTally();
    const digests: string[] = [];
    for (let seed = 1; seed <= runs; seed++) {
      const outcome = run(of, seed);
      digests.push(outcome.digest);
      count(tally, outcome, of);
    }
    const result = { tallies: [{ scenario: of, tally }], stopped: null };
    const unkept = unkeptBy(result);
    return { digests, missed: unkept.missed, code: exitCodeOf(result, unkept, { strict: false }) };
  };

  test('in which no client ever connects is no success', () => {
    const { missed, code } = swept(withCode('client', 'export const send = () => 1;', SEND), 17);
    expect({ missed, code }).toEqual({ missed: ['bad: claim connected (17 runs)'], code: 1 });
  });

  test('in which a promise is made and its probe never speaks fails, however short it is, and says which', () => {
    const promises = { delivery: 'exactly-once', order: 'per-stream' } as const;
    const code = `const s = new WebSocket('ws://server'); export const send = () => s.readyState === 1 && s.send('x');`;
    const of = withCode('client', code, { ...SEND, promises });
    expect(swept(of, 2)).toMatchObject({
      missed: ['bad: law prefix was not judged (2 runs)', 'bad: law exactly-once was not judged (2 runs)'],
      code: 1,
    });
    expect(run(of, '1').notJudged.find(({ law }) => law === 'prefix')?.because).toBe(
      'nobody ever said `probe.produced`, nor `probe.received`',
    );
  });

  test('of code that keeps something from life to life is the same each time', () => {
    const code = `
      import { probe } from 'hangup/probe';
      globalThis.lives = (globalThis.lives ?? 0) + 1;
      Array.prototype.last ??= function () { probe.note('patched here'); return this.at(-1); };
      const map = Array.prototype.map;
      Array.prototype.map = function (...all) { probe.note('map of ' + globalThis.lives); return map.apply(this, all); };
      [1].map((x) => x);
      [1].last();
      new WebSocket('ws://server');`;
    const of = withCode('client', code);
    const [first] = swept(of, 1).digests;
    for (let again = 0; again < 4; again++) expect(run(of, '1').digest).toBe(first);
  });
});

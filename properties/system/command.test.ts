/** A system by the path of its file, as the command takes it: explored by workers, replayed, shrunk, and refused in one line. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startedIn } from '../cli/started.ts';

const root = join(import.meta.dirname, '../..');

/** A project that has hangup installed, as it is built. */
function project(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-system-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/hangup'), 'dir');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return { folder, hangup: startedIn(folder) };
}

const CLIENT = `import { probe } from 'hangup/probe';
const socket: WebSocket = new WebSocket('ws://server/chat');
socket.onmessage = ({ data }) => probe.received('feed', String(data));
export const send = (text: string): void => socket.send(text);
export const leave = (): void => socket.close();
`;

/** Its second message comes twice, and whoever asks for a file of another name gets another server. */
const system = (more = '') => `import { hostServer, system } from 'hangup/system';
export default system({
  name: 'chat',
  client: './src/chat.client.ts',
  server: hostServer({
    message(guest, text, server) {
      server.produced('feed', text);
      guest.send(text);
      if (text === 'm2') guest.send(text);
    },
  }),
  clients: 1,
  network: 'lte',
  faults: ['cut', 'reset'],
  story: ({ every, client }) => [every('3s', client.send, (n) => \`m\${n}\`)],
  promises: { delivery: 'at-most-once', order: 'per-stream' },
  ${more}
});
`;

describe('a system by the path of its file', () => {
  const { folder, hangup } = project({ 'src/chat.client.ts': CLIENT, 'chat.hangup.ts': system() });

  test('is explored by a worker, even in few runs, and what fails is one line to paste that replays, shrinks and is kept', () => {
    const { code, out, err } = hangup('explore', './chat.hangup.ts', '--seeds', '6', '--jobs', '1', '--report', 'out');
    expect({ code, err }).toMatchObject({ code: 1 });
    expect(out).toMatch(/^chat +6 /m);
    const [line, seed] = /^npx hangup replay chat\.hangup\.ts@(\w+)$/m.exec(out) ?? [];
    expect(line, out).toBeDefined();
    const document = JSON.parse(readFileSync(join(folder, 'out/results.json'), 'utf8'));
    expect(document.scenarios[0].broken[0]).toMatchObject({ confirmed: true, paste: line });

    const replayed = hangup('replay', `chat.hangup.ts@${seed}`);
    expect(replayed.code).toBe(1);
    expect(replayed.out).toContain('is asked to call send("m');
    expect(replayed.out).toMatch(/breaks at-most-once/);
    const shrunk = hangup('replay', `./chat.hangup.ts@${seed}`, '--shrink');
    expect(shrunk.out).toContain('0 of');
    const [file] = readdirSync(join(folder, '.hangup/failures'));
    const kept = hangup('replay', `.hangup/failures/${file}`);
    expect(kept.out).toContain('breaks at-most-once');
    expect(kept.out).toContain('the least that fails');
    expect(hangup('list', 'scenarios', '--config', 'chat.hangup.ts').out).toMatch(
      /chat +\.\/src\/chat\.client\.ts and a server/,
    );
    // Only what this one knows, and nothing of the catalogue.
    expect(hangup('list', 'laws', './chat.hangup.ts').out).toMatch(/^laws\n {2}order .*\n {2}at-most-once /);
    expect(hangup('list', 'scenarios', './chat.hangup.ts').out).toMatch(/^scenarios\n {2}chat .*\n$/);
    // What is imported counts as well: the run is made with the code as it is now, and that is said.
    writeFileSync(join(folder, 'src/chat.client.ts'), CLIENT.replace('send(text)', 'send(`${text}`)'));
    expect(hangup('replay', `.hangup/failures/${file}`).out).toContain(
      'src/chat.client.ts, or what it imports, changed since this failure was found',
    );
    writeFileSync(join(folder, 'src/chat.client.ts'), CLIENT);
  });

  test('and what is wrong with it, or with how it is named, is one line and exit code 2', () => {
    const wrong = (...args: readonly string[]): string => {
      const { code, out, err } = hangup(...args);
      expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
      return err.trim();
    };
    expect(wrong('replay', 'chat.hangup.ts')).toContain('a seed is missing, such as chat.hangup.ts@1');
    expect(wrong('replay', 'chat.hangup.ts@1', '--config', 'other.ts')).toContain('expected one config');
    expect(wrong('explore', 'chat.hangup.ts', '--faults', 'crush')).toContain(
      'unknown fault "crush": did you mean crash?',
    );
    const bad = (name: string, files: Readonly<Record<string, string>>): string => {
      for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
      return wrong('explore', name, '--seeds', '2');
    };
    expect(bad('one.hangup.ts', { 'one.hangup.ts': system('promise: {},') })).toContain(
      'one.hangup.ts:2:16: threw system: `promise`: expected no field besides',
    );
    expect(bad('two.hangup.ts', { 'two.hangup.ts': system().replace('src/chat', 'src/chatt') })).toBe(
      'hangup: chat: `client`: expected the path of a module, got "./src/chatt.client.ts": there is no src/chatt.client.ts, where it leads from the file that names it',
    );
    expect(bad('three.hangup.ts', { 'three.hangup.ts': system().replace('client.send', 'client.sent') })).toBe(
      'hangup: chat: `story`: calls sent, but ./src/chat.client.ts exports leave, send: did you mean send?',
    );
    const broken = CLIENT.replace('export const send', "import './nowhere';\nexport const send");
    expect(
      bad('four.hangup.ts', {
        'src/four.client.ts': broken,
        'four.hangup.ts': system().replace('src/chat', 'src/four'),
      }),
    ).toMatch(/^hangup: chat: .*four\.client\.ts:4:8: Could not resolve "\.\/nowhere"/);
  });
});

/** `hangup init`: what it writes for modules of each sort runs as it stands, and nothing is ever overwritten. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startedIn } from '../cli/started.ts';

const root = join(import.meta.dirname, '../..');

function project(files: Readonly<Record<string, string>>, packages: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-init-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/hangup'), 'dir');
  for (const name of packages) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { folder, hangup: startedIn(folder), read };
}

/** Nothing of it runs when it is loaded. */
const CLASS = `export class ChatClient {
  #socket?: WebSocket;
  #left = false;
  constructor(private readonly url: string, private readonly options: { wait?: number } = {}) { this.connect(); }
  private connect(): void {
    this.#socket = new WebSocket(this.url);
    this.#socket.onclose = () => this.#left || setTimeout(() => this.connect(), this.options.wait ?? 1000 + Math.random() * 1000);
  }
  send(text: string): void { if (this.#socket?.readyState === 1) this.#socket.send(text); }
  close(): void { this.#left = true; this.#socket?.close(); }
}
`;
const START = `import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
export function start(port: number): void {
  const http = createServer();
  new WebSocketServer({ server: http }).on('connection', (socket) => socket.on('error', () => {}));
  http.listen(port);
}
`;

const SWEEP = ['--seeds', '2', '--jobs', '1', '--faults', 'cut'] as const;

describe('hangup init', () => {
  test('writes modules around a class and a function that nobody calls, and a system that runs at once', () => {
    const { hangup, read } = project({ 'src/chat-client.ts': CLASS, 'src/server.ts': START }, ['ws']);
    // In whichever order they are given.
    const { code, out, err } = hangup('init', 'src/server.ts', 'src/chat-client.ts');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      'wrote chat.server.ts\nwrote chat.client.ts\nwrote chat.hangup.ts\nnext: npx hangup explore ./chat.hangup.ts --seeds 100\n',
    );
    expect(read('chat.client.ts')).toContain("const client = new ChatClient('ws://server/', {});");
    expect(read('chat.client.ts')).toContain('export const leave = () => client.close();');
    expect(read('chat.server.ts')).toContain('start(80);');
    expect(read('chat.hangup.ts')).toContain("every('3s', client.send, (n) => `message ${n}`)");
    const swept = hangup('explore', './chat.hangup.ts', ...SWEEP);
    expect(swept.code, swept.out + swept.err).toBe(0);
    expect(swept.out).toMatch(/^chat +2 +0 +1\/1$/m);
    // Once more, it leaves everything as it is.
    const before = read('chat.hangup.ts');
    expect(hangup('init', 'src/chat-client.ts')).toEqual({
      code: 2,
      out: '',
      err: 'hangup: init: chat.hangup.ts is there already, and is left as it is: move it away, or edit it\n',
    });
    expect(read('chat.hangup.ts')).toBe(before);
  });

  test('takes a module that connects by itself as it is, with the hosts that it dials and what it reads', () => {
    const { hangup, read, folder } = project(
      {
        'client.js': `import ReconnectingWebSocket from 'reconnecting-websocket';
const socket = new ReconnectingWebSocket('wss://' + 'API.example.com' + '/v1?token=' + import.meta.env.VITE_TOKEN);
export const publish = (text) => socket.send(text);
export const leave = () => socket.close();
`,
      },
      ['reconnecting-websocket'],
    );
    expect(hangup('init', 'client.js')).toMatchObject({ code: 0, err: '' });
    const [written] = readdirSync(folder).filter((name) => name.endsWith('.hangup.ts')) as [string];
    expect(existsSync(join(folder, 'client.ts'))).toBe(false);
    expect(read(written)).toContain("client: './client.js'");
    expect(read(written)).toContain("hosts: ['server', 'api.example.com']");
    expect(read(written)).toContain('// Undefined so far: VITE_TOKEN.');
    expect(read(written)).toContain('server: hostServer({');
    const swept = hangup('explore', `./${written}`, ...SWEEP);
    expect(swept.code, swept.out + swept.err).toBe(0);
  });

  test('puts peers in place of clients for a server alone', () => {
    const { hangup, read } = project({ 'api.server.ts': `${START}start(Number(process.env.PORT ?? 8080));` }, ['ws']);
    expect(hangup('init', 'api.server.ts')).toMatchObject({ code: 0, err: '' });
    expect(read('api.hangup.ts')).toContain('client: peer(');
    expect(hangup('explore', './api.hangup.ts', ...SWEEP)).toMatchObject({ code: 0 });
  });

  test('says in one line what it cannot do', () => {
    const { hangup, folder } = project(
      {
        'io.client.ts': `import { io } from 'socket.io-client'; io('ws://server');`,
        'bad.client.ts': 'export const = 1;',
        'notes.md': 'no module',
      },
      ['socket.io-client'],
    );
    const said = (...args: readonly string[]): string => {
      const { code, out, err } = hangup('init', ...args);
      expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
      return err.trim();
    };
    expect(said()).toBe(
      'hangup: init: expected the module of your client, and that of your server where there is one: hangup init src/client.ts src/server.ts',
    );
    expect(said('io.client.ts')).toContain('speaks Socket.IO, which a model of a server does not');
    expect(said('bad.client.ts')).toContain('bad.client.ts:1:14: Expected identifier');
    expect(said('nowhere.ts')).toContain('there is no such file');
    expect(said('notes.md')).toContain('expected a module: .ts');
    expect(readdirSync(folder).some((name) => name.endsWith('.hangup.ts'))).toBe(false);
  });
});

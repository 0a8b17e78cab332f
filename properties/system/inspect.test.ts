import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import WebSocket from 'ws';

const CLIENT = `
let said = 0;
export const say = (text: string) => {
  said += text.length;
  if (said === 4) debugger;
};
`;
const SYSTEM = `
import { hostServer, system } from '${resolve('dist/sim/system/index.js')}';
export default system({
  name: 'held', client: './client.ts', server: hostServer({}), clients: 1, network: 'lte', lasts: '10s',
  faults: ['cut'],
  story: ({ every, client }) => [every('1s', client.say, 'hi')],
});
`;

/** What a debugger hears of a process, and may tell it. */
async function attached(address: string) {
  const socket = new WebSocket(address);
  await new Promise((done) => socket.once('open', done));
  // biome-ignore lint/suspicious/noExplicitAny: the protocol of the debugger.
  const heard: any[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  let asked = 0;
  return {
    ask: (method: string) => socket.send(JSON.stringify({ id: ++asked, method })),
    async next(method: string) {
      for (let turn = 0; turn < 1500; turn++) {
        const found = heard.find((each) => each.method === method);
        if (found !== undefined) return found.params;
        await sleep(20);
      }
      throw new Error(`nobody said ${method}`);
    },
    heard,
    end: () => socket.terminate(),
  };
}

test('a debugger stops where the source says so, sees the file, and the virtual clock stands still meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-inspect-'));
  writeFileSync(join(folder, 'client.ts'), CLIENT);
  writeFileSync(join(folder, 'held.hangup.ts'), SYSTEM);
  const command = (...more: string[]) =>
    spawn(process.execPath, [resolve('sim/cli/hangup.mjs'), 'replay', './held.hangup.ts@7', ...more], { cwd: folder });
  const output = (child: ReturnType<typeof command>) =>
    new Promise<string>((done) => {
      let text = '';
      child.stdout.on('data', (data) => (text += data));
      child.once('close', () => done(text));
    });
  try {
    const plain = await output(command());
    const child = command('--inspect', '0');
    const timeline = output(child);
    const address = await new Promise<string>((done) => {
      let said = '';
      child.stderr.on('data', (data) => {
        said += data;
        const found = /ws:\/\/127\.0\.0\.1:\S+/.exec(said);
        if (found !== null) done(found[0]);
      });
    });
    const debug = await attached(address);
    debug.ask('Debugger.enable');
    debug.ask('Runtime.runIfWaitingForDebugger');
    const { callFrames } = await debug.next('Debugger.paused');
    const script = debug.heard.find(
      ({ method, params }) => method === 'Debugger.scriptParsed' && params.scriptId === callFrames[0].location.scriptId,
    ).params;
    expect(callFrames[0].functionName).toBe('say');
    const map = JSON.parse(Buffer.from(script.sourceMapURL.split(',')[1], 'base64').toString());
    expect(map.sources.some((source: string) => source.startsWith('file:') && source.endsWith('/client.ts'))).toBe(
      true,
    );
    expect(map.sourcesContent.join('')).toContain('let said = 0;');
    await sleep(1500);
    debug.ask('Debugger.resume');
    // At its end a process waits for whoever debugs it to let go.
    child.stderr.on('data', (data) => String(data).includes('Waiting for the debugger') && debug.end());
    const held = await timeline;
    expect(held).toContain('application leaves');
    // Which faults changed nothing is asked by more runs, which would be held as well.
    const events = (text: string) => text.split('\n').filter((line) => /^ *#|^digest/.test(line));
    expect(events(held)).toEqual(events(plain));
    expect(events(plain).length).toBeGreaterThan(10);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

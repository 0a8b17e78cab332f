/**
 * A Chromium that is driven by its own protocol. A driver for tests keeps every page focused and visible; what happens to
 * pages that are hidden or frozen needs a browser which nobody holds up.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import type { BrowserProgram } from '../report/browser.ts';

/** What a command is answered with, or an event carries: as JSON has it. */
type Said = Readonly<Record<string, unknown>>;

/** Who is spoken to: the browser, or with a session one of its pages. */
export interface Devtools {
  readonly version: string;
  send(method: string, params?: Said, session?: string): Promise<Said>;
  /** Events of a session. */
  on(session: string, hear: (method: string, params: Said) => void): void;
  close(): Promise<void>;
}

const STARTS_WITHIN_MS = 20_000;

export async function startDevtools({ executablePath, env }: BrowserProgram): Promise<Devtools> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--remote-debugging-port=0',
    `--user-data-dir=${folder}`,
    '--lang=en-US',
  ];
  const child = spawn(executablePath, [...flags, 'about:blank'], {
    env: { ...env, TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const socket = new WebSocket(await addressOf(child.stderr));
    await once(socket, 'open');
    return await speak(socket, async () => {
      const gone = once(child, 'close');
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function addressOf(stderr: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`says no address: ${said.slice(-200)}`)), STARTS_WITHIN_MS);
    stderr.on('data', (data) => {
      said += data;
      const address = /DevTools listening on (\S+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(late);
      resolve(address);
    });
    stderr.on('end', () => {
      clearTimeout(late);
      reject(new Error(`ended: ${said.slice(-200)}`));
    });
  });
}

async function speak(socket: WebSocket, end: () => Promise<void>): Promise<Devtools> {
  let asked = 0;
  const waiting = new Map<number, { resolve: (said: Said) => void; reject: (error: Error) => void }>();
  const hearing = new Map<string, (method: string, params: Said) => void>();
  socket.on('message', (data) => {
    const { id, method, params, result, error, sessionId } = JSON.parse(data.toString());
    if (id === undefined) hearing.get(sessionId)?.(method, params);
    else {
      const call = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) call?.resolve(result);
      else call?.reject(new Error(error.message));
    }
  });
  const send = (method: string, params: Said = {}, session?: string): Promise<Said> =>
    new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, { resolve, reject });
      socket.send(
        JSON.stringify({ id: asked, method, params, ...(session === undefined ? {} : { sessionId: session }) }),
      );
    });
  const { product } = await send('Browser.getVersion');
  return {
    version: String(product)
      .replace(/^Headless/, '')
      .replace('/', ' '),
    send,
    on: (session, hear) => void hearing.set(session, hear),
    async close() {
      socket.terminate();
      await end();
    },
  };
}

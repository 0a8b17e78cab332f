/**
 * A program with real sockets on the loopback: servers in Node processes of their own, clients in such processes or in
 * pages of Chromium.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openTab, type Tab } from './chromium.ts';
import type { Devtools } from './devtools.ts';
import {
  GRACE,
  type Happening,
  LIMIT,
  type Logs,
  logged,
  type Place,
  type Program,
  placeAt,
  profileOf,
  type Script,
  TAB_AFTER,
  withoutPlace,
} from './program.ts';

const START = fileURLToPath(new URL('./programs/start.mjs', import.meta.url));
const HOST = '127.0.0.1';

/** Who said what, as it comes in. */
export interface Notes {
  say(who: string, line: string): void;
}

/** Runs a program once. `browser` is null where none can start: then only programs of Node processes can be run. */
export async function runReal(program: Program, browser: Devtools | null): Promise<Logs> {
  const place = placeAt(HOST, await freePort());
  const logs: Record<string, string[]> = {};
  let ended = false;
  let finish = () => {};
  let serverIsReady = () => {};
  let clientHasBegun = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const ready = new Promise<void>((resolve) => {
    serverIsReady = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    clientHasBegun = resolve;
  });
  const notes: Notes = {
    say(who, line) {
      const fact = logged(line);
      if (fact === null || ended) return;
      if (fact === 'done') finish();
      else if (fact === 'begun') {
        if (who === 'client') clientHasBegun();
      } else if (fact === 'ready') serverIsReady();
      else {
        logs[who] ??= [];
        logs[who].push(withoutPlace(fact, place));
      }
    },
  };
  const processes: ChildProcess[] = [];
  const start = (who: string, script: Script): ChildProcess => {
    const child = startNode(script, place, (line) => notes.say(who, line));
    processes.push(child);
    child.once('close', (code, signal) => {
      if (program.ends && !ended) notes.say(who, `log: exited ${signal ?? code}`);
    });
    return child;
  };
  const tabs: Tab[] = [];
  try {
    const server = program.server === undefined ? null : start('server', program.server);
    if (server !== null) await Promise.race([ready, once(server, 'close').then(() => {})]);
    let client: ChildProcess | null = null;
    if (profileOf(program.client) === 'node') {
      client = start('client', program.client);
      const ends = [client, ...(program.ends && server !== null ? [server] : [])].map((child) => once(child, 'close'));
      Promise.all(ends).then(finish);
    } else {
      if (browser === null) throw new Error('no browser');
      tabs.push(await openTab(browser, place, program.client, (line) => notes.say('client', line)));
    }
    const happenings = (program.steps ?? []).map(
      ([at, what]) => [at, () => happen(what, { server, client, tab: tabs[0] })] as const,
    );
    if (program.tab !== undefined) {
      const { tab } = program;
      happenings.push([
        TAB_AFTER,
        async () => void tabs.push(await tabs[0]!.another(tab, (line) => notes.say('tab', line))),
      ]);
    }
    const stepped = (async () => {
      await begun;
      const began = performance.now();
      for (const [at, act] of happenings) {
        await later(Math.max(0, began + at - performance.now()));
        await act();
      }
      if (program.steps?.at(-1)?.[1] === 'close tab') setTimeout(finish, 1000);
    })();
    const outcome = await Promise.race([
      finished.then(() => 'done'),
      later(program.limit ?? LIMIT, 'late', { ref: false }),
    ]);
    await Promise.race([stepped, later(1000)]);
    await later(GRACE);
    if (outcome === 'late') notes.say('client', 'log: was never done');
  } finally {
    ended = true;
    for (const child of processes) child.kill('SIGKILL');
    await Promise.all(tabs.slice(0, 1).map((tab) => tab.close()));
  }
  return logs;
}

async function happen(
  what: Happening,
  on: { server: ChildProcess | null; client: ChildProcess | null; tab: Tab | undefined },
): Promise<void> {
  if (what === 'kill server') on.server?.kill('SIGKILL');
  else if (what === 'SIGTERM server') on.server?.kill('SIGTERM');
  else if (what === 'SIGTERM client') on.client?.kill('SIGTERM');
  else await on.tab?.happen(what);
}

function startNode(script: Script, place: Place, say: (line: string) => void): ChildProcess {
  const { module, call, args } = script;
  const child = spawn(process.execPath, [START, JSON.stringify({ module, call, args: [place, ...args] })], {
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '' },
    stdio: ['ignore', 'pipe', process.env.CONFORMANCE_LOUD === undefined ? 'ignore' : 'inherit'],
  });
  createInterface({ input: child.stdout! }).on('line', say);
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

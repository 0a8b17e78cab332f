/**
 * The modules of an example over real loopback sockets, through a proxy that does what networks and operators do: what a
 * sweep finds is confirmed here, outside of the simulation.
 *
 *     npx tsx properties/examples/real/main.ts examples/chat --fault cut@3s --fault half-open@8s
 *
 * `--websocket chromium` takes pages of a real browser for clients; by default they are Node processes with the WebSocket
 * of `ws`, or (`undici`) with Node's own.
 *
 * Faults, each `kind@at` or `kind@at+for`: `cut` (FIN), `reset` (RST), `pause` (nothing passes, for a while),
 * `deaf` (what servers say is lost for a while, then RST),
 * `half-open` (the connections that there are, for ever), `client-gone` (the client is reset, the server hears nothing),
 * `restart` (the server is killed, and started again after a while), `drain` (SIGTERM, the same), `suspend` (clients stop).
 * `--cut-before 2='40{"sid"'` resets the second connection in front of the frame from the server that begins so.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { type Fact, judged } from './judge.ts';
import { type Client, pages } from './pages.ts';
import { proxyTo } from './proxy.ts';
import { STORIES } from './stories.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fault: { type: 'string', multiple: true, default: [] },
    env: { type: 'string', multiple: true, default: [] },
    'cut-before': { type: 'string', multiple: true, default: [] },
    clients: { type: 'string', default: '2' },
    for: { type: 'string', default: '15s' },
    settle: { type: 'string', default: '15s' },
    client: { type: 'string' },
    websocket: { type: 'string', default: 'ws' },
    log: { type: 'boolean', default: false },
  },
});

const millis = (text: string): number => {
  const match = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text);
  if (match === null) throw new Error(`a time: expected one such as 3s or 250ms, got ${text}`);
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
};
const wait = (duration: number): Promise<void> => new Promise((done) => setTimeout(done, duration));
const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });

const folder = resolve(positionals[0] ?? 'examples/chat');
const story = STORIES[basename(folder)];
if (story === undefined) throw new Error(`no story for ${folder}: there are ${Object.keys(STORIES).join(', ')}`);
const env = Object.fromEntries(values.env.map((pair) => pair.split(/=(.*)/s).slice(0, 2))) as Record<string, string>;

const work = mkdtempSync(join(tmpdir(), 'hangup-real-'));
const house = fileURLToPath(new URL('../../..', import.meta.url));
symlinkSync(join(house, 'node_modules'), join(work, 'node_modules'));
await bundle({
  entry: join(folder, values.client ?? story.client),
  outfile: join(work, 'client.cjs'),
  platform: 'browser',
  env,
  ...(values.websocket === 'chromium' ? { format: 'iife' as const } : {}),
});
await bundle({ entry: join(folder, story.server), outfile: join(work, 'server.cjs'), platform: 'node', env });

const began = performance.now();
const facts: Fact[] = [];
const note = (who: string, fact: string, first: string, second: string | null = null): void => {
  const entry = { at: Math.round(performance.now() - began), who, fact, first, second };
  facts.push(entry);
  if (values.log)
    console.log(
      `${(entry.at / 1000).toFixed(2)}s ${who} ${fact} ${first}${second === null ? '' : ` ${JSON.stringify(second)}`}`,
    );
};

const child = fileURLToPath(new URL('./child.mjs', import.meta.url));
const start = (who: string, args: readonly string[], more: Record<string, string>): Promise<ChildProcess> =>
  new Promise((ready) => {
    const made = fork(child, [...args], {
      cwd: house,
      execArgv:
        values.websocket === 'undici' && Number(process.versions.node.split('.')[0]) < 22
          ? ['--experimental-websocket', '--no-warnings']
          : [],
      env: { ...process.env, ...env, ...more, HANGUP_WEBSOCKET: values.websocket },
    });
    made.on('message', (message: Fact) => {
      if (message.fact === 'ready') ready(made);
      else note(who, message.fact, message.first, message.second);
    });
    made.on('exit', (code, signal) => note(who, 'exited', String(code ?? signal)));
  });

const port = await freePort();
const startServer = (): Promise<ChildProcess> => start('server', [join(work, 'server.cjs')], { PORT: String(port) });
let server = await startServer();
const proxy = await proxyTo(() => port);
for (const text of values['cut-before']) {
  const [number, start_] = text.split(/=(.*)/s) as [string, string];
  proxy.cutBefore(Number(number), start_);
}
const names = Array.from({ length: Number(values.clients) }, (_, index) => `c${index + 1}`);
const processes = async (): Promise<Client[]> => {
  const all = await Promise.all(names.map((name) => start(name, [join(work, 'client.cjs'), String(proxy.port)], {})));
  return all.map((each) => ({
    tell: (call, args) => void (each.connected && each.send({ call, args })),
    suspend: (on) => void each.kill(on ? 'SIGSTOP' : 'SIGCONT'),
    close: async () => void each.kill('SIGKILL'),
  }));
};
const clients =
  values.websocket === 'chromium' ? await pages(names, join(work, 'client.cjs'), proxy.port, note) : await processes();

const restart = async (signal: 'SIGKILL' | 'SIGTERM', away: number): Promise<void> => {
  const old = server;
  const gone = new Promise((done) => old.once('exit', done));
  old.kill(signal);
  const deadline = setTimeout(() => old.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(deadline);
  await wait(away);
  server = await startServer();
};

const faults = values.fault.map(async (text) => {
  const [kind, when = '3s'] = text.split('@');
  const [at = '3s', length = '2s'] = when.split('+');
  await wait(millis(at));
  note('fault', kind!, length);
  switch (kind) {
    case 'cut':
      return proxy.cut(false);
    case 'reset':
      return proxy.cut(true);
    case 'half-open':
      return proxy.halfOpen();
    case 'client-gone':
      return proxy.clientGone();
    case 'deaf':
      proxy.deaf();
      await wait(millis(length));
      return proxy.cut(true);
    case 'pause':
      proxy.pause();
      await wait(millis(length));
      return proxy.heal();
    case 'restart':
      return restart('SIGKILL', millis(length));
    case 'drain':
      return restart('SIGTERM', millis(length));
    case 'suspend':
      for (const each of clients) each.suspend(true);
      await wait(millis(length));
      for (const each of clients) each.suspend(false);
      return;
    default:
      throw new Error(`no fault ${kind}`);
  }
});

const until = performance.now() + millis(values.for);
for (let n = 1; performance.now() < until; n++) {
  await wait(story.every);
  clients.forEach((each, index) => {
    const [call, ...args] = story.call(names[index]!, n);
    each.tell(call!, args);
  });
}
await Promise.all(faults);
await wait(millis(values.settle));
const tellAll = (call: string, ...args: readonly unknown[]): void => {
  clients.forEach((each, index) => {
    note(names[index]!, 'called', call);
    each.tell(call!, args);
  });
};
if (story.last !== undefined) tellAll(...(story.last as [string]));
tellAll('leave');
await wait(12_000);
tellAll('held?');
await wait(300);

for (const line of judged(facts, names)) console.log(line);
server.kill('SIGKILL');
for (const each of clients) await each.close();
proxy.close();
rmSync(work, { recursive: true });

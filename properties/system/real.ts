/**
 * The same programs in Node itself, over real sockets: what each of them says, in order. Where they say `server:8080` and
 * `8080`, a free port of this machine stands.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { program } from './stage.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

function built(name: string, port: number, folder: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [program(name)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const text = (outputFiles[0] as { text: string }).text.replaceAll('server:8080', `127.0.0.1:${port}`);
  const file = join(folder, `${name}.cjs`);
  writeFileSync(
    file,
    text.replaceAll("'server'", "'127.0.0.1'").replaceAll('"server"', '"127.0.0.1"').replaceAll('8080', String(port)),
  );
  return file;
}

/** Lines by process; the client begins when the server has said `listening`, and the server is told to go when it has ended. */
export async function playReal(server: string, client: string, within = 8000): Promise<{ s1: string[]; c1: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-real-'));
  const port = await freePort();
  const run = (
    name: string,
  ): { lines: string[]; ended: Promise<void>; until(line: string): Promise<void>; end(): void } => {
    const child = spawn(process.execPath, [built(name, port, folder)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    let rest = '';
    const waits: (() => void)[] = [];
    child.stdout.on('data', (text: Buffer) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() as string;
      lines.push(...parts);
      for (const wake of waits) wake();
    });
    // Not `exit`: what it wrote last may still be in the pipe.
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    return {
      lines,
      ended,
      until: (line) =>
        new Promise((done) => {
          const look = (): void => (lines.includes(line) ? done() : undefined);
          waits.push(look);
          look();
          void ended.then(done);
        }),
      end: () => void child.kill('SIGTERM'),
    };
  };
  const s1 = run(server);
  await s1.until('listening');
  const c1 = run(client);
  const late = setTimeout(() => c1.end(), within);
  await c1.ended;
  clearTimeout(late);
  await new Promise((done) => setTimeout(done, 150));
  s1.end();
  await s1.ended;
  rmSync(folder, { recursive: true });
  return { s1: s1.lines, c1: c1.lines };
}

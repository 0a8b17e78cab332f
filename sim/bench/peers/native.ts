/**
 * Peers in other languages: compiled into a temporary folder, started once a run, answering with one line (ns an event,
 * checksum). They time themselves, so their start-up does not count.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Kernel, Load, Sample } from '../workload.ts';

const execute = promisify(execFile);

/** A peer that cannot run here, and what it lacks. */
export interface Missing {
  readonly name: string;
  readonly missing: string;
}

export const isMissing = (peer: Kernel | Missing): peer is Missing => 'missing' in peer;

/** A C++ source of this folder, built against the pkg-config package `library` if one is named. */
export async function cpp(name: string, source: string, library?: string): Promise<Kernel | Missing> {
  if (!(await answers('g++', ['--version']))) return { name, missing: 'g++' };
  let flags: string[] = [];
  if (library !== undefined) {
    try {
      const { stdout } = await execute('pkg-config', ['--cflags', '--libs', library]);
      // Debian's ns3-core names files of further -dev packages that it does not depend on and does not need.
      flags = stdout.split(/\s+/).filter((flag) => flag !== '' && (!flag.startsWith('/') || existsSync(flag)));
    } catch {
      return { name, missing: `pkg-config package ${library}` };
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'hangup-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, name.replaceAll(/\W/g, '-'));
  await execute('g++', ['-std=c++17', '-O2', '-DNDEBUG', '-o', program, beside(source), ...flags]);
  return { name, run: (load) => sample(program, [], load) };
}

/** A Python source of this folder that needs one of `modules`. */
export async function python(name: string, source: string, modules: readonly string[]): Promise<Kernel | Missing> {
  for (const interpreter of ['python3', '/usr/bin/python3']) {
    for (const module of modules) {
      if (!(await answers(interpreter, ['-c', `import ${module}`]))) continue;
      return { name, run: (load) => sample(interpreter, [beside(source)], load) };
    }
  }
  return { name, missing: `python3 with ${modules.join(' or ')}` };
}

async function sample(program: string, before: readonly string[], load: Load): Promise<Sample> {
  const sizes = [load.processes, load.population, load.events].map(String);
  const { stdout } = await execute(program, [...before, ...sizes]);
  const [ns, checksum] = stdout.trim().split(' ').map(Number);
  if (ns === undefined || checksum === undefined) throw new Error(`${program} answered ${JSON.stringify(stdout)}`);
  return { ns, checksum };
}

async function answers(program: string, parameters: readonly string[]): Promise<boolean> {
  try {
    await execute(program, [...parameters]);
    return true;
  } catch {
    return false;
  }
}

const beside = (source: string): string => fileURLToPath(new URL(source, import.meta.url));

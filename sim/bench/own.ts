/**
 * The suite `own`: whole runs of somebody's own code, by processor time; `--prototype DIR` measures those of a prototype beside
 * them, whose `node bench.js NAME RUNS` prints `… N runs/s of CPU`.
 */
import { execFileSync } from 'node:child_process';
import { run } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { median } from './compare.ts';
import { ownSystems } from './own/systems.ts';
import type { Claim, Options, Row, Suite } from './report.ts';

/** The share of a prototype's runs that ours make at least: it has neither TCP nor laws. */
const SHARE = 0.8;
/** Runs of a real server with two clients while the prototype makes this many of one client. */
const SERVED = { runs: 60, of: 1000 };

export async function own({ quick, prototype }: Options): Promise<Suite> {
  const [runs, rounds] = quick ? [20, 1] : [200, 5];
  const rows: Row[] = [];
  const claims: Claim[] = [];
  for (const { name, peer, bare, promised } of ownSystems()) {
    const count = name === 'ws' ? Math.ceil(runs / 8) : runs;
    const kinds: readonly (readonly [kernel: string, once: () => number])[] = [
      ['ns a run', () => timed(bare, count, { laws: [] })],
      ['with its laws', () => timed(promised, count)],
      ...(prototype === undefined ? [] : [['prototype', () => prototyped(prototype, peer, runs)] as const]),
    ];
    // One round before the first warms compilers up.
    const times = kinds.map((): number[] => []);
    for (let round = -1; round < rounds; round++)
      for (const [i, [, once]] of kinds.entries()) {
        const ns = once();
        if (round >= 0) times[i]?.push(ns);
      }
    const timings = kinds.map(([kernel], i) => ({ kernel, ns: median(times[i] as number[]) }));
    const [ours, , theirs] = timings as [Row['timings'][number], unknown, Row['timings'][number]?];
    rows.push({
      label: name,
      size: { 'runs/s': Math.round(1e9 / ours.ns), 'events a run': Math.round(eventsOf(bare)) },
      timings,
    });
    if (theirs !== undefined) claims.push(claimOf(name, theirs.ns / ours.ns));
  }
  return { name: 'own', title: 'Own code on one core, by processor time', rows, claims };
}

function claimOf(name: string, ratio: number): Claim {
  const least = name === 'ws' ? SERVED.runs / SERVED.of : SHARE;
  return { claim: `${name}: at least ${least} of the prototype's runs/s`, value: ratio, holds: ratio >= least };
}

/** Nanoseconds of processor time that a run takes. */
function timed(scenario: Scenario, runs: number, options: object = {}): number {
  const before = process.cpuUsage();
  for (let seed = 1; seed <= runs; seed++) run(scenario, seed, options);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / runs;
}

function prototyped(folder: string, name: string, runs: number): number {
  const said = execFileSync(process.execPath, ['bench.js', name, String(runs)], { cwd: folder, encoding: 'utf8' });
  const [, perSecond] = /([\d.]+) runs\/s of CPU/.exec(said) ?? [];
  if (perSecond === undefined) throw new Error(`bench.js ${name}: expected a line with runs/s of CPU, got ${said}`);
  return 1e9 / Number(perSecond);
}

/** On average over some seeds. */
function eventsOf(scenario: Scenario): number {
  const seeds = 10;
  let events = 0;
  for (let seed = 1; seed <= seeds; seed++) events += run(scenario, seed, { laws: [] }).events;
  return events / seeds;
}

/**
 * The suite `storm`: storms of the lab in the lean kernel, beside PHOLD on the same machine in the same rounds.
 *
 * What a storm may take is said for a machine that takes 120 ns an event of PHOLD at 4,096 processes; the targets are
 * scaled by what this one takes, by processor time.
 */
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { runStorm } from '../lab/storm/kernel.ts';
import { REFERENCE_STORM, type Storm } from '../lab/storm/storm.ts';
import { median } from './compare.ts';
import { isolated } from './peers/isolate.ts';
import type { Claim, Options, Row, Suite } from './report.ts';

/** The machine that targets are said for, in ns an event. */
const PHOLD = 120;
const PROCESSES = 4_096;
/** Runs a second of the reference storm on one core; seconds and bytes of one run with a million clients. */
const RUNS_PER_SECOND = 20;
const MILLION_SECONDS = 30;
const MILLION_BYTES = 1e9;

const POLICIES = ['full-jitter', 'socket.io'] as const;
const MILLION: Storm = { ...REFERENCE_STORM, clients: 1_000_000, capacity: 50_000 };

export async function storm({ quick }: Options): Promise<Suite> {
  const ours = isolated('hangup', new URL('./phold-ours.ts', import.meta.url), 'ours');
  const load = { processes: PROCESSES, population: PROCESSES, events: quick ? 100_000 : 400_000 };
  const rounds = quick ? 3 : 7;
  const phold: number[] = [];
  const runs = POLICIES.map((): Taken[] => []);
  for (let round = -1; round < rounds; round++) {
    const { ns } = await ours.run(load);
    if (round >= 0) phold.push(ns);
    for (const [index, name] of POLICIES.entries()) {
      const taken = timed(REFERENCE_STORM, PRESETS[name].policy, round + 1);
      if (round >= 0) runs[index]!.push(taken);
    }
  }
  const event = median(phold);
  const speed = event / PHOLD;
  const rows: Row[] = [];
  const claims: Claim[] = [];
  for (const [index, name] of POLICIES.entries()) {
    const seconds = median(runs[index]!.map((taken) => taken.seconds));
    const dials = median(runs[index]!.map((taken) => taken.dials));
    rows.push(row(name, 10_000, { seconds, dials }, event));
    claims.push(claim(`${name}: at least ${RUNS_PER_SECOND} runs a second`, speed / seconds / RUNS_PER_SECOND));
  }
  for (const name of quick ? POLICIES.slice(0, 1) : POLICIES) {
    const taken = timed(MILLION, PRESETS[name].policy, 0);
    rows.push(row(name, 1_000_000, taken, event));
    claims.push(
      claim(`${name}: a million clients within ${MILLION_SECONDS} s`, (MILLION_SECONDS * speed) / taken.seconds),
      claim(`${name}: a million clients within 1 GB, this process and all`, MILLION_BYTES / taken.bytes),
    );
  }
  const title = `Storms: ns a dial, beside PHOLD (${event.toFixed(0)} ns an event at 4,096 processes: ${speed.toFixed(2)}x the machine that targets are for)`;
  return { name: 'storm', title, rows, claims };
}

interface Taken {
  /** Processor time of one run. */
  readonly seconds: number;
  readonly dials: number;
  /** The memory of this process behind it. */
  readonly bytes: number;
}

function timed(of: Storm, policy: Policy, replication: number): Taken {
  const before = process.cpuUsage();
  const run = runStorm(of, policy, { seed: 'bench', replication });
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, dials: run.outcomes.dials, bytes: process.memoryUsage().rss };
}

const row = (label: string, clients: number, of: Pick<Taken, 'seconds' | 'dials'>, event: number): Row => ({
  label,
  size: { clients, 'ms a run': Math.round(of.seconds * 1000) },
  timings: [
    { kernel: 'ns a dial', ns: (of.seconds * 1e9) / of.dials },
    { kernel: 'PHOLD', ns: event },
  ],
});

const claim = (text: string, value: number): Claim => ({ claim: text, value, holds: value >= 1 });

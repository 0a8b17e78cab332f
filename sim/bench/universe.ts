/**
 * The suite `universe`: the reference storm of the lab among real clients, links and a server, in a process of its own,
 * beside PHOLD. What it may take is said for a machine that takes 120 ns an event of PHOLD at 4,096 processes, and scaled.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './compare.ts';
import { isolated } from './peers/isolate.ts';
import type { Options, Suite } from './report.ts';

const PHOLD = 120;
const PROCESSES = 4_096;
const SECONDS = 20;
const MEGABYTES = 400;

/** What `one-storm.ts` prints. */
interface Taken {
  readonly seconds: number;
  readonly megabytes: number;
  readonly dials: number;
  readonly events: number;
}

export async function universe({ quick }: Options): Promise<Suite> {
  const ours = isolated('hangup', new URL('./phold-ours.ts', import.meta.url), 'ours');
  const phold: number[] = [];
  for (let round = 0; round < 3; round++)
    phold.push((await ours.run({ processes: PROCESSES, population: PROCESSES, events: 100_000 })).ns);
  const event = median(phold);
  const speed = event / PHOLD;
  const clients = quick ? 1_000 : 10_000;
  const { seconds, megabytes, dials, events } = taken(clients);
  const bound = [
    [`within ${SECONDS} s`, (SECONDS * speed) / seconds],
    [`within ${MEGABYTES} MB, its process and all`, MEGABYTES / megabytes],
  ] as const;
  return {
    name: 'universe',
    title: `The reference storm in the universe: ns a dial, beside PHOLD (${event.toFixed(0)} ns an event at 4,096 processes: ${speed.toFixed(2)}x the machine that targets are for)`,
    rows: [
      {
        label: 'default',
        size: { clients, 'ms a run': Math.round(seconds * 1000), MB: Math.round(megabytes), events },
        timings: [
          { kernel: 'ns a dial', ns: (seconds * 1e9) / dials },
          { kernel: 'PHOLD', ns: event },
        ],
      },
    ],
    claims: bound.map(([text, value]) => ({ claim: `${clients} clients ${text}`, value, holds: value >= 1 })),
  };
}

function taken(clients: number): Taken {
  const program = fileURLToPath(new URL('./one-storm.ts', import.meta.url));
  return JSON.parse(
    execFileSync(process.execPath, ['--import', 'tsx', program, String(clients)], { encoding: 'utf8' }),
  );
}

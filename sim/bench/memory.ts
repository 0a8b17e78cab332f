/** The suite `memory`: what a client takes while everybody's answers are under way. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Law } from '../../properties/laws/law.ts';
import { run } from '../core/run.ts';
import { lawsOf } from '../core/scenario.ts';
import { crowd } from './growth.ts';
import type { Options, Suite } from './report.ts';

/** Kilobytes that a client may take, with all that laws and figures remember of it. */
const CLIENT_MAX = 14;
/** Everybody has arrived, and the second answers are under way. */
const MIDWAY = 1_200_000;

export async function memory({ quick }: Options): Promise<Suite> {
  const [few, many] = quick ? [100, 400] : [200, 1_000];
  // Code, contents and caches are the same for any number of clients.
  midway(few);
  const client = (midway(many) - midway(few)) / (many - few);
  return {
    name: 'memory',
    title: 'Memory: bytes a client at mid-run',
    rows: [{ size: { clients: many }, timings: [{ kernel: 'bytes', ns: client }] }],
    claims: [
      {
        claim: `a client takes at most ${CLIENT_MAX} KB (of it)`,
        value: client / (CLIENT_MAX * 1_000),
        holds: client <= CLIENT_MAX * 1_000,
      },
    ],
  };
}

/** Bytes that are in use in the middle of a run. */
function midway(clients: number): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let bytes = 0;
  const scale: Law = {
    name: 'scale',
    states: 'whatever is in use is weighed once',
    remember: () => null,
    on: {
      received(_, { at }) {
        if (bytes > 0 || at < MIDWAY) return;
        collect();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        bytes = heapUsed + arrayBuffers;
      },
    },
  };
  const scenario = crowd(clients);
  run(scenario, '1', { laws: [...lawsOf(scenario), scale] });
  return bytes;
}

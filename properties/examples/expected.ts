/** What sweeps of the examples say, and how they are asked. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import './linked.ts';

/**
 * Laws that a sweep breaks, by scenario: `must`, in so many seeds, or it has found less than it did; `may`, which it breaks
 * in few. Whatever is not here holds in every run.
 */
export const BROKEN: Readonly<Record<string, { readonly must: readonly string[]; readonly may: readonly string[] }>> = {
  'chat/resend': { must: ['exactly-once'], may: ['completion', 'prefix'] },
  'chat/cursor': { must: ['prefix'], may: ['completion'] },
  'chat/listener': {
    must: ['no-leak'],
    may: ['prefix', 'exactly-once', 'completion', 'backoff', 'back-within', 'no-uncaught'],
  },
  'partysocket/herd': { must: ['no-herd'], may: [] },
  'reconnecting/unwatched': { must: ['back-within'], may: [] },
  // `backoff`: what closes before the handshake of engine.io is done is noticed after 20 s.
  'socketio/recovery': { must: ['completion', 'prefix'], may: ['backoff'] },
  'graphql-ws/defaults': { must: ['honest-errors'], may: ['back-within'] },
  'graphql-ws/mutations': { must: ['at-most-once'], may: [] },
};

interface Sweep {
  readonly name: string;
  readonly runs: number;
  readonly broken_runs: number;
  readonly threw_runs: number;
  readonly crashed_runs: number;
  readonly nondeterministic_runs: number;
  readonly broken: readonly {
    readonly law: string;
    readonly seed: string;
    readonly runs: number;
    readonly message: string;
  }[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Explores these scenarios of all examples. */
export const explored = (names: readonly string[], more: readonly string[], out: string): Promise<readonly Sweep[]> =>
  new Promise((done, fail) => {
    const args = ['sim/cli/hangup.mjs', 'explore', ...names, '--config', 'properties/examples/all.config.ts'];
    execFile(
      process.execPath,
      [...args, '--json', '--out', out, ...more],
      { cwd: root, maxBuffer: 1 << 28 },
      (_error, stdout, stderr) => {
        try {
          done((JSON.parse(stdout) as { scenarios: readonly Sweep[] }).scenarios);
        } catch {
          fail(new Error(stderr || stdout));
        }
      },
    );
  });

/** What a sweep says that nobody expected, a sentence each; `thorough`: it had seeds enough to find what there is. */
export function surprises(sweeps: readonly Sweep[], thorough: boolean): readonly string[] {
  return sweeps.flatMap(({ name, runs, broken, threw_runs, crashed_runs, nondeterministic_runs }) => {
    const { must, may } = BROKEN[name] ?? { must: [], may: [] };
    const found = broken.map(({ law }) => law);
    return [
      ...broken
        .filter(({ law }) => !must.includes(law) && !may.includes(law))
        .map(({ law, seed, message }) => `${name}@${seed} breaks ${law}: ${message}`),
      ...(thorough ? must : [])
        .filter((law) => !found.includes(law))
        .map((law) => `${name} keeps ${law} in ${runs} runs, and is known to break it`),
      ...(threw_runs + crashed_runs + nondeterministic_runs > 0
        ? [`${name}: ${threw_runs} runs threw, ${crashed_runs} crashed, ${nondeterministic_runs} differed`]
        : []),
    ];
  });
}

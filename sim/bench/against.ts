/**
 * `npm run bench -- --against REF [SCENARIO …]`: how long runs take beside those of another commit.
 *
 * Machines differ twofold and are never alone, so only ratios say something: the commit is built in a folder of its own,
 * and both builds run the same seeds in processes that alternate, by processor time, after a warm-up. What stands behind
 * a ratio is the median of the pairs, and its quartiles.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HERE = fileURLToPath(new URL('../../', import.meta.url));
/** Pairs, seeds of each process, and seeds before those that nobody counts. */
const PAIRS = 9;
const SEEDS = 150;
const WARM = 300;
/** One of each sort: an answer cut five times, a short conversation, a deployment, a large answer. */
const USUAL = ['midstream/text', 'context/basic', 'restart/rolling', 'midstream/json'];

/** What one process prints: processor time a run, in nanoseconds, and events a run. */
interface Measured {
  readonly ns: number;
  readonly events: number;
}

/** The process under test: the library of one build, and nothing else of this checkout. */
const PROGRAM = `
const [library, name, seeds, warm] = process.argv.slice(1);
const { run, scenarioNamed } = await import(library);
const scenario = scenarioNamed(name);
const go = (from, count) => { let events = 0; for (let seed = from; seed < from + count; seed++) events += run(scenario, seed).events; return events; };
go(1, Number(warm));
const before = process.cpuUsage();
const events = go(1 + Number(warm), Number(seeds));
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ ns: ((user + system) * 1000) / Number(seeds), events: events / Number(seeds) }));
`;

/** Prints a line a scenario. Throws what git and npm say when the commit cannot be had or built. */
export function against(ref: string, names: readonly string[] = USUAL): void {
  const commit = git(['rev-parse', '--short', `${ref}^{commit}`]);
  const folder = mkdtempSync(join(tmpdir(), 'hangup-against-'));
  try {
    git(['worktree', 'add', '--detach', '--force', folder, commit]);
    npm(['ci', '--prefer-offline', '--no-audit', '--no-fund'], folder);
    npm(['run', 'build'], folder);
    npm(['run', 'build'], HERE);
    console.log(`processor time of a run beside ${commit}: median of ${PAIRS} pairs (quartiles)`);
    for (const name of names) console.log(lineOf(name, pairsOf(name, folder)));
  } finally {
    git(['worktree', 'remove', '--force', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The two alternate, and so does who goes first. */
function pairsOf(name: string, folder: string): readonly (readonly [there: Measured, here: Measured])[] {
  return Array.from({ length: PAIRS }, (_, pair) => {
    if (pair % 2 === 0) return [measured(folder, name), measured(HERE, name)] as const;
    const here = measured(HERE, name);
    return [measured(folder, name), here] as const;
  });
}

const measured = (root: string, name: string): Measured =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        PROGRAM,
        pathToFileURL(join(root, 'dist/sim/index.js')).href,
        name,
        String(SEEDS),
        String(WARM),
      ],
      { encoding: 'utf8' },
    ),
  ) as Measured;

function lineOf(name: string, pairs: readonly (readonly [there: Measured, here: Measured])[]): string {
  const runs = pairs.map(([there, here]) => here.ns / there.ns);
  const events = pairs.map(([there, here]) => here.ns / here.events / (there.ns / there.events));
  return `${name}: ${spread(runs)} a run, ${spread(events)} an event`;
}

function spread(ratios: readonly number[]): string {
  const sorted = [...ratios].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] as number).toFixed(3);
  return `${at(0.5)} (${at(0.25)}-${at(0.75)})`;
}

const git = (words: readonly string[]): string => execFileSync('git', words, { cwd: HERE, encoding: 'utf8' }).trim();
const npm = (words: readonly string[], cwd: string): void =>
  void execFileSync('npm', words, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

/** A worker process of a crew: runs portions of a sweep and returns their tallies. */
import { writeSync } from 'node:fs';
import type { Scenario } from '../core/scenario.ts';
import { CELL_BYTES, type FromWorker, NO_SEED, type ToWorker } from './crew.ts';
import { sourcesAt } from './module.ts';
import { optionsOf, runPortion, type Shared } from './portion.ts';
import { leastAtOnce, type Single, seenOf } from './single.ts';
import type { Sources } from './source.ts';

const [, , slot = '0', cells = ''] = process.argv;
const cell = Buffer.alloc(CELL_BYTES);

/** Notes the seed that begins where it outlives this process: a system call, a few microseconds a run. */
function note(seed: number): void {
  if (cells === '') return;
  cell.writeDoubleLE(seed);
  writeSync(Number(cells), cell, 0, CELL_BYTES, Number(slot) * CELL_BYTES);
}

let shared: Shared;
let sources: Sources;
const tell = (message: FromWorker): void => {
  process.send?.(message);
};

/** A single run has conditions of its own. */
function made(single: Single): FromWorker {
  const scenario = sources.find(single.scenario) as Scenario;
  const { laws } = optionsOf(shared, sources);
  const judging = laws === undefined ? {} : { laws };
  return single.shrink === null
    ? { seen: seenOf(scenario, single, judging) }
    : { least: leastAtOnce(scenario, single, judging) };
}

process.on('message', async (message: ToWorker) => {
  if ('shared' in message) {
    shared = message.shared;
    try {
      sources = await sourcesAt(message.modules);
      tell({ ready: true });
    } catch (error) {
      tell({ unready: error instanceof Error ? error.message : String(error) });
    }
    return;
  }
  try {
    if ('single' in message) {
      tell(made(message.single));
      return;
    }
    const tally = runPortion(message.portion, shared, sources, note);
    note(NO_SEED);
    tell({ tally });
  } catch (error) {
    tell({ thrown: String((error as Error).stack ?? error) });
  }
});
// A terminal, and `timeout`, signal the whole group: when to end is the sweep's decision.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

// A worker process that dies in certain seeds, each in its own way, and counts the others: what `crew.ts` is tested with.
// It speaks the protocol of `worker.ts`; `shared` is the way to die by seed, and `tallyOf` the tally of so many runs.
import { writeSync } from 'node:fs';

const [, , slot, cells] = process.argv;
let shared = { ways: {}, tallyOf: [] };
/** Seeds that this process has run: a seed may be deadly only behind another. */
const before = [];

const WAYS = {
  exit: () => process.exit(7),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  memory: () => {
    const held = [];
    for (;;) held.push(new Array(1e6).fill(held.length));
  },
  loop: () => {
    for (;;);
  },
  // Only the first time: nothing in the run is to blame.
  accident: () => {
    if (before.length > 0) process.kill(process.pid, 'SIGKILL');
  },
};

function run(seed) {
  const cell = Buffer.alloc(8);
  cell.writeDoubleLE(seed);
  writeSync(Number(cells), cell, 0, 8, Number(slot) * 8);
  WAYS[shared.ways[seed]]?.();
  // A signal to oneself comes a moment later.
  if (shared.ways[seed] === 'kill' || (shared.ways[seed] === 'accident' && before.length > 0))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  before.push(seed);
}

process.on('message', (message) => {
  if ('shared' in message) {
    shared = message.shared;
    if (shared.ways.start === 'exit') process.exit(9);
    process.send({ ready: true });
    return;
  }
  const { from, seeds } = message.portion;
  for (let seed = from; seed < from + seeds; seed++) run(seed);
  process.send({ tally: shared.tallyOf[seeds] });
});
process.on('disconnect', () => process.exit());

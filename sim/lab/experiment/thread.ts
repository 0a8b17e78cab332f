/** A thread of the lab: makes replications and tells their metrics. */
import { parentPort } from 'node:worker_threads';
import { performed } from './perform.ts';
import type { FromThread, ToThread } from './task.ts';

parentPort?.on('message', async (task: ToThread) => {
  let answer: FromThread;
  try {
    answer = await performed(task);
  } catch (error) {
    // What cannot be run says so in a line; all else is a bug.
    answer =
      error instanceof RangeError ? { refused: error.message } : { thrown: String((error as Error).stack ?? error) };
  }
  parentPort?.postMessage(answer, 'values' in answer ? [answer.values.buffer as ArrayBuffer] : []);
});

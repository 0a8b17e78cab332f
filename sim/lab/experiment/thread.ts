/** A thread of the lab: makes replications and tells their metrics. */
import { parentPort } from 'node:worker_threads';
import { performed } from './perform.ts';
import type { FromThread, ToThread } from './task.ts';

parentPort?.on('message', (task: ToThread) => {
  let answer: FromThread;
  try {
    answer = performed(task);
  } catch (error) {
    answer = { thrown: String((error as Error).stack ?? error) };
  }
  parentPort?.postMessage(answer, 'values' in answer ? [answer.values.buffer as ArrayBuffer] : []);
});

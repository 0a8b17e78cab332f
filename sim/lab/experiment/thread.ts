/** A thread of the lab: makes replications and tells their metrics. */
import { parentPort } from 'node:worker_threads';
import { PolicyFunctionError } from '../../../src/backoff/function.ts';
import { loadFunction } from '../../input/policy-function.ts';
import { isKnown, know } from '../storm/function-pacer.ts';
import { performed } from './perform.ts';
import type { FromThread, ToThread } from './task.ts';

parentPort?.on('message', async (task: ToThread) => {
  let answer: FromThread;
  try {
    const { policy } = task;
    if ('kind' in policy && !isKnown(policy)) know(policy, await loadFunction(policy));
    answer = await performed(task);
  } catch (error) {
    // What cannot be run says so in a line, and so does what somebody's own policy does wrong; all else is a bug.
    answer =
      error instanceof RangeError || error instanceof PolicyFunctionError
        ? { refused: error.message }
        : { thrown: String((error as Error).stack ?? error) };
  }
  parentPort?.postMessage(answer, 'values' in answer ? [answer.values.buffer as ArrayBuffer] : []);
});

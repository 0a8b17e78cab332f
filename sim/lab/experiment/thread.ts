/** A thread of the lab: makes replications and tells their metrics. */
import { parentPort } from 'node:worker_threads';
import { OwnPolicyError } from '../../../src/backoff/own.ts';
import { loadOwn } from '../../input/own-policy.ts';
import { isKnown, know } from '../storm/own-pacer.ts';
import { performed } from './perform.ts';
import type { FromThread, ToThread } from './task.ts';

parentPort?.on('message', async (task: ToThread) => {
  let answer: FromThread;
  try {
    const { policy } = task;
    if ('kind' in policy && !isKnown(policy)) know(policy, await loadOwn(policy));
    answer = performed(task);
  } catch (error) {
    answer =
      error instanceof OwnPolicyError ? { flaw: error.message } : { thrown: String((error as Error).stack ?? error) };
  }
  parentPort?.postMessage(answer, 'values' in answer ? [answer.values.buffer as ArrayBuffer] : []);
});

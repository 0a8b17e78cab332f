/**
 * Asks the judge of schemas, which works in a thread of its own, and waits for its answer: so long and no longer.
 *
 * The wait is synchronous, because a command has nothing to do until it knows what it streams.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Answer, Line, Question } from './judgement.ts';

/**
 * How long a schema and its documents may be judged, in milliseconds of processor time: on a machine that does much else
 * at the same time, a sound schema must not look endless.
 */
export const JUDGE_MOST = 1000;
/** The same in wall time, for a machine on which a thread hardly gets on. */
const WALL_MOST = 20_000;
/** How often the clock is looked at, in milliseconds. */
const LOOK = 25;
/** How long its thread may take to load: a limit for a machine that does not get on at all. */
const LOAD_MOST = 30_000;
/** Room for schemas and documents of a thousand levels, each of which takes several calls. */
const STACK_MB = 32;
const HEAP_MB = 1024;

interface Judge {
  readonly thread: Worker;
  readonly line: Line;
  /** Answers that were received. */
  received: number;
}

let judge: Judge | null = null;

/** The judge's answer, or null when it took longer than `JUDGE_MOST`. */
export function ask(question: Question): Answer | null {
  judge ??= newJudge();
  judge.thread.postMessage(question);
  const answer = answerOf(judge, JUDGE_MOST, WALL_MOST) as Answer | null;
  if (answer === null) {
    void judge.thread.terminate();
    judge = null;
  }
  return answer;
}

function newJudge(): Judge {
  const { port1, port2 } = new MessageChannel();
  const count = new SharedArrayBuffer(4);
  const name = import.meta.url.endsWith('.ts') ? './boot.mjs' : './schema-worker.js';
  const thread = new Worker(new URL(name, import.meta.url), {
    workerData: { answers: port2, count },
    transferList: [port2],
    resourceLimits: { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: HEAP_MB },
  });
  // It is not waited for when the command ends; and out of memory is only another way of giving no answer.
  thread.unref();
  thread.on('error', () => {});
  const made: Judge = { thread, line: { answers: port1, count }, received: 0 };
  if (answerOf(made, LOAD_MOST, 2 * LOAD_MOST) === null)
    throw new Error('the thread that judges schemas does not start');
  return made;
}

/** The next answer; null when the process has worked for `most` milliseconds, or the wall clock shows as many as `wall`. */
function answerOf(judge: Judge, most: number, wall: number): unknown {
  const counter = new Int32Array(judge.line.count);
  const begun = { wall: performance.now(), work: process.cpuUsage() };
  for (;;) {
    Atomics.wait(counter, 0, judge.received, LOOK);
    if (Atomics.load(counter, 0) !== judge.received) break;
    // This thread waits, so the work of the process is that of the judge.
    const { user, system } = process.cpuUsage(begun.work);
    if ((user + system) / 1000 > most || performance.now() - begun.wall > wall) return null;
  }
  judge.received += 1;
  return receiveMessageOnPort(judge.line.answers)?.message ?? null;
}

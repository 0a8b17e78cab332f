/** The law of context, as far as the work of agents goes: memory, tool calls and the step of the workflow. */
import { describe, expect, test } from 'vitest';
import type { EntryOf } from '../../../src/session/history.ts';
import { extendContext, memoryDigest, type WorkSummary } from '../../../src/session/wire/frames.ts';
import { context } from './context.ts';
import { CLEAN, verdict, type Written, written } from './written.ts';

type About = EntryOf<'recorded'>['about'];

const NOTES: readonly (readonly [About, string, number])[] = [
  ['memory', 'm1', 7],
  ['tool', 's1/1', 8],
  ['memory', 'm2', 9],
  ['memory', 'm1', 10],
  ['step', 's1', 11],
];

/** A client whose agents have left the first notes of the list, and that lost its connection. */
function worked(count = NOTES.length): Written {
  const run = written().intent('start').connect(1);
  for (const [about, key, value] of NOTES.slice(0, count))
    run.next().say('recorded', 'store', { session: 1, client: 'c1', about, key, value });
  return run.close(1);
}

const WORK: WorkSummary = {
  notes: 5,
  step: 1,
  calls: 1,
  callsDigest: extendContext(0, 8, 's1/1'),
  memory: memoryDigest({ m1: 10, m2: 9 }),
};

/** It comes back, and is shown this work. */
const resumedWith = (run: Written, work: WorkSummary | undefined): Written =>
  run
    .dial(2)
    .open(2)
    .next()
    .say('restored', 'c1', {
      session: 1,
      generation: 2,
      resumed: true,
      context: CLEAN,
      ...(work === undefined ? {} : { work }),
    });

const breach = (run: Written): string | undefined => verdict(context, run)[0];

test('work that survives a lost connection holds', () => {
  expect(verdict(context, resumedWith(worked(), WORK))).toEqual([]);
});

test('a session without work is shown none', () => {
  expect(verdict(context, resumedWith(worked(0), undefined))).toEqual([]);
});

describe('a breach is caught', () => {
  test('work that is forgotten, all of it or the end of it', () => {
    expect(breach(resumedWith(worked(), undefined))).toBe(
      'c1 resumed session 1 with 0 notes of its agents, but 5 had become durable when it opened the connection.',
    );
    expect(breach(resumedWith(worked(), { ...WORK, notes: 4 }))).toContain('but 5 had become durable');
  });

  test('work that was never done', () => {
    expect(breach(resumedWith(worked(), { ...WORK, notes: 6 }))).toContain('but only 5 had become durable');
  });

  test('a step of the workflow that is lost', () => {
    expect(breach(resumedWith(worked(), { ...WORK, step: 0 }))).toContain(
      'at step 0 of the workflow, where the model is at 1',
    );
  });

  test('a tool call that is missing, or has another result', () => {
    expect(breach(resumedWith(worked(), { ...WORK, calls: 0, callsDigest: 0 }))).toContain('and 0 tool calls');
    expect(breach(resumedWith(worked(), { ...WORK, callsDigest: extendContext(0, 9, 's1/1') }))).toContain(
      'and 1 tool calls (hash',
    );
  });

  test('a memory that lost a key, or went back to an older value', () => {
    expect(breach(resumedWith(worked(), { ...WORK, memory: memoryDigest({ m1: 10 }) }))).toContain('an agent memory');
    expect(breach(resumedWith(worked(), { ...WORK, memory: memoryDigest({ m1: 7, m2: 9 }) }))).toContain(
      'an agent memory',
    );
  });

  test('a clean session that has work in it', () => {
    const run = worked().dial(2).open(2).next();
    run.say('restored', 'c1', { session: 2, generation: 1, resumed: false, context: CLEAN, work: WORK });
    expect(breach(run)).toBe('c1 started session 2 clean, but agents have left 5 notes in it.');
  });
});

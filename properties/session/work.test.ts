import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chunk } from '../../src/content.ts';
import type { WorkPace } from '../../src/session/agent/config.ts';
import { noteOf } from '../../src/session/agent/work.ts';
import type { Message } from '../../src/session/services.ts';
import { init, type SessionRecord, type StoreState } from '../../src/session/store/state.ts';
import { type StoreEffect, store } from '../../src/session/store/store.ts';
import type { Instant } from '../../src/time.ts';
import { ms } from '../../src/time.ts';

const PACE: WorkPace = { toolEvery: 3, toolTime: ms(1), memoryEvery: 2, memoryKeys: 4 };
const LENGTH = 12;
const chunk = (seq: number, epoch: number): Chunk => ({
  content: 0,
  start: (seq - 1) * 10,
  end: seq * 10,
  sum: seq * 100 + epoch,
  part: 0,
  fin: seq === LENGTH,
});

/** A store with one session of `c1` at server `s1`, whose first stream is open; `regenerate` as given. */
function opened(regenerate: boolean): StoreState {
  const state = init({
    node: 'store',
    fsyncDelay: ms(1),
    sessionTtl: ms(1000),
    windowCount: 100,
    windowBytes: 1000,
    windowAge: ms(1000),
    regenerate,
    contents: 1,
  });
  say(state, { type: 'claim', op: 1, conn: 1, client: 'c1', dial: 1, session: 0, resumeToken: 0, settled: 1 });
  say(state, { type: 'submit', op: 2, session: 1, generation: 1, clientSeq: 1, key: 'k', ask: 0, bytes: 10 });
  return state;
}

function say(state: StoreState, message: Message, from = 's1'): readonly StoreEffect[] {
  const context = { now: 0 as Instant, random: () => 1, newConn: () => 0 };
  store.step(state, { type: 'message', from, message }, context);
  return store.step(state, { type: 'timer', timer: 'fsync', key: 0 }, context);
}

function append(state: StoreState, seq: number, { epoch = 1, generation = 1 } = {}): readonly StoreEffect[] {
  const value = chunk(seq, epoch);
  const note = noteOf(PACE, 1, seq, value);
  return say(
    state,
    { type: 'append', session: 1, generation, stream: 1, epoch, seq, chunk: value, note },
    generation === 1 ? 'agent1' : 'agent2',
  );
}

const notes = (effects: readonly StoreEffect[]): string[] =>
  effects.flatMap((effect) => (effect.type === 'record' ? [`${effect.about} ${effect.key}`] : []));
const record = (state: StoreState): SessionRecord => state.sessions[1] as SessionRecord;

test('an answer notes its tool calls, its memory and its step, each with the chunk that it comes with', () => {
  const state = opened(false);
  const seen: string[] = [];
  for (let seq = 1; seq <= LENGTH; seq++) seen.push(...notes(append(state, seq)));
  expect(seen).toEqual([
    'memory m2',
    'tool s1/1',
    'memory m3',
    'tool s1/2',
    'memory m1',
    'tool s1/3',
    'memory m2',
    'step s1',
  ]);
  expect(record(state).work).toMatchObject({ notes: 8, step: 1, calls: 3 });
  // The key that came round again holds the newer value.
  expect(record(state).work?.memory).toEqual({ m2: 1001, m3: 401, m1: 801 });
});

test('an append that is repeated, late or out of place leaves no second note', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: LENGTH }), { maxLength: 60 }), (order) => {
      const state = opened(false);
      let head = 0;
      for (const seq of order) {
        const took = notes(append(state, seq)).length;
        const next = seq === head + 1;
        expect(took).toBe(next && noteOf(PACE, 1, seq, chunk(seq, 1)) !== null ? 1 : 0);
        if (next) head = seq;
      }
      expect(record(state).work?.calls ?? 0).toBe(Math.floor(Math.min(head, LENGTH - 1) / PACE.toolEvery));
    }),
  );
});

test('an answer that begins anew does not call a tool again, and the first result stands', () => {
  const state = opened(true);
  for (let seq = 1; seq <= 7; seq++) append(state, seq);
  const { callsDigest } = record(state).work ?? { callsDigest: -1 };
  const { token } = record(state);
  say(
    state,
    { type: 'claim', op: 3, conn: 2, client: 'c1', dial: 2, session: 1, resumeToken: token, settled: 1 },
    's2',
  );
  const seen: string[] = [];
  for (let seq = 1; seq <= 7; seq++) seen.push(...notes(append(state, seq, { epoch: 2, generation: 2 })));
  expect(seen.filter((note) => note.startsWith('tool'))).toEqual([]);
  expect(record(state).work).toMatchObject({ calls: 2, callsDigest });
  expect(notes(append(state, 8, { epoch: 2, generation: 2 }))).toEqual(['memory m1']);
  expect(notes(append(state, 9, { epoch: 2, generation: 2 }))).toEqual(['tool s1/3']);
});

test('a fenced agent leaves no note', () => {
  const state = opened(false);
  append(state, 1);
  const { token } = record(state);
  say(
    state,
    { type: 'claim', op: 3, conn: 2, client: 'c1', dial: 2, session: 1, resumeToken: token, settled: 1 },
    's2',
  );
  expect(notes(append(state, 2))).toEqual([]);
  expect(notes(append(state, 2, { generation: 2 }))).toEqual(['memory m2']);
});

/** The application behind a client, alone: what it wants next, told by hand what its client gives it. */
import { expect, test } from 'vitest';
import { Conversation } from '../../sim/session/application.ts';
import type { Turn } from '../../sim/session/world.ts';
import type { ApplicationEffect } from '../../src/session/application.ts';
import { at, ms } from '../../src/time.ts';
import { chunk } from '../laws/session/written.ts';

const turn = (key: string, parallel = false): Turn => ({ key, ask: 0, bytes: 1, wait: ms(10), parallel });

/** An application, and what it wanted since it was asked last. */
function applied(turns: readonly Turn[], stayUntil = 0) {
  let wanted: string[] = [];
  const application = new Conversation({ client: 'c1', start: at(0), turns }, at(stayUntil), {
    intend: (intent) => wanted.push(intent.type === 'submit' ? `submit ${intent.key}` : intent.type),
    wakeIn: (delay) => wanted.push(`wake in ${delay}`),
    over: () => wanted.push('over'),
  });
  const wants = (): string[] => {
    const wants = wanted;
    wanted = [];
    return wants;
  };
  const hear = (effect: object, now = 1000): string[] => {
    application.hear(effect as ApplicationEffect, at(now));
    return wants();
  };
  const wake = (now = 1000): string[] => {
    application.wake(at(now));
    return wants();
  };
  return {
    application,
    wants,
    wake,
    hear,
    settle: (key: string, stream: number) => hear({ type: 'settle', key, outcome: 'done', stream }),
    finish: (stream: number, now?: number) => hear({ type: 'deliver', stream, chunk: chunk(6) }, now),
    /** It starts and asks its first question. */
    asking() {
      application.begin();
      return [...wants(), ...wake()];
    },
  };
}

test('the next turn waits until the last one is settled and complete, in whichever order it hears of them', () => {
  const patient = applied([turn('q1'), turn('q2')]);
  expect(patient.asking()).toEqual(['start', 'wake in 10000', 'submit q1']);
  expect(patient.settle('q1', 1)).toEqual([]);
  expect(patient.hear({ type: 'deliver', stream: 1, chunk: chunk(5) })).toEqual([]);
  expect(patient.finish(1)).toEqual(['wake in 10000']);

  const early = applied([turn('q1'), turn('q2')]);
  early.asking();
  expect(early.finish(1)).toEqual([]);
  expect(early.settle('q1', 1)).toEqual(['wake in 10000']);
});

test('a parallel turn is counted from when the one before it was asked', () => {
  const { asking, settle, finish, wake } = applied([turn('q1'), turn('q2', true)]);
  expect(asking()).toEqual(['start', 'wake in 10000', 'wake in 10000', 'submit q1']);
  // It is not counted again from the end of the first.
  expect([...settle('q1', 1), ...finish(1)]).toEqual([]);
  expect(wake()).toEqual(['submit q2']);
});

test('a snapshot ends a stream when it has the end of it', () => {
  const { asking, settle, hear } = applied([turn('q1')]);
  asking();
  settle('q1', 1);
  expect(hear({ type: 'replace', stream: 1, chunks: [chunk(4), chunk(5)] })).toEqual([]);
  expect(hear({ type: 'replace', stream: 1, chunks: [chunk(5), chunk(6)] })).toEqual(['leave', 'over']);
});

test('it leaves at the very moment until which it was to stay, and not before', () => {
  const { asking, settle, finish, wake } = applied([turn('q1')], 5000);
  asking();
  settle('q1', 1);
  expect(finish(1, 4000)).toEqual(['wake in 1000']);
  expect(wake(5000)).toEqual(['leave', 'over']);
});

test('a page without memory asks again from the first question without an answer, under other keys', () => {
  const { application, asking, settle, finish, wake, wants } = applied([turn('q1'), turn('q2'), turn('q3', true)]);
  asking();
  settle('q1', 1);
  finish(1);
  // Both of these are under way: one is settled and not complete, the other is not settled.
  expect(wake()).toEqual(['wake in 10000', 'submit q2']);
  expect(wake()).toEqual(['submit q3']);
  settle('q3', 3);
  application.unload(false);
  application.reopen(at(1000));
  expect(wants()).toEqual(['start', 'wake in 10000']);
  expect(wake()).toEqual(['wake in 10000', 'submit q2~1']);
});

test('a page that is loaded again while it waits has one clock, its own', () => {
  const { application, wants, wake } = applied([turn('q1')]);
  application.begin();
  application.unload(false);
  wants();
  // The clock of the old page.
  expect(wake()).toEqual([]);
  application.reopen(at(1000));
  expect(wants()).toEqual(['start', 'wake in 10000']);
  expect(wake()).toEqual(['submit q1~1']);
  expect(wake()).toEqual([]);
});

test('a clean session owes nothing of the streams of the old one', () => {
  const { asking, settle, finish, hear } = applied([turn('q1'), turn('q2')]);
  asking();
  settle('q1', 1);
  expect(hear({ type: 'restore', resumed: true })).toEqual([]);
  expect(hear({ type: 'restore', resumed: false })).toEqual(['wake in 10000']);

  const early = applied([turn('q1'), turn('q2')]);
  early.asking();
  early.finish(1);
  early.hear({ type: 'restore', resumed: false });
  // Its first stream is a new one, of which nothing has come.
  expect(early.settle('q1', 1)).toEqual([]);
  expect(early.finish(1)).toEqual(['wake in 10000']);
  expect(finish(1)).toEqual([]);
});

test('a terminal error ends the story, another one only its stream', () => {
  const { asking, settle, hear, wake } = applied([turn('q1'), turn('q2')]);
  asking();
  settle('q1', 1);
  expect(hear({ type: 'report', error: 'connection_lost' })).toEqual([]);
  expect(hear({ type: 'report', error: 'stream_gone', stream: 1 })).toEqual(['wake in 10000']);
  expect(hear({ type: 'report', error: 'attempts_exhausted' })).toEqual(['over']);
  expect([...wake(), ...hear({ type: 'restore', resumed: false })]).toEqual([]);
});

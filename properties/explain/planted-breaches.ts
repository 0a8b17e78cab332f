/**
 * Breaches planted in whole universes, for measuring what is left of a failing run when it is shrunk: a machine of the
 * shipped path says or hears something else while they stand.
 */
import { run } from '../../sim/core/run.ts';
import { type Shrunk, shrink } from '../../sim/explain/shrink.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { client } from '../../src/session/client/session.ts';
import { server } from '../../src/session/server/server.ts';
import { store } from '../../src/session/store/store.ts';
import type { Cursor, Frame } from '../../src/session/wire/frames.ts';

type Word = Readonly<Record<string, unknown>> & { readonly type: string };

interface Breach {
  readonly name: string;
  readonly machine: { step(...given: never[]): readonly object[] };
  /** What it hears, and what it says, instead. */
  hears?(event: Word): Word;
  says?(effect: Word): readonly Word[];
}

const cursors = (change: (cursor: Cursor) => number) => (event: Word) => {
  const frame = event.payload as Frame | undefined;
  if (event.type !== 'frame' || frame?.type !== 'HELLO' || frame.resume === null) return event;
  const streams = frame.resume.streams.map((cursor) => ({ ...cursor, lastSeq: change(cursor) }));
  return { ...event, payload: { ...frame, resume: { ...frame.resume, streams } } };
};

export const BREACHES: readonly Breach[] = [
  { name: 'sends three again', machine: server, hears: cursors(({ lastSeq }) => Math.max(0, lastSeq - 3)) },
  { name: 'leaves one out', machine: server, hears: cursors(({ lastSeq }) => lastSeq + 1) },
  { name: 'says nothing of a loss', machine: client, says: (word) => (word.type === 'report' ? [] : [word]) },
  {
    name: 'calls every loss silence',
    machine: client,
    says: (word) => [word.type === 'report' ? { ...word, error: 'peer_silent' } : word],
  },
  {
    name: 'waits for nothing',
    machine: client,
    says: (word) => [word.type === 'setTimer' && word.timer === 'retry' ? { ...word, at: 0 } : word],
  },
  {
    name: 'forgets what agents noted',
    machine: store,
    says(word) {
      const message = word.message as (Word & { readonly work?: object }) | undefined;
      if (message?.type !== 'claimed' || message.work === undefined) return [word];
      return [{ ...word, message: { ...message, work: { ...message.work, notes: 0 } } }];
    },
  },
];

/** Calls something while a breach stands. */
function under<T>({ machine, hears = (word) => word, says = (word) => [word] }: Breach, call: () => T): T {
  const { step } = machine;
  const open = machine as unknown as { step(...given: unknown[]): readonly object[] };
  open.step = (state, event, context) =>
    step(state as never, hears(event as Word) as never, context as never).flatMap((word) => says(word as Word));
  try {
    return call();
  } finally {
    open.step = step as never;
  }
}

export interface Measured {
  readonly breach: string;
  readonly scenario: string;
  readonly seed: string;
  readonly shrunk: Shrunk;
  /** Milliseconds of wall time. */
  readonly took: number;
}

/** The first failing runs of each breach in each of these scenarios, shrunk. */
export function* shrinks(names: readonly string[], seeds: number, each: number): Generator<Measured> {
  for (const breach of BREACHES)
    for (const name of names) {
      const scenario = scenarioNamed(name) as SessionScenario;
      let left = each;
      for (let seed = 1; seed <= seeds && left > 0; seed++) {
        const measured = under(breach, () => {
          const outcome = run(scenario, seed);
          const begun = performance.now();
          const shrunk = shrink(outcome);
          const took = performance.now() - begun;
          return shrunk === null ? null : { breach: breach.name, scenario: name, seed: outcome.seed, shrunk, took };
        });
        if (measured === null) continue;
        left--;
        yield measured;
      }
    }
}

/** The value that so many percent of a list are not above. */
export const quantile = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * percent) / 100))] ?? 0;

/** Percent of the events that are left. */
export const eventsLeft = ({ shrunk: { before, after } }: Measured): number => (100 * after.events) / before.events;

/** What a witness sees of a run under a plan written by hand: the tests of faults compare it with and without one. */
import { expect } from 'vitest';
import type { Outcome } from '../../sim/core/outcome.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import type { Fault } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { CLOSE } from '../../src/close-codes.ts';
import { APPLICATION_ERRORS } from '../../src/errors.ts';
import type { Entry, EntryKind, EntryOf } from '../../src/session/history.ts';
import type { FrameType } from '../../src/session/wire/frames.ts';
import { type Duration, type Instant, seconds } from '../../src/time.ts';

/** A point of the run's clock, in seconds. */
export const at = (s: number): Instant => seconds(s) as number as Instant;

export class History {
  readonly outcome: Outcome;
  readonly entries: readonly Entry[];

  constructor(outcome: Outcome, entries: readonly Entry[]) {
    this.outcome = outcome;
    this.entries = entries;
  }

  of<K extends EntryKind>(kind: K, node?: string): EntryOf<K>[] {
    return this.entries.filter(
      (entry): entry is EntryOf<K> => entry.kind === kind && (node === undefined || entry.node === node),
    );
  }

  /** Frames of one type that reached a node. */
  heard(node: string, type: FrameType): EntryOf<'delivered'>[] {
    return this.of('delivered', node).filter(({ payload }) => payload.type === type);
  }

  /** Close codes that the client was told, in order, up to the 1000 of its own goodbye. */
  closes(): number[] {
    return this.of('closed', 'c1').flatMap(({ code }) => (code === CLOSE.normal ? [] : [code]));
  }

  /** What the application of the client was told, without what it need not care about: the client goes on by itself. */
  told(): string[] {
    return this.of('told', 'c1').flatMap(({ error }) => (APPLICATION_ERRORS[error].transient ? [] : [error]));
  }

  /** Entries from one instant to another. */
  during<K extends EntryKind>(kind: K, from: number, until: number): EntryOf<K>[] {
    return this.of(kind).filter((entry) => entry.at >= from && entry.at < until);
  }
}

/** Seed 2 if none is named; the network is cable unless another is. */
export type Options = Omit<RunOptions, 'plan' | 'witness'> & { readonly seed?: string };

/** A stream of about four seconds to one client on cable, with two servers; every law holds. */
export function streaming(plan: readonly Fault[], options: Options = {}): History {
  return historyOf('midstream/text', plan, options);
}

export function historyOf(name: string, plan: readonly Fault[], { seed = '2', ...options }: Options = {}): History {
  const entries: Entry[] = [];
  const outcome = run(scenarioNamed(name) as SessionScenario, seed, {
    network: networkNamed('cable'),
    ...options,
    plan: [...plan].sort((a, b) => a.at - b.at),
    witness: (entry) => entries.push(entry as Entry),
  });
  expect(outcome.breaches).toEqual([]);
  expect(outcome.exceeded).toBeNull();
  return new History(outcome, entries);
}

/** The client's path loses every connection at that moment. */
export const reset = (s: number): Fault => ({ kind: 'reset', target: 'c1-lb', at: at(s) });

/** The same on every server. */
export const onBoth = (fault: (target: string) => Fault): Fault[] => ['s1', 's2'].map(fault);

export const lasting = (s: number): Duration => seconds(s);

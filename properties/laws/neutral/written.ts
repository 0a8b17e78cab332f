/** Small histories of no protocol in particular, for showing that a neutral law passes an honest one and catches a breach. */
import type { Facts } from '../../../src/facts.ts';
import type { Entry, EntryKind, EntryOf } from '../../../src/history.ts';
import { at, type Duration } from '../../../src/time.ts';
import type { Breach, Law } from '../law.ts';

type Fields<K extends EntryKind> = Omit<EntryOf<K>, 'kind' | 'at' | 'node' | 'event'>;

/** A history in the making: each entry is an event of its own, and time moves only by `wait`. */
export class History {
  readonly entries: Entry[] = [];
  #now = 0;

  wait(by: Duration): this {
    this.#now += by;
    return this;
  }

  say<K extends EntryKind>(kind: K, node: string, fields: Fields<K>): this {
    const entry = { at: at(this.#now), node, event: this.entries.length + 1, kind, ...fields };
    this.entries.push(entry as unknown as Entry);
    return this;
  }

  /** A server produces pieces of the stream `news`, and `c1` is given them. */
  produce = (...seqs: number[]): this => this.#each(seqs, 'produced', 's1', 'news');
  receive = (...seqs: number[]): this => this.#each(seqs, 'received', 'c1', 'news');

  #each(seqs: readonly number[], kind: 'produced' | 'received', node: string, stream: string): this {
    for (const seq of seqs) this.say(kind, node, { stream, seq, value: `piece ${seq}` });
    return this;
  }
}

/** What a law says of a history: its breaches in order. */
export function verdict(law: Law, { entries }: History, facts: Facts = { clients: [{ node: 'c1' }] }): string[] {
  const breaches: string[] = [];
  const breach: Breach = Object.assign((message: string): void => void breaches.push(message), {
    nameOf: (conn: number) => `#${conn}`,
  });
  const memory = law.remember(facts);
  const folds = law.on as unknown as {
    readonly [kind: string]: (memory: unknown, entry: Entry, breach: Breach) => void;
  };
  for (const entry of entries) folds[entry.kind]?.(memory, entry, breach);
  law.end?.(memory, breach, { complete: true, at: entries.at(-1)?.at ?? at(0) });
  return breaches;
}

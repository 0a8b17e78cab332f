/** What never arrives: the witness says which way it went, so that each direction's bytes add up by themselves. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { lineOf, textOf } from '../../sim/explain/lines.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { TELL } from '../../sim/session/words.ts';
import type { Entry, EntryOf } from '../../src/session/history.ts';

function historyOf(scenario: SessionScenario, seed: string): readonly Entry[] {
  const entries: Entry[] = [];
  run(scenario, seed, { witness: (entry) => entries.push(entry as Entry) });
  return entries;
}

/** Bytes under way by connection and receiver; complains as soon as more arrive or are lost than were sent. */
function ledger(entries: readonly Entry[]): { readonly wrong: string[]; readonly left: number } {
  const ends = new Map<number, readonly [string, string]>();
  const held = new Map<string, number>();
  const wrong: string[] = [];
  const add = (conn: number, to: string, bytes: number): void => {
    const key = `${to} on ${conn}`;
    const now = (held.get(key) ?? 0) + bytes;
    held.set(key, now);
    if (now < 0 || !ends.get(conn)?.includes(to)) wrong.push(`${key}: ${now}`);
  };
  for (const entry of entries)
    if (entry.kind === 'dialled') ends.set(entry.conn, [entry.node, entry.to]);
    else if (entry.kind === 'sent') {
      const [dialler = '', acceptor = ''] = ends.get(entry.conn) ?? [];
      add(entry.conn, entry.node === dialler ? acceptor : dialler, entry.bytes);
    } else if (entry.kind === 'delivered') add(entry.conn, entry.node, -entry.bytes);
    else if (entry.kind === 'lost') add(entry.conn, entry.to, -entry.bytes);
  return { wrong, left: [...held.values()].reduce((sum, bytes) => sum + bytes, 0) };
}

describe('what is lost', () => {
  test.each(SCENARIOS.map(({ name }) => name))('in %s is what was sent that way and did not arrive', (name) => {
    for (const seed of ['1', '2', '3'])
      expect(ledger(historyOf(scenarioNamed(name) as SessionScenario, seed))).toEqual({ wrong: [], left: 0 });
  });

  test('stands in the timeline with its receiver', () => {
    const entry: EntryOf<'lost'> = {
      ...{ kind: 'lost', at: 5 as Entry['at'], node: 'c1-lb', event: 1, to: 'lb', conn: 10_001 as never },
      ...{ payload: { type: 'PING', nonce: 1 }, bytes: 9, why: 'reset' },
    };
    const text = textOf(lineOf((conn) => `c1#${conn}`, entry, TELL));
    expect(text).toBe('loses PING 1 to lb on c1#10001: reset');
  });
});

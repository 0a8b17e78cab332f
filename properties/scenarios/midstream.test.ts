/** The stories of midstream scenarios, beyond what laws and claims say: what each promises of its own cells. */
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../sim/core/cells.ts';
import type { Outcome } from '../../sim/core/outcome.ts';
import { run } from '../../sim/core/run.ts';
import { seedText } from '../../sim/core/seeds.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Entry } from '../../src/session/history.ts';
import { ms } from '../../src/time.ts';

interface Seen {
  readonly entries: readonly Entry[];
  readonly outcome: Outcome;
}

/** The first so many seeds of a scenario in a cell, each with its history; every law holds. */
function* histories(name: string, count: number, cell: Cell = {}): Generator<Seen> {
  for (let i = 1; i <= count; i++) {
    const entries: Entry[] = [];
    const outcome = run(scenarioNamed(name) as SessionScenario, seedText(i), {
      cell,
      witness: (entry) => {
        entries.push(entry as Entry);
      },
    });
    expect(outcome.breaches).toEqual([]);
    yield { entries, outcome };
  }
}

const told = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === 'told' ? [`${entry.node} ${entry.error}`] : []));
const firstFault = (entries: readonly Entry[]): number =>
  entries.find((entry) => entry.kind === 'fault' && entry.begins)?.at ?? -1;

describe('a version change', () => {
  for (const condition of ['upgrade', 'downgrade'])
    test(`by ${condition} costs nobody the session, and nobody is told of it`, () => {
      for (const { entries } of histories('midstream/version-change', 60, { condition })) {
        expect(told(entries).filter((error) => error.includes('version'))).toEqual([]);
        const protos = entries.flatMap((entry) =>
          entry.kind === 'delivered' && entry.node === 'c1' && entry.payload.type === 'WELCOME'
            ? [entry.payload.proto]
            : [],
        );
        const [before, after] = condition === 'upgrade' ? [1, 2] : [2, 1];
        expect(protos[0]).toBe(before);
        if (protos.length > 1) expect(protos).toContain(after);
      }
    });

  for (const condition of ['server too new', 'server too old'])
    test(`to a ${condition} is told once, and nothing is dialled after it`, () => {
      let refused = 0;
      for (const { entries } of histories('midstream/version-change', 60, { condition })) {
        const at = entries.findIndex((entry) => entry.kind === 'told' && entry.error === 'version_unsupported');
        if (at < 0) continue;
        refused++;
        expect(told(entries).filter((error) => error === 'c1 version_unsupported')).toHaveLength(1);
        expect(entries.slice(at).some((entry) => entry.kind === 'dialled' && entry.node === 'c1')).toBe(false);
      }
      expect(refused).toBeGreaterThan(50);
    });
});

test('a change of admitted origins ends no open connection by itself, and never touches an admitted client', () => {
  for (const { entries, outcome } of histories('midstream/origin-change', 120)) {
    expect(told(entries)).not.toContain('c1 origin_refused');
    const lost = outcome.plan.filter(({ kind }) => kind !== 'originPolicy');
    const before = Math.min(...lost.map(({ at }) => at));
    for (const entry of entries)
      if (entry.kind === 'closed' && entry.node.startsWith('c') && entry.at < before)
        expect(entry.code === 1000 ? 'left' : entry).toBe('left');
  }
});

test('who is sent away with 1013 dials no sooner than it was asked to', () => {
  let waits = 0;
  for (const { entries } of histories('midstream/exhaustion', 120)) {
    const least = new Map<string, number>();
    for (const entry of entries) {
      if (!entry.node.startsWith('c')) continue;
      if (entry.kind === 'delivered' && entry.payload.type === 'ERROR' && entry.payload.retryAfter > 0)
        least.set(entry.node, entry.at + entry.payload.retryAfter);
      if (entry.kind !== 'dialled' || !least.has(entry.node)) continue;
      waits++;
      expect(entry.at).toBeGreaterThanOrEqual(least.get(entry.node) as number);
      least.delete(entry.node);
    }
  }
  expect(waits).toBeGreaterThan(100);
});

describe('a moment of a large answer', () => {
  for (const [moment, least, most] of [
    ['10%', 0.05, 0.13],
    ['50%', 0.4, 0.55],
    ['95%+', 0.85, 1],
  ] as const)
    test(`${moment} has brought about so much of it`, () => {
      for (const { entries } of histories('midstream/large', 8, { moment, network: 'cable' })) {
        const at = firstFault(entries);
        let end = 0;
        let whole = 0;
        for (const entry of entries) {
          if (entry.kind !== 'received') continue;
          whole = Math.max(whole, entry.chunk.end);
          if (entry.at <= at) end = entry.chunk.end;
        }
        expect(whole).toBeGreaterThanOrEqual(10_000_000);
        expect(end / whole).toBeGreaterThan(least);
        expect(end / whole).toBeLessThan(most);
      }
    });
});

test('the start of a stream is its first 100 ms, on every network that loses nothing', () => {
  for (const network of ['wifi', 'dsl', 'lte', '4g', '3g'])
    for (const { entries } of histories('midstream/stream-start', 12, { network, size: '1-10KB' })) {
      const asked = entries.find((entry) => entry.kind === 'performed')?.at ?? 0;
      const produced = entries.find((entry) => entry.kind === 'produced')?.at ?? 0;
      expect(firstFault(entries)).toBeGreaterThan(asked);
      // A quarter of a second covers the way of the first chunk to the client.
      expect(firstFault(entries)).toBeLessThan(produced + ms(250));
    }
});

test('one event hits the network of all clients at once, and each stream goes on with its own bytes', () => {
  for (const { entries, outcome } of histories('midstream/concurrent', 30)) {
    const begins = entries.filter(
      (entry) => entry.kind === 'fault' && entry.begins && entry.at === firstFault(entries),
    );
    expect([1, 2, 8, 16]).toContain(begins.length);
    expect(outcome.figures.streamsIntact).toBe(8);
  }
});

test('the answer of text has two hundred chunks and meets five disconnects: it is a benchmark', () => {
  for (const { entries, outcome } of histories('midstream/text', 20)) {
    const last = entries.find((entry) => entry.kind === 'produced' && entry.chunk.fin);
    expect(last?.kind === 'produced' ? last.seq : 0).toBeGreaterThanOrEqual(195);
    expect(outcome.plan).toHaveLength(5);
  }
});

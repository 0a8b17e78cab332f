/**
 * A system like this converges however many packets are lost, or its tests lower the loss until they pass. Ours don't:
 * `npm run sweep:loss`, which CI runs as well, goes over a hundred seeds.
 */
import { describe, expect, test } from 'vitest';
import { Connections } from '../../sim/core/connections.ts';
import { run } from '../../sim/core/run.ts';
import { seedText } from '../../sim/core/seeds.ts';
import { lineOf, textOf } from '../../sim/explain/lines.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { TELL } from '../../sim/session/words.ts';
import type { Entry } from '../../src/session/history.ts';

const lossy = networkNamed('mobile-loss-30');

describe('at 30 % packet loss', () => {
  test.each(SCENARIOS.map(({ name }) => name))('%s completes whole, and holds every law', (name) => {
    for (let i = 1; i <= 4; i++) {
      const outcome = run(scenarioNamed(name) as SessionScenario, seedText(i), { network: lossy });
      expect(outcome).toMatchObject({ verdict: 'holds', breaches: [] });
      expect(outcome.figures.streamsIntact).toBe(outcome.figures.streamsOwed);
    }
  });

  /** No connection lived long enough for the snapshot that each of them began anew. */
  test.each([
    ['midstream/json', '24'],
    ['midstream/multipart', '3'],
    ['midstream/buffers', '2'],
  ])('%s@%s finishes its snapshot over several connections', (name, seed) => {
    const held: number[] = [];
    const outcome = run(scenarioNamed(name) as SessionScenario, seed, {
      network: lossy,
      witness: (seen) => {
        const entry = seen as Entry;
        if (entry.kind === 'delivered' && entry.node === 'c1' && entry.payload.type === 'RESET')
          held.push(entry.payload.held);
      },
    });
    expect(outcome).toMatchObject({ verdict: 'holds', breaches: [] });
    expect(held.filter((seq) => seq > 0).length).toBeGreaterThan(0);
  });

  test('the timeline says what a client holds of a snapshot, and where that goes on', () => {
    const scenario = scenarioNamed('midstream/multipart') as SessionScenario;
    const holding = /^sends HELLO \(resume \d+, stream 1 behind 0 holding (\d+) of a snapshot\) on (c1#\d+)$/;
    /** The timeline of the first seed at which a connection ends in the middle of a snapshot. */
    const timeline = (seed = 1): readonly string[] => {
      const connections = new Connections();
      const lines: string[] = [];
      run(scenario, seedText(seed), {
        network: lossy,
        witness(entry) {
          if (entry.kind === 'dialled') connections.note(entry);
          lines.push(textOf(lineOf((conn) => connections.nameOf(conn), entry, TELL)));
        },
      });
      return seed === 30 || lines.some((line) => holding.test(line)) ? lines : timeline(seed + 1);
    };
    const lines = timeline();
    const goneOn = lines.flatMap((line) => {
      const [, held, conn] = holding.exec(line) ?? [];
      return lines.includes(`gets RESET stream 1: window_exceeded, behind ${held} held on ${conn}`) ? [held] : [];
    });
    expect(goneOn.length).toBeGreaterThan(0);
    expect(lines.find((line) => line.startsWith('sends HELD'))).toMatch(
      /^sends HELD stream 1 up to \d+, credit to byte \d+ on c1#\d+$/,
    );
  });
});

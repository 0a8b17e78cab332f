/** Pacing: credit follows the path, within its limits, and what is under way on a bad path stays small. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { grant, measure } from '../../src/session/client/pacing.ts';
import { client } from '../../src/session/client/session.ts';
import type { ClientState } from '../../src/session/client/state.ts';
import type { Entry } from '../../src/session/history.ts';
import { type Instant, ms } from '../../src/time.ts';
import { CONFIG } from './client/driver.ts';

const CREDIT = 256 * 1024;
const LEAST = 32 * 1024;
const STRETCH = ms(500);

const paced = (): ClientState => client.init({ ...CONFIG, credit: CREDIT, pacing: { stretch: STRETCH, least: LEAST } });

/** Chunks of so many bytes, so far apart: what is granted after all of them. */
function deliver(state: ClientState, deliveries: readonly { readonly bytes: number; readonly gap: number }[]): number {
  let now = 0;
  for (const { bytes, gap } of deliveries) {
    now += gap;
    measure(state, bytes, now as Instant);
    expect(grant(state)).toBeGreaterThanOrEqual(LEAST);
    expect(grant(state)).toBeLessThanOrEqual(CREDIT);
  }
  return grant(state);
}

describe('a grant', () => {
  test('lies between the least and the credit, whatever is delivered', () => {
    const delivery = fc.record({ bytes: fc.nat(65_536), gap: fc.nat(10_000_000) });
    fc.assert(fc.property(fc.array(delivery, { maxLength: 60 }), (all) => void deliver(paced(), all)));
  });

  test('is twice what a steady path delivers in a stretch', () => {
    fc.assert(
      // 50 KB/s to 200 KB/s, in chunks every 20 ms: between the limits.
      fc.property(fc.integer({ min: 1_000, max: 4_000 }), (bytes) => {
        const granted = deliver(
          paced(),
          Array.from({ length: 200 }, () => ({ bytes, gap: 20_000 })),
        );
        const inStretch = (bytes * STRETCH) / 20_000;
        expect(Math.abs(granted - Math.max(LEAST, 2 * inStretch))).toBeLessThanOrEqual(2 * bytes);
      }),
    );
  });

  test('comes back to the whole credit when the path does', () => {
    const state = paced();
    const slow = Array.from({ length: 100 }, () => ({ bytes: 500, gap: 20_000 }));
    expect(deliver(state, slow)).toBe(LEAST);
    // A path that delivers all that is granted lets it double each stretch.
    let now = 100 * 20_000;
    for (let i = 0; i < 4; i++) {
      now += STRETCH;
      measure(state, grant(state), now as Instant);
    }
    expect(grant(state)).toBe(CREDIT);
  });

  test('is the credit for a client that does not pace', () => {
    const state = client.init({ ...CONFIG, credit: CREDIT });
    measure(state, 10, ms(5000) as number as Instant);
    expect(grant(state)).toBe(CREDIT);
  });
});

describe('on a path that decays', () => {
  const scenario = scenarioNamed('midstream/degradation') as SessionScenario;
  const unpaced: SessionScenario = {
    ...scenario,
    world(setting) {
      const world = scenario.world(setting);
      return { ...world, clients: world.clients.map(({ pacing: _, ...config }) => config) };
    },
  };
  /** Most bytes of DATA on their way to the client from two stretches after the first step until all is over. */
  const underWay = (which: SessionScenario, seed: string): number => {
    let bytes = 0;
    let most = 0;
    let bad = 0;
    let since = 0;
    const outcome = run(which, seed, {
      cell: { network: '3g', size: '100KB-1MB', moment: 'early' },
      witness: (seen) => {
        const entry = seen as Entry;
        if (entry.kind === 'fault' && entry.name === 'ramp') {
          if (bad === 0) since = entry.at;
          bad += entry.begins ? 1 : -1;
        } else if (entry.kind === 'sent' && entry.node === 'lb' && entry.payload.type === 'DATA') {
          bytes += entry.bytes;
          if (bad > 0 && entry.at > since + 4 * STRETCH) most = Math.max(most, bytes);
        } else if (entry.kind === 'delivered' && entry.node === 'c1' && entry.payload.type === 'DATA')
          bytes -= entry.bytes;
        else if (entry.kind === 'closed' && entry.node === 'c1') bytes = 0;
      },
    });
    expect(outcome).toMatchObject({ verdict: 'holds', breaches: [] });
    return most;
  };

  test('a quarter less is under way with pacing than without, over thirty answers of all rates', () => {
    let withPacing = 0;
    let without = 0;
    for (let i = 1; i <= 30; i++) {
      withPacing += underWay(scenario, i.toString(36));
      without += underWay(unpaced, i.toString(36));
    }
    expect(withPacing / without).toBeLessThan(0.75);
  });

  test('no grant of a stream is taken back within an epoch', () => {
    for (let i = 1; i <= 60; i++) {
      const limits = new Map<string, number>();
      run(scenario, i.toString(36), {
        witness: (seen) => {
          const entry = seen as Entry;
          if (entry.kind !== 'sent' || entry.payload.type !== 'ACK') return;
          const { stream, epoch, limit } = entry.payload;
          const key = `${entry.node}/${entry.conn}/${stream}/${epoch}`;
          expect(limit).toBeGreaterThanOrEqual(limits.get(key) ?? 0);
          limits.set(key, limit);
        },
      });
    }
  });
});

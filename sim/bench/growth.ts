/** The suite `growth`: how the cost of an event grows with the number of clients in one universe. */
import { type Instant, ms } from '../../src/time.ts';
import { run } from '../core/run.ts';
import { networkNamed } from '../networks/presets.ts';
import { type SessionScenario, session } from '../session/protocol.ts';
import { contentsOf } from '../session/scenarios/conditions.ts';
import { buildWorld } from '../session/scenarios/topology.ts';
import { conversation } from '../session/scenarios/turns.ts';
import type { Options, Suite } from './report.ts';
import { timeUnits } from './timing.ts';

/** The cost may grow by this factor from ten clients to so many: what it misses a cache more often. */
const GROWTH_MAX: Readonly<Record<number, number>> = { 1000: 1.6, 10000: 3 };

/** Many clients on one balancer and two servers, each asking two short questions, all active at once; no faults. */
export function crowd(clients: number): SessionScenario {
  return {
    protocol: session,
    name: `bench/crowd-${clients}`,
    title: 'many clients at once',
    sometimes: [],
    world: (setting) =>
      buildWorld({
        clients,
        servers: 2,
        network: networkNamed('wifi'),
        contents: contentsOf(setting, ['short']),
        turns: () => conversation(2, () => 0, ms(100)),
        start: (client) => Math.floor((client * 1_000_000) / clients) as Instant,
      }),
    plan: () => [],
  };
}

export async function growth({ quick }: Options): Promise<Suite> {
  const sizes = quick ? [10, 100, 1_000] : [10, 100, 1_000, 10_000];
  const most = Math.max(...sizes);
  // Small crowds are repeated, so that each row handles a comparable number of events.
  const subjects = sizes.map((clients) => ({
    name: 'ns an event',
    work: () => {
      const scenario = crowd(clients);
      let events = 0;
      for (let i = Math.max(1, Math.floor(most / clients / 4)); i > 0; i--) events += run(scenario, String(i)).events;
      return events;
    },
  }));
  const timings = timeUnits(subjects, quick ? 1 : 3);
  return {
    name: 'growth',
    title: 'Growth: ns an event by number of clients',
    rows: sizes.map((clients, i) => ({ size: { clients }, timings: [timings[i] as (typeof timings)[number]] })),
    claims: sizes.flatMap((clients, i) => {
      const most = GROWTH_MAX[clients];
      if (most === undefined) return [];
      const value = (timings[i]?.ns ?? 0) / (timings[0]?.ns ?? 1);
      return [{ claim: `an event costs at most ${most}x from 10 to ${clients} clients`, value, holds: value <= most }];
    }),
  };
}

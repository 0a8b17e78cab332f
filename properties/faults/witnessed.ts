/**
 * A world for looking at one fault: three clients on LTE, two servers, and answers of two hundred chunks that stream from
 * about half a second to nine. Nothing in it is drawn but the network's luck, and nothing goes wrong by itself.
 */
import { expect } from 'vitest';
import { sample } from '../../sim/content/samples.ts';
import { run } from '../../sim/core/run.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { buildWorld } from '../../sim/session/scenarios/topology.ts';
import { conversation } from '../../sim/session/scenarios/turns.ts';
import type { Entry, EntryKind, EntryOf } from '../../src/session/history.ts';
import { type Instant, ms, seconds } from '../../src/time.ts';

const contents = ['text', 'text-b'] as const;

const scenario = (sticky: boolean): SessionScenario => ({
  protocol: session,
  name: 'test/witnessed',
  title: 'a world for looking at one fault',
  sometimes: [],
  world() {
    const world = buildWorld({
      clients: 3,
      servers: 2,
      network: networkNamed('lte'),
      contents: contents.map((name, number) => {
        const content = sample(name);
        return { ...content, chunks: content.chunks.map((chunk) => ({ ...chunk, content: number })) };
      }),
      turns: () => conversation(2, (turn) => turn % 2, ms(200)),
      stayUntil: seconds(6) as number as Instant,
    });
    return { ...world, balancer: { ...world.balancer, sticky } };
  },
  plan: () => [],
});

/** The history of a run of that world under a plan; every law holds in it. */
export function history(plan: FaultPlan, { sticky = false }: { readonly sticky?: boolean } = {}): readonly Entry[] {
  const entries: Entry[] = [];
  const outcome = run(scenario(sticky), '3', { plan, witness: (entry) => entries.push(entry as Entry) });
  expect(outcome).toMatchObject({ verdict: 'holds', breaches: [] });
  return entries;
}

/** The entries of one kind, of one node or of all. */
export const of = <K extends EntryKind>(entries: readonly Entry[], kind: K, node?: string): readonly EntryOf<K>[] =>
  entries.filter((entry) => entry.kind === kind && (node === undefined || entry.node === node)) as EntryOf<K>[];

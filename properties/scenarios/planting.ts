/** Universes with a breach planted in one machine: what it hears, or what it says, is changed, and nothing else. */
import { run } from '../../sim/core/run.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { contentsOf } from '../../sim/session/scenarios/conditions.ts';
import { buildWorld, type Topology } from '../../sim/session/scenarios/topology.ts';
import { conversation } from '../../sim/session/scenarios/turns.ts';
import type { WorkSummary } from '../../src/session/wire/frames.ts';
import { type Instant, ms, seconds } from '../../src/time.ts';

export const at = (n: number): Instant => seconds(n) as number as Instant;

/** Clients that ask for one long answer each. */
export const answers = (clients: number, plan: FaultPlan, more: Partial<Topology> = {}): SessionScenario => ({
  protocol: session,
  name: 'test/planted',
  title: 'one long answer a client',
  sometimes: [],
  world: (setting) =>
    buildWorld({
      clients,
      servers: 2,
      network: networkNamed('wifi'),
      contents: contentsOf(setting, ['text']),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(100) },
      allowedErrors: ['unauthorized'],
      ...more,
    }),
  plan: () => plan,
});

export const lawsBroken = (scenario: SessionScenario): string[] => run(scenario, '1').breaches.map(({ law }) => law);

/** Runs with a machine whose effects are changed on their way out. */
export function saying<M extends { step(...given: never[]): readonly object[] }>(
  machine: M,
  change: (effect: Said, now: Instant) => readonly Said[],
  scenario: SessionScenario,
): string[] {
  const { step } = machine;
  const open = machine as unknown as { step: (...given: unknown[]) => readonly object[] };
  open.step = (state, event, context) =>
    step(state as never, event as never, context as never).flatMap((effect) =>
      change(effect as Said, (context as { now: Instant }).now),
    );
  try {
    return lawsBroken(scenario);
  } finally {
    open.step = step as never;
  }
}

export interface Said {
  readonly type: string;
  readonly error?: string;
  readonly message?: { readonly type: string; readonly work?: WorkSummary };
}

/** Runs with a machine that hears something else than happened; null: it hears nothing. */
export function deaf<M extends { step(...given: never[]): readonly object[] }, E>(
  machine: M,
  change: (event: E, now: Instant) => E | null,
  scenario: SessionScenario,
): string[] {
  const { step } = machine;
  const open = machine as unknown as { step: (...given: unknown[]) => readonly object[] };
  open.step = (state, event, context) => {
    const heard = change(event as E, (context as { now: Instant }).now);
    return heard === null ? [] : step(state as never, heard as never, context as never);
  };
  try {
    return lawsBroken(scenario);
  } finally {
    open.step = step as never;
  }
}

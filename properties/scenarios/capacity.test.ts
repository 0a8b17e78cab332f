/** Capacity in whole worlds: it changes runs, it is kept, refusals say when to come back, and clients keep to that. */
import { describe, expect, test } from 'vitest';
import { BUDGETS } from '../../sim/core/budgets.ts';
import type { Outcome } from '../../sim/core/outcome.ts';
import { run } from '../../sim/core/run.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import type { Figures } from '../../sim/session/figures/measured.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { admittedWithin, rushOf } from '../../sim/session/scenarios/admission.ts';
import { contentsOf } from '../../sim/session/scenarios/conditions.ts';
import { buildWorld, type Topology } from '../../sim/session/scenarios/topology.ts';
import { underPolicy } from '../../sim/session/scenarios/under-policy.ts';
import type { SessionWorld } from '../../sim/session/world.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { CLOSE } from '../../src/close-codes.ts';
import type { Entry } from '../../src/session/history.ts';
import type { IntakeConfig } from '../../src/session/server/intake-config.ts';
import { type Instant, ms, seconds, us } from '../../src/time.ts';

const at = (n: number): Instant => seconds(n) as number as Instant;

/** Clients lose their connections together, 20 s after the first came. */
const herd = (clients: number, topology: Partial<Topology>, plan?: FaultPlan): SessionScenario => ({
  protocol: session,
  name: 'test/capacity',
  title: 'everybody is cut off at once',
  sometimes: [],
  world: (setting) =>
    buildWorld({
      clients,
      servers: 1,
      network: networkNamed('cable'),
      contents: contentsOf(setting, ['remark']),
      turns: () => [{ key: 'k', ask: -1, bytes: 60, wait: seconds(21), parallel: true }],
      start: (client) => us(client * 100_000) as number as Instant,
      ...topology,
    }),
  plan: (_, world) =>
    plan ?? world.links.slice(0, clients).map(({ node: target }) => ({ kind: 'reset', target, at: at(20) })),
});

/** A run, and all of its history. */
function seen(scenario: SessionScenario, seed = '1'): { outcome: Outcome<Figures>; entries: readonly Entry[] } {
  const entries: Entry[] = [];
  return { outcome: run(scenario, seed, { witness: (entry) => entries.push(entry as Entry) }), entries };
}

/** The same scenario in a world that is not quite what it says. */
const planted = (scenario: SessionScenario, change: (world: SessionWorld) => SessionWorld): SessionScenario => ({
  ...scenario,
  world: (setting) => change(scenario.world(setting)),
});

const lawsBroken = (scenario: SessionScenario): readonly string[] => run(scenario, '1').breaches.map(({ law }) => law);

test('capacity changes a run when it is reached, and nothing when it is not', () => {
  const digest = (capacity?: number): string => run(herd(12, capacity === undefined ? {} : { capacity }), '1').digest;
  expect(digest(1)).not.toBe(digest(1000));
  expect(digest(1000)).toBe(digest());
});

describe.each(['http', 'close'] as const)('servers that refuse by %s', (refuseWith) => {
  const scenario = (intake: Partial<IntakeConfig> = {}): SessionScenario =>
    herd(40, { capacity: 10, intake: { acceptQueue: 2, refuseWith, ...intake }, server: { retryAfter: seconds(2) } });

  test('admit as many as they can and no more, and everybody gets in', () => {
    const { outcome, entries } = seen(scenario());
    expect(outcome.verdict).toBe('holds');
    expect(outcome.figures).toMatchObject({ admitted: 80, recovered: 40 });
    expect(outcome.figures.refusals).toBeGreaterThan(20);
    const welcomed = new Set(
      entries.flatMap((each) =>
        each.kind === 'sent' && each.node === 's1' && each.payload.type === 'WELCOME' ? [each.conn] : [],
      ),
    );
    const times = entries.flatMap((each) =>
      each.kind === 'accepted' && welcomed.has(each.conn) ? [each.at as number] : [],
    );
    for (const [i, from] of times.entries())
      for (const [j, to] of times.entries())
        if (j > i) expect(j - i + 1).toBeLessThanOrEqual(((to - from + 1) * 10) / 1e6 + 1);
  });

  test('that admit more than they say are found out', () => {
    const faster = planted(scenario({ acceptQueue: 20 }), (world) => ({
      ...world,
      servers: world.servers.map((server) => ({
        ...server,
        intake: { ...(server.intake as IntakeConfig), admitRate: 12 },
      })),
    }));
    expect(lawsBroken(scenario({ acceptQueue: 20 }))).toEqual([]);
    expect(lawsBroken(faster)).toEqual(['admission']);
  });

  test('tell a client when to come back, and it waits for at least that', () => {
    const { entries } = seen(scenario());
    const refused = entries.filter(
      (each) =>
        each.kind === 'closed' &&
        each.node.startsWith('c') &&
        (each.status === 503 || each.code === CLOSE.tryAgainLater),
    );
    expect(refused.length).toBeGreaterThan(20);
    for (const { node, at: since } of refused) {
      const next = entries.find((each) => each.kind === 'dialled' && each.node === node && each.at > since);
      expect((next?.at ?? 0) - since).toBeGreaterThanOrEqual(seconds(2));
    }
  });

  test('and clients that do not care are found out by the law of backoff', () => {
    // Longer than they wait of themselves for want of room.
    const patient = herd(40, {
      ...{ capacity: 10, intake: { acceptQueue: 2, refuseWith } },
      server: { retryAfter: seconds(10) },
    });
    expect(lawsBroken(patient)).toEqual([]);
    const careless = planted(patient, (world) => ({
      ...world,
      clients: world.clients.map((client) => ({ ...client, policy: { ...client.policy, retryAfter: 'ignore' } })),
    }));
    expect(lawsBroken(careless)).toContain('backoff');
  });
});

test('a client that gives up while it waits is not served: its slot goes to the next one', () => {
  const impatient = herd(
    10,
    { capacity: 1, client: { connectTimeout: ms(2_500) }, turns: () => [], stayUntil: at(5) },
    [],
  );
  const { entries } = seen(impatient);
  const gaveUp = new Map<number, number>();
  for (const each of entries) if (each.kind === 'hungUp' && each.node === 'lb') gaveUp.set(each.conn, each.at);
  expect(gaveUp.size).toBeGreaterThan(5);
  const accepted = entries.flatMap((each) => (each.kind === 'accepted' && each.node === 's1' ? [each] : []));
  for (const { conn, at: when } of accepted) expect(gaveUp.get(conn) ?? when).toBeGreaterThanOrEqual(when);
  const [first, ...slots] = accepted.map(({ at: when }) => when as number).filter((when) => when < at(5));
  expect(slots.length).toBeGreaterThan(2);
  for (const [i, slot] of slots.entries()) expect(slot - (first as number)).toBe((i + 1) * 1_000_000);
});

test('a balancer asks the next server after a full one, and passes on the soonest that any of them named', () => {
  const { outcome, entries } = seen(
    herd(30, { servers: 2, capacity: 5, intake: { acceptQueue: 0 }, server: { retryAfter: seconds(3) } }),
  );
  expect(outcome.verdict).toBe('holds');
  const asked = entries.filter((each) => each.kind === 'asked' && each.node.startsWith('s')).length;
  expect(asked).toBe(outcome.figures.arrivals);
  expect(asked).toBeGreaterThan(outcome.figures.dials);
  const heard = entries.flatMap((each) =>
    each.kind === 'closed' && each.node.startsWith('c') && each.status === 503 ? [each.retryAfter] : [],
  );
  expect(new Set(heard)).toEqual(new Set([3_000_000]));
});

describe('convergence', () => {
  const full = (refusalCost: number, policy = PRESETS.constant.policy): SessionWorld =>
    herd(200, { capacity: 20, policy, intake: { acceptQueue: 1, refusalCost: us(refusalCost) } }).world({
      dice: { pick: (_: string, items: readonly unknown[]) => items[0] } as never,
      input: null,
      network: null,
      policy: null,
      cell: {},
      faults: SESSION_FAULTS,
    });

  test('is derived with admission: N rounds for a queue of one, fewer for a longer one', () => {
    const rush = rushOf(full(0));
    const { intake } = rush.server;
    const deeper = (acceptQueue: number): number =>
      admittedWithin({
        ...rush,
        server: { ...rush.server, intake: { ...(intake as IntakeConfig), acceptQueue } },
      }) as number;
    expect(admittedWithin(rush)).toBe(200 * (25_000_000 + PRESETS.constant.policy.cap + 3_000_000) + 100_000);
    expect(deeper(10)).toBeLessThan(deeper(1) / 9);
    // Nobody waits longer than a connect time-out: what is behind that is of no use.
    const { patience } = rush;
    expect(deeper(100_000) - deeper(50_000)).toBe(2_500_000_000);
    expect(patience).toBeLessThan(seconds(5));
  });

  test('is denied, with the reason, where refusals may take all of the time', () => {
    // 200 clients that dial once in 1 s, wait 2 s more and 1 s more than that: 15 ms each would be all of a server's time.
    expect(full(5_000).facts.diverges).toBeUndefined();
    const { facts, conditions } = full(20_000);
    expect(facts.diverges).toMatch(/^200 clients dial so often that 20 ms for each refusal is all of a server's time$/);
    expect(conditions).toContain('does not converge');
    expect(underPolicy(full(20_000), PRESETS.default.policy).facts.diverges).toBeUndefined();
  });

  test('where it is denied, no client is accused of what it is still owed', () => {
    const hopeless = herd(60, {
      capacity: 20,
      policy: PRESETS.constant.policy,
      intake: { acceptQueue: 1, refusalCost: ms(200) },
    });
    const outcome = run(hopeless, '1', { budgets: { ...BUDGETS, events: 20_000 } });
    expect(outcome).toMatchObject({ verdict: 'budget', breaches: [] });
    expect(outcome.exceeded).toContain('20000 events');
  });
});

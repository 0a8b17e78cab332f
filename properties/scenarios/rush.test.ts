/**
 * How long a rush takes, against formulas that share nothing with the simulator.
 *
 * N clients lose their connections at one instant, and their policy has each wait a uniform time in [0, B] (full jitter)
 * before it dials. One server admits C a second; h is the way from a dial to the server, the same for all.
 *
 * **Everybody may wait.** Let a(1) <= … <= a(N) be the waits in order, and slots be 1/C apart. The server is idle only
 * while nobody waits, so the last is admitted at
 *
 *     L = h + max over k of  a(k) + (N - k) / C
 *
 * (from the k-th arrival on, N - k + 1 are still to be admitted, and at the k that gives the maximum nobody waited). Hence
 *
 *     h + (N - 1)/C + a(1)  <=  L  <=  h + (N - 1)/C + a(N),    and    L >= h + a(N)
 *
 * whatever the waits: **the last is in after N/C plus the tail of one wait**. Which part of the wait that is follows from
 * the load N/(B C). Above one, slots fall behind arrivals and only the beginning counts: L - h - (N - 1)/C is the largest
 * of a(k) - (k - 1)/C. That it exceeds x means that fewer than k of N uniform waits lie below x + (k - 1)/C for some k;
 * their mean there is at least N x / B + (k - 1) N/(B C). For a load of 2 and x = 16 B/N the chance is below
 * `sum over k of P(Poisson(16 + 2 (k - 1)) < k)` < 1e-5. Below one, the queue is short when the last arrives, and
 * L - h lies between a(N) and that plus the work in a queue at load 1/2, whose tail falls by 3.5 for each slot (M/D/1):
 * twenty slots are met less than once in 1e10.
 *
 * **Nobody may wait, and refusals cost nothing.** Each client dials once in m = B/2 on average, and always again within B.
 * As long as more than C m are out, more dial than can be admitted and no slot is lost: N/C - m. Then everybody finds
 * room at the next dial, the last of them within B. With a short queue, that rides over gaps between dials:
 *
 *     h + (N - 1)/C  <=  L  <=  h + N/C - m + B + what is lost of the slots near the turn.
 *
 * Near the turn dials and slots balance, and the short queue runs dry now and then. The bound allows for m of lost slots,
 * so it is h + N/C + B.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { contentsOf } from '../../sim/session/scenarios/conditions.ts';
import { buildWorld } from '../../sim/session/scenarios/topology.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { type Duration, type Instant, seconds, ZERO } from '../../src/time.ts';

interface Rush {
  readonly clients: number;
  readonly rate: number;
  /** Every wait is uniform from 0 to this. */
  readonly wait: Duration;
  readonly acceptQueue: number;
}

/** The rush begins here: by then everybody is connected, at half of the rate. */
const begins = ({ clients, rate }: Rush): number => seconds((2 * clients) / rate + 1);

const scenario = (rush: Rush): SessionScenario => ({
  protocol: session,
  name: 'test/rush',
  title: 'everybody comes back at once',
  sometimes: [],
  world: (setting) =>
    buildWorld({
      clients: rush.clients,
      servers: 1,
      network: networkNamed('cable'),
      contents: contentsOf(setting, ['remark']),
      turns: () => [],
      // Applications leave when the rush is over for sure: a client that left would not come back.
      stayUntil: (begins(rush) + seconds(rush.clients / rush.rate) + 3 * rush.wait) as Instant,
      start: (client) => seconds((2 * client) / rush.rate) as number as Instant,
      policy: { ...PRESETS['full-jitter'].policy, delay: { kind: 'constant', base: rush.wait }, cap: rush.wait },
      capacity: rush.rate,
      intake: { acceptQueue: rush.acceptQueue },
      // Whoever waits does so until the end.
      client: { connectTimeout: seconds(10_000) },
      balancer: { connectTimeout: seconds(10_000) },
      server: { retryAfter: ZERO },
      // A token that may be over before a dial is open is asked for anew: theirs outlive any dial.
      auth: { tokenTtl: seconds(100_000) },
    }),
  plan: (_, world) =>
    world.clients.map(({ node }) => ({ kind: 'reset', target: `${node}-lb`, at: begins(rush) as Instant })),
});

interface Seen {
  /** When the last was admitted after the rush began, when the first dialled, and the last dialled for the first time. */
  readonly last: number;
  readonly firstWait: number;
  readonly lastWait: number;
  /** From a dial to the server. */
  readonly way: number;
  readonly admitted: number;
  readonly refused: number;
}

function rushed(rush: Rush, seed: string): Seen {
  const from = begins(rush);
  const waits = new Map<string, number>();
  let [last, admitted, refused, way] = [0, 0, 0, -1];
  const outcome = run(scenario(rush), seed, {
    laws: [],
    witness: (entry) => {
      const after = entry.at - from;
      if (after < 0) return;
      if (entry.kind === 'dialled' && entry.node.startsWith('c') && !waits.has(entry.node))
        waits.set(entry.node, after);
      if (entry.node !== 's1') return;
      if (entry.kind === 'asked' && way < 0) way = after - Math.min(...waits.values());
      else if (entry.kind === 'refused') refused++;
      else if (entry.kind === 'accepted') {
        last = after;
        admitted++;
      }
    },
  });
  expect(outcome.verdict).toBe('holds');
  return {
    last,
    firstWait: Math.min(...waits.values()),
    lastWait: Math.max(...waits.values()),
    way,
    admitted,
    refused,
  };
}

const SEEDS = ['1', 'b7', 'zz9'] as const;
const slot = ({ rate }: Rush): number => 1_000_000 / rate;

/** Everybody may wait: the bounds that hold whatever the waits, and which part of the wait it is at that load. */
function queuedRush(clients: number, rate: number, wait: number, seed: string): void {
  const rush: Rush = { clients, rate, wait: seconds(wait), acceptQueue: clients };
  const { last, firstWait, lastWait, way, admitted, refused } = rushed(rush, seed);
  expect({ admitted, refused }).toEqual({ admitted: clients, refused: 0 });
  const work = (clients - 1) * slot(rush);
  // A slot is cut off to a microsecond.
  expect(last).toBeGreaterThanOrEqual(Math.max(way + work + firstWait - 1, way + lastWait));
  expect(last).toBeLessThanOrEqual(way + work + lastWait);
  // A client hears of its loss within the time that the path takes.
  expect(lastWait).toBeLessThanOrEqual(rush.wait + WAY);
  const load = clients / (rate * wait);
  if (load >= 2) expect(last - way - work).toBeLessThanOrEqual((16 * rush.wait) / clients + WAY);
  else if (load <= 0.5) expect(last - way - lastWait).toBeLessThanOrEqual(20 * slot(rush));
}

/** Nobody may wait for long. */
function refusedRush(clients: number, rate: number, wait: number, seed: string): void {
  const rush: Rush = { clients, rate, wait: seconds(wait), acceptQueue: Math.ceil(rate / 5) };
  const { last, way, admitted, refused } = rushed(rush, seed);
  expect(admitted).toBe(clients);
  expect(refused).toBeGreaterThan(clients / 2);
  const work = (clients - 1) * slot(rush);
  expect(last).toBeGreaterThanOrEqual(way + work);
  expect(last).toBeLessThanOrEqual(way + work + rush.wait);
}

/** Longer than any message is on the path of these worlds. */
const WAY = 100_000;

/** Load N/(B C): 12, 4, 2.4, 2, 0.5, 0.2. */
const QUEUED: readonly (readonly [clients: number, rate: number, wait: number])[] = [
  [60, 5, 1],
  [160, 20, 2],
  [37, 3, 5],
  [240, 60, 2],
  [150, 100, 3],
  [23, 7, 16],
];
test.each(QUEUED)(
  '%d clients, %d a second, waits up to %d s, a long queue: in after N/C plus the tail of one wait',
  (...rush) => {
    for (const seed of SEEDS) queuedRush(...rush, seed);
  },
);

/** All have more clients than are admitted in half of a wait, many times. */
const REFUSED: readonly (readonly [clients: number, rate: number, wait: number])[] = [
  [150, 10, 4],
  [90, 6, 5],
  [200, 25, 3],
  [64, 8, 2],
];
test.each(REFUSED)(
  '%d clients, %d a second, waits up to %d s, free refusals: in after N/C plus the tail of one wait',
  (...rush) => {
    for (const seed of SEEDS) refusedRush(...rush, seed);
  },
);

test('any number of clients, at any rate, with any wait: in after N/C plus the tail of one wait', () => {
  const drawn = fc.tuple(
    fc.integer({ min: 2, max: 80 }),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 12 }),
  );
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1 }), ([clients, rate, wait], seed) =>
      queuedRush(clients, rate, wait, String(seed)),
    ),
    { numRuns: 12 },
  );
});

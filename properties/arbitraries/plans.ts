/** Fault plans as fast-check arbitraries: any list of faults on the targets of a world, which shrinks to few and short ones. */
import fc from 'fast-check';
import type { Fault, FaultPlan } from '../../sim/faults/plan.ts';
import { OUTAGES, type OutageName } from '../../sim/networks/outages.ts';
import { type Duration, type Instant, us } from '../../src/time.ts';
import { authFaults, serverFaults, storeFaults } from './services.ts';

export interface Targets {
  readonly links: readonly string[];
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  /** Faults begin before this (microseconds) and last at most that long. */
  readonly until: number;
  readonly lastsMax: number;
}

const instant = (until: number): fc.Arbitrary<Instant> => fc.integer({ min: 0, max: until }).map((at) => at as Instant);
const duration = (max: number): fc.Arbitrary<Duration> => fc.integer({ min: 0, max }).map((lasts) => lasts as Duration);

/** Plans of up to `length` faults of every kind. */
export function plans(targets: Targets, length = 8): fc.Arbitrary<FaultPlan> {
  return fc.array(fault(targets), { maxLength: length }).map((list) => [...list].sort((a, b) => a.at - b.at));
}

function fault(targets: Targets): fc.Arbitrary<Fault> {
  return fc.oneof(
    { weight: 3, arbitrary: pathOrHost(targets) },
    { weight: 2, arbitrary: device(targets) },
    { weight: 1, arbitrary: balancer(targets) },
  );
}

function pathOrHost({ links, clients, servers, until, lastsMax }: Targets): fc.Arbitrary<Fault> {
  const at = instant(until);
  const lasts = duration(lastsMax);
  const link = fc.constantFrom(...links);
  const server = fc.constantFrom(...servers);
  const of = <K extends Fault['kind']>(kind: K) => fc.constant(kind);
  return fc.oneof(
    fc.record({ kind: of('cut'), target: link, at, lasts, direction: fc.constantFrom('both', 'up', 'down') }),
    fc.record({ kind: of('reset'), target: link, at }),
    fc.record({ kind: of('rebind'), target: link, at }),
    fc.record({
      kind: of('degrade'),
      target: link,
      at,
      lasts,
      delay: duration(400_000),
      loss: fc.integer({ min: 0, max: 200 }),
      slower: fc.integer({ min: 1, max: 8 }),
    }),
    fc.record({
      kind: of('ramp'),
      target: link,
      at,
      lasts,
      stages: fc.integer({ min: 1, max: 6 }),
      delay: duration(600_000),
      loss: fc.integer({ min: 0, max: 200 }),
      slower: fc.integer({ min: 1, max: 16 }),
    }),
    fc.record({ kind: of('stall'), target: link, at, lasts, direction: fc.constantFrom('both', 'up', 'down') }),
    fc.record({ kind: of('handshakeDelay'), target: link, at, lasts, by: duration(8_000_000) }),
    fc.record({
      kind: of('flap'),
      target: link,
      at,
      times: fc.integer({ min: 1, max: 6 }),
      off: duration(lastsMax / 6),
      on: duration(2_000_000),
    }),
    swizzle(links, { at, lasts }),
    fc.record({
      kind: of('measuredOutage'),
      target: link,
      at,
      trace: fc.constantFrom(...(Object.keys(OUTAGES) as OutageName[])),
      first: fc.nat(40),
      count: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({ kind: of('halfOpen'), target: link, at, end: fc.constantFrom('near', 'far') }),
    fc.record({ kind: of('cleanClose'), target: link, at }),
    fc.record({ kind: of('closeCode'), target: link, at, code: fc.constantFrom(1001, 1011, 1012, 1013) }),
    fc.record({ kind: of('offline'), target: fc.constantFrom(...clients), at, lasts }),
    fc.record({ kind: of('crash'), target: server, at, lasts, how: fc.constantFrom('process', 'host') }),
    fc.record({ kind: of('drain'), target: server, at, deadline: duration(8_000_000), lasts }),
    fc.record({ kind: of('balancerCrash'), target: fc.constant('lb'), at, lasts }),
    ...serverFaults(servers, { at, lasts }),
    ...storeFaults(servers, { at, lasts }),
    ...authFaults(clients, { at, lasts }),
  ) as fc.Arbitrary<Fault>;
}

/** What happens to a client's page, its device and its application. */
function device({ clients, until, lastsMax }: Targets): fc.Arbitrary<Fault> {
  const common = { target: fc.constantFrom(...clients), at: instant(until), lasts: duration(lastsMax) };
  const of = <K extends Fault['kind']>(kind: K) => fc.constant(kind);
  return fc.oneof(
    fc.record({ ...common, kind: of('suspend') }),
    fc.record({ ...common, kind: of('sleep') }),
    fc.record({ ...common, kind: of('throttle'), intensiveAfter: duration(lastsMax) }),
    fc.record({
      ...common,
      kind: of('addressChange'),
      network: fc.constantFrom('lte', '3g', 'cable', 'mobile-loss-10'),
      told: fc.boolean(),
    }),
    fc.record({ ...common, kind: of('slowConsumer'), pace: fc.integer({ min: 5_000, max: 1_000_000 }).map(us) }),
    fc.record({
      ...common,
      kind: of('closeDuringConnect'),
      dials: fc.integer({ min: 1, max: 5 }),
      after: duration(1_000_000),
    }),
    fc.record({ ...common, kind: of('reload'), stored: fc.boolean() }),
    fc.record({ ...common, kind: of('secondTab') }),
  ) as fc.Arbitrary<Fault>;
}

/** What happens to the balancer, and behind its back. */
function balancer({ servers, until, lastsMax }: Targets): fc.Arbitrary<Fault> {
  const backend = fc.constantFrom(...servers);
  const times = { at: instant(until), lasts: duration(lastsMax) };
  const common = { ...times, target: fc.constant('lb') };
  const of = <K extends Fault['kind']>(kind: K) => fc.constant(kind);
  return fc.oneof(
    fc.record({ kind: of('balancerReload'), target: fc.constant('lb'), at: times.at, grace: duration(lastsMax) }),
    fc.record({
      ...common,
      kind: of('balancerIdle'),
      timeout: fc.integer({ min: 100_000, max: 10_000_000 }).map(us),
    }),
    fc.record({ ...common, kind: of('wrongHealth'), backend, says: fc.constantFrom('healthy', 'unhealthy') }),
    fc.record({ ...common, kind: of('balancerDrain'), backend, deadline: duration(8_000_000) }),
    fc.record({ ...common, kind: of('stickinessLost') }),
    fc.record({ ...times, kind: of('serverPause'), target: backend }),
    fc.record({ ...times, kind: of('blackHole'), target: backend }),
  ) as fc.Arbitrary<Fault>;
}

/** Any of the links in any order, and any order of healing. */
function swizzle(
  links: readonly string[],
  { at, lasts }: { at: fc.Arbitrary<Instant>; lasts: fc.Arbitrary<Duration> },
): fc.Arbitrary<Fault> {
  return fc.shuffledSubarray([...links], { minLength: 1 }).chain((cuts) => {
    const places = cuts.map((_, i) => i);
    return fc.record({
      kind: fc.constant('swizzle' as const),
      target: fc.constant(cuts[0] as string),
      links: fc.constant(cuts),
      heals: fc.shuffledSubarray(places, { minLength: places.length }),
      at,
      lasts,
      stagger: duration(500_000),
    });
  });
}

/** Fault plans as fast-check arbitraries: any list of faults on the targets of a world, which shrinks to few and short ones. */
import fc from 'fast-check';
import type { Fault, FaultPlan } from '../../sim/faults/plan.ts';
import type { Duration, Instant } from '../../src/time.ts';
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

function fault({ links, clients, servers, until, lastsMax }: Targets): fc.Arbitrary<Fault> {
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
    fc.record({ kind: of('offline'), target: fc.constantFrom(...clients), at, lasts }),
    fc.record({ kind: of('crash'), target: server, at, lasts, how: fc.constantFrom('process', 'host') }),
    fc.record({ kind: of('drain'), target: server, at, deadline: duration(8_000_000), lasts }),
    fc.record({ kind: of('balancerCrash'), target: fc.constant('lb'), at, lasts }),
    ...serverFaults(servers, { at, lasts }),
    ...storeFaults(servers, { at, lasts }),
    ...authFaults(clients, { at, lasts }),
  ) as fc.Arbitrary<Fault>;
}

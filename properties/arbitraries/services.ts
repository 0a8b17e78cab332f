/** Faults of servers, store and token service as fast-check arbitraries. */
import fc from 'fast-check';
import type { Fault } from '../../sim/faults/plan.ts';
import type { Duration, Instant } from '../../src/time.ts';

export interface Timing {
  readonly at: fc.Arbitrary<Instant>;
  readonly lasts: fc.Arbitrary<Duration>;
}

const duration = (min: number, max: number): fc.Arbitrary<Duration> =>
  fc.integer({ min, max }).map((lasts) => lasts as Duration);
/** Up to two hours either way. */
const ahead = fc.integer({ min: -7_200_000_000, max: 7_200_000_000 });
const thousandths = fc.integer({ min: 0, max: 1000 });
const of = <K extends Fault['kind']>(kind: K): fc.Arbitrary<K> => fc.constant(kind);

export function serverFaults(servers: readonly string[], { at, lasts }: Timing): fc.Arbitrary<unknown>[] {
  const when = { target: fc.constantFrom(...servers), at, lasts };
  return [
    fc.record({ kind: of('restart'), ...when, lasts: duration(0, 500_000) }),
    fc.record({
      kind: of('overload'),
      ...when,
      refuses: fc.constantFrom('hello', 'handshake'),
      sheds: fc.boolean(),
    }),
    fc.record({ kind: of('slowStart'), ...when, by: duration(0, 3_000_000) }),
    fc
      .record({ kind: of('versionChange'), ...when, min: fc.integer({ min: 1, max: 3 }), more: fc.nat(2) })
      .map(({ more, ...fault }) => ({ ...fault, max: fault.min + more })),
    fc.record({
      kind: of('originPolicy'),
      ...when,
      allowed: fc.subarray(['', 'https://app.example', 'https://elsewhere.example']),
    }),
    fc.record({ kind: of('clockJump'), ...when, ahead }),
    fc.record({ kind: of('agentStall'), ...when }),
  ];
}

export function storeFaults(servers: readonly string[], { at, lasts }: Timing): fc.Arbitrary<unknown>[] {
  const when = { target: fc.constant('store'), at, lasts };
  return [
    fc.record({ kind: of('storeCrash'), ...when, keep: thousandths }),
    fc.record({ kind: of('storeSlow'), ...when, by: duration(0, 3_000_000) }),
    fc.record({ kind: of('storeUnavailable'), ...when }),
    fc.record({ kind: of('storePartition'), ...when, server: fc.constantFrom(...servers) }),
    fc.record({ kind: of('storeStale'), ...when }),
    fc.record({ kind: of('storeFailedWrite'), ...when, share: thousandths }),
  ];
}

export function authFaults(clients: readonly string[], { at, lasts }: Timing): fc.Arbitrary<unknown>[] {
  const when = { target: fc.constant('auth'), at, lasts };
  return [
    fc.record({ kind: of('authDown'), ...when }),
    fc.record({ kind: of('tokenExpiry'), ...when, ttl: duration(1, 10_000_000) }),
    fc.record({ kind: of('tokenRevoked'), target: when.target, at, client: fc.constantFrom(...clients) }),
    fc.record({ kind: of('clockSkew'), ...when, ahead }),
  ];
}

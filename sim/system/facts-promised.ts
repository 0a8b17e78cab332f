/** Promises as laws know them. */
import type { Facts } from '../../src/facts.ts';
import type { Promised } from './promises.ts';

/** What the world of a system says to those who judge it; `clients` are the names of its clients. */
export function factsOf({ policy, backWithin, errors }: Promised, clients: readonly string[]): Facts {
  return {
    clients: clients.map((node) => (policy === null ? { node } : { node, policy })),
    ...(backWithin === null ? {} : { convergeWithin: backWithin }),
    ...(errors === null ? {} : { allowedErrors: errors }),
  };
}

/** What laws may know of a world that makes none of the promises of our session protocol. */
import type { Policy } from '../src/backoff/policy.ts';
import type { Facts } from '../src/history.ts';
import type { NodeId } from '../src/machine.ts';
import { type Duration, seconds, ZERO } from '../src/time.ts';

/**
 * The facts of a world whose clients follow these policies: budgets follow from them. `convergeWithin` is how long after the
 * last fault everything must be well again, for laws of your own that judge by it; a minute by default. Nothing is said of
 * sessions, contents, credit or admission, so no law of hangup's session protocol may judge such a world.
 */
export const factsOf = (
  clients: readonly { readonly node: NodeId; readonly policy: Policy }[],
  { convergeWithin = seconds(60) }: { readonly convergeWithin?: Duration } = {},
): Facts => ({
  clients: clients.map(({ node, policy }) => ({
    ...{ node, policy, deadAfter: ZERO, connectTimeout: ZERO, helloTimeout: ZERO, tokenTimeout: ZERO },
    ...{ credit: 0, outboxBytes: 0, outboxCount: 0 },
  })),
  contents: [],
  documents: [],
  allowedErrors: [],
  convergeWithin,
  windowBytes: 0,
  connBufferBytes: 0,
  tokenLeeway: ZERO,
  admits: [],
  herd: { window: ZERO, most: 0, capacity: 0 },
  stall: { after: ZERO, within: ZERO },
  absence: { sessionTtl: ZERO, backWithin: ZERO },
});

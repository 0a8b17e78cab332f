/**
 * The ledger of claims: what became of each claim of a server, for as long as it may be asked again.
 *
 * A claim that is repeated must find what the first one did, however much has happened since. Its session may have ended
 * and its client gone for good (the server stood still with the answer in its queue, and asks before it reads); judged
 * anew, it would open a session that nobody waits for and nobody ends. So each has one outcome, noted in the write that
 * made it. Requests need not come in order: a claim may come behind its own withdrawal, or behind the end of the process
 * that asked.
 *
 * The server says which claims it will ask no more: with each one it names the number below which all are answered or
 * given up (`settled`), and a new process begins behind everything that an earlier one numbered. So a ledger is as long
 * as its server has claims under way, and it forgets none too early, however long a request was held up.
 */
import type { NodeId } from '../../machine.ts';
import type { StoreState } from './state.ts';

/** `granted`: took a session; `fenced`, `denied`: was refused; `withdrawn`: its connection had ended. */
export type Outcome = 'granted' | 'fenced' | 'denied' | 'withdrawn';

export interface Ledger {
  /** Nobody waits for a claim with a lower number. */
  settled: number;
  /** What became of the others, by ascending number; those that are settled since lie in front until they are many. */
  claims: { readonly op: number; outcome: Outcome }[];
}

/** Settled claims are dropped in one go when there are so many of them, and they are half of the list. */
const SETTLED_MAX = 64;

/** Claims of this server below `op` are asked no more: answered, given up, or those of a process that is gone. */
export function settle(state: StoreState, server: NodeId, op: number): void {
  const ledger = ledgerOf(state, server);
  if (op > ledger.settled) ledger.settled = op;
  const { settled, claims } = ledger;
  const half = claims[Math.max(SETTLED_MAX, claims.length >> 1)];
  if (half !== undefined && half.op < settled) claims.splice(0, placeOf(claims, settled));
}

/** Whether nobody waits for this claim any more. */
export const isSettled = (state: StoreState, server: NodeId, op: number): boolean =>
  op < (state.ledgers[`@${server}`]?.settled ?? 0);

/** What became of a claim; undefined when it has not been seen. */
export function outcomeOf(state: StoreState, server: NodeId, op: number): Outcome | undefined {
  const claims = state.ledgers[`@${server}`]?.claims ?? [];
  const entry = claims[placeOf(claims, op)];
  return entry?.op === op ? entry.outcome : undefined;
}

/** Notes what became of a claim. */
export function note(state: StoreState, server: NodeId, op: number, outcome: Outcome): void {
  const { claims } = ledgerOf(state, server);
  const place = placeOf(claims, op);
  const entry = claims[place];
  if (entry === undefined) claims.push({ op, outcome });
  else if (entry.op === op) entry.outcome = outcome;
  else claims.splice(place, 0, { op, outcome });
}

function ledgerOf(state: StoreState, server: NodeId): Ledger {
  const key = `@${server}`;
  state.ledgers[key] ??= { settled: 0, claims: [] };
  return state.ledgers[key];
}

/** Where a claim is, or belongs. Nearly always behind all others, so the search begins there. */
function placeOf(claims: readonly Ledger['claims'][number][], op: number): number {
  let place = claims.length;
  while (place > 0 && (claims[place - 1] as Ledger['claims'][number]).op >= op) place--;
  return place;
}

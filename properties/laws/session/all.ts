/** The laws, in the order in which the design numbers them. */
import { exactlyOnce } from '../neutral/exactly-once.ts';
import { noHerd } from '../neutral/no-herd.ts';
import { noLeak } from '../neutral/no-leak.ts';
import { admission } from './admission.ts';
import { atomicParts } from './atomic-parts.ts';
import { backoff } from './backoff.ts';
import { boundedMemory } from './bounded-memory.ts';
import { completion } from './completion.ts';
import { context } from './context.ts';
import { freshness } from './freshness.ts';
import { honestErrors } from './honest-errors.ts';
import { isolation } from './isolation.ts';
import { keptSessions } from './kept-sessions.ts';
import type { Law } from './law.ts';
import { livingPeer } from './living-peer.ts';
import { namedErrors } from './named-errors.ts';
import { noWaste } from './no-waste.ts';
import { oneOwner } from './one-owner.ts';
import { owedResets } from './owed-resets.ts';
import { prefix } from './prefix.ts';
import { sendOrder } from './send-order.ts';
import { streamHealth } from './stream-health.ts';
import { vainAttempts } from './vain-attempts.ts';

/** Every law that judges a run by default. */
export const LAWS: readonly Law[] = [
  prefix,
  completion,
  exactlyOnce,
  backoff,
  oneOwner,
  context,
  honestErrors,
  namedErrors,
  boundedMemory,
  noLeak,
  isolation,
  noHerd,
  atomicParts,
  noWaste,
  streamHealth,
  admission,
  sendOrder,
  livingPeer,
  owedResets,
  vainAttempts,
  keptSessions,
  freshness,
];

/** The law of that name, or undefined: the caller knows best how to suggest a name that exists. */
export const lawNamed = (name: string): Law | undefined => LAWS.find((law) => law.name === name);

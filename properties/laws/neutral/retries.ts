/** One retry under the law of backoff: whether anything that its client may remember permits so long a wait. */
import { type Envelope, retriesMost } from '../../../src/backoff/envelope.ts';
import { type Duration, formatDuration, us, ZERO } from '../../../src/time.ts';
import type { Breach } from '../law.ts';
import { type Candidate, type Client, FRESH_ONLY } from './backoff-client.ts';
import { judgeLuck } from './luck.ts';
import { type Reading, readingsOf, type Seen } from './permitted.ts';
import { countWait, isDrawnAlone, type Waits } from './waits.ts';

/** A retry as it was seen. */
interface Retry {
  readonly at: number;
  readonly delay: Duration;
  readonly event: number;
  readonly verb: string;
  /** When the dial began that failed; -1 if there was none. */
  readonly dialledAt: number;
}

/** One retry: which of the candidates permit this delay, read in which way? */
export function judge({ waits }: { readonly waits: Waits }, client: Client, retry: Retry, breach: Breach): void {
  const { policy } = client;
  const { delay } = retry;
  const { idleAfter } = policy;
  if (idleAfter !== null && client.retriedAt >= 0 && retry.at - client.retriedAt >= idleAfter)
    client.candidates = FRESH_ONLY;
  const { candidates } = client;
  const most = retriesMost(policy) ?? Number.POSITIVE_INFINITY;
  const hints = hintsFor(client, retry.event);
  const readings = candidates.flatMap((candidate) =>
    candidate.attempt < most
      ? hints.flatMap((hint) =>
          readingsOf(policy, candidate, seenOf(client, retry, hint)).map((reading) => ({ ...reading, candidate })),
        )
      : [],
  );
  const fitting = readings.filter(({ range }) => within(delay, range));
  if (fitting.length === 0) {
    // The last candidate is the fresh one if there is any doubt; the first is what the law believes.
    const { attempt } = candidates[0] as Candidate;
    const hint = hints[0] as Duration | null;
    const [{ range } = { range: { least: ZERO, most: ZERO } }] = readings;
    breach(
      attempt >= most
        ? `${client.node} ${retry.verb} ${formatDuration(delay)} for retry ${attempt + 1} of this outage, but its policy permits ${most}.`
        : `${client.node} ${retry.verb} ${formatDuration(delay)} for retry ${attempt + 1} of this outage, outside the policy's ${formatDuration(range.least)} to ${formatDuration(range.most)}${hint === null ? '' : ` (the server asked for ${formatDuration(hint)})`}.`,
    );
  }
  if (hints[0] === null && fitting.length > 0)
    judgeLuck(client, policy.modes.length > 0 ? readings : fitting, retry, breach);
  if (hints.length === 1 && hints[0] === null) count(waits, client, readings, retry);
  if (client.outageFirst < 0) client.outageFirst = retry.at;
  if (client.outageLast < 0) client.outageLast = retry.at;
  if (policy.elapsedMax !== null && retry.at + delay - client.outageLast > policy.elapsedMax)
    breach(
      `${client.node} ${retry.verb} ${formatDuration(delay)}, to dial ${formatDuration(retry.at + delay - client.outageLast)} after the outage began; its policy gives up after ${formatDuration(policy.elapsedMax)}.`,
    );
  client.candidates =
    fitting.length === 0
      ? candidates.map(({ attempt }) => ({ attempt: attempt + 1, previous: delay }))
      : different(fitting.map(({ after }) => after(delay)));
  client.retries++;
  client.retriedAt = retry.at;
  client.refusal = { of: 'down', event: -1 };
}

/** What was known of a retry when its wait was drawn. */
function seenOf(client: Client, { at, event, dialledAt }: Retry, hint: Duration | null): Seen {
  const { refusal, outageFirst, outageLast } = client;
  const since = (began: number): Duration => us(began < 0 ? 0 : at - began);
  return {
    hint,
    refusals:
      hint !== null || (refusal.of === 'overloaded' && refusal.event === event)
        ? ['overloaded']
        : refusal.of === 'overloaded'
          ? ['overloaded', 'down']
          : ['down'],
    // Of a client that may have begun to count anew nobody knows whether it has.
    elapsed: { least: since(outageLast), most: since(outageFirst) },
    sinceDial: us(dialledAt < 0 ? 0 : at - dialledAt),
  };
}

/** Each of them once. */
function different(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length === 1) return candidates;
  return [...new Map(candidates.map((each) => [JSON.stringify(each), each])).values()];
}

/** A wait goes into the counts of the sweep, unless what is seen leaves it open how it was drawn. */
function count(
  waits: Waits,
  { node, policy, outageFirst }: Client,
  readings: readonly Reading[],
  { at, delay }: { readonly at: number; readonly delay: Duration },
): void {
  const [reading] = readings;
  if (reading === undefined || readings.length > 1 || !isDrawnAlone(reading.curve)) return;
  const { elapsedMax, cap } = policy;
  // Where time may run out, long waits are not seen.
  if (elapsedMax !== null && at + cap - (outageFirst < 0 ? at : outageFirst) > elapsedMax) return;
  countWait(waits, node, reading.curve, reading.step, delay);
}

const within = (delay: Duration, { least, most }: Envelope): boolean => delay >= least && delay <= most;

/**
 * A hint binds the retry after its own connection. While that connection stands beside another, which of the two failed
 * is the client's own affair. Once it ended and no wait came of it in the same event, a later wait has another reason.
 */
export function hintsFor({ hint, conns }: Client, event: number): readonly (Duration | null)[] {
  if (hint === null || (hint.ended >= 0 && hint.ended < event)) return NO_HINT;
  if (hint.ended === event || (conns.size === 1 && conns.has(hint.conn))) return [hint.retryAfter];
  return [hint.retryAfter, null];
}

const NO_HINT: readonly (Duration | null)[] = [null];

/**
 * Which waits a client may make by what it may remember, and what it remembers then: for the law of backoff.
 *
 * A policy has one curve, or further ones for what is known of the outage. Where what a witness can see leaves it open which
 * of them holds, each of them is asked.
 */
import { type Envelope, envelope } from '../../../src/backoff/envelope.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import type { Refusal } from '../../../src/close-codes.ts';
import { type Duration, us, ZERO } from '../../../src/time.ts';
import { type Candidate, FRESH, type Step } from './backoff-client.ts';

/** What was seen of a retry, as far as it was. */
export interface Seen {
  readonly hint: Duration | null;
  readonly refusals: readonly Refusal[];
  /** The time since the outage began, from the least to the most that it may be. */
  readonly elapsed: Envelope;
  readonly sinceDial: Duration;
}

/** One way to read a retry. */
export interface Reading {
  readonly range: Envelope;
  /** The curve, as a policy without modes, and where the client stands on it. */
  readonly curve: Policy;
  readonly step: Step;
  /** What is remembered after this wait. */
  after(delay: Duration): Candidate;
}

export function readingsOf(policy: Policy, candidate: Candidate, seen: Seen): readonly Reading[] {
  const { hint, sinceDial, elapsed } = seen;
  const { modes, atOnce } = policy;
  if (modes.length === 0 || (atOnce && candidate.attempt === 0)) {
    const within = (known: object, asked: Duration | null): Envelope =>
      hull(candidate, (attempt, previous) => envelope(policy, attempt, previous, asked, known));
    return [
      {
        range: within({ sinceDial }, hint),
        curve: policy,
        step: candidate,
        after: (delay) => ({ ...behind(policy, candidate, delay, seen, within({}, null)), ...placesOf(candidate) }),
      },
    ];
  }
  const places = candidate.places ?? [];
  return modesOf(policy, seen).flatMap((mode) => {
    const place = places[mode] ?? FRESH;
    const next =
      modes.findIndex(({ cuts, after }, i) => cuts && i >= mode && after !== null && after > elapsed.least) + 1;
    const attemptNext = (places[next] ?? FRESH).attempt;
    const within = (known: object, asked: Duration | null): Envelope =>
      hull(place, (attempt, previous) =>
        envelope(policy, attempt, previous, asked, { mode, elapsed, attemptNext, ...known }),
      );
    const range = within({ sinceDial }, hint);
    // A wait that may have been cut counts on the curve of the mode that cut it.
    return (next === 0 ? [mode] : [mode, next]).map(
      (counted): Reading => ({
        range,
        curve: curveOf(policy, mode),
        step: place,
        after: (delay) => {
          const step = behind(policy, places[counted] ?? FRESH, delay, seen, within({}, null));
          return {
            attempt: candidate.attempt + 1,
            previous: delay,
            places: [policy, ...modes].map((_, i) => (i === counted ? step : (places[i] ?? FRESH))),
          };
        },
      }),
    );
  });
}

/** A curve of a policy as a policy of its own. */
function curveOf(policy: Policy, mode: number): Policy {
  let curves = curvesOf.get(policy);
  if (curves === undefined) {
    const alone = { modes: [], atOnce: false };
    curves = [{ ...policy, ...alone }, ...policy.modes.map((each) => ({ ...policy, ...each, ...alone }))];
    curvesOf.set(policy, curves);
  }
  return curves[mode] as Policy;
}
const curvesOf = new WeakMap<Policy, readonly Policy[]>();

const placesOf = ({ places }: Candidate): Pick<Candidate, 'places'> => (places === undefined ? {} : { places });

/** Over all that the wait before may have been. */
function hull(
  { attempt, previous, previousMost }: Step,
  of: (attempt: number, previous: Duration) => Envelope,
): Envelope {
  const least = of(attempt, previous);
  return previousMost === undefined ? least : { least: least.least, most: of(attempt, previousMost).most };
}

/**
 * A step further. What counts from the dial is longer than what was seen by the time that the dial took; and unknown, where
 * it was over by then, or a server asked for another wait.
 */
function behind(policy: Policy, { attempt }: Step, delay: Duration, { hint, sinceDial }: Seen, own: Envelope): Step {
  if (policy.measuredFrom === 'failure') return { attempt: attempt + 1, previous: delay };
  if (hint === null && delay > 0) return { attempt: attempt + 1, previous: us(delay + sinceDial) };
  return { attempt: attempt + 1, previous: own.least, previousMost: own.most };
}

/** The curves that may hold: from the last mode on those that may, up to one that does for sure. */
function modesOf({ modes }: Policy, { refusals, elapsed }: Seen): readonly number[] {
  const possible: number[] = [];
  for (let mode = modes.length; mode > 0; mode--) {
    const { on, after } = modes[mode - 1] as Policy['modes'][number];
    const begins = after ?? ZERO;
    if (elapsed.most < begins || (on !== null && !refusals.includes(on))) continue;
    possible.push(mode);
    if (elapsed.least >= begins && (on === null || refusals.every((refusal) => refusal === on))) return possible;
  }
  return [...possible, 0];
}

/**
 * Law: backoff, as seen from dial to dial. Who lost a connection waits before it dials again, as promised, or at the least as
 * anybody must.
 *
 * A policy that was declared says how long each wait may be; the law recomputes that by `envelope`, and counts attempts
 * itself: a connection that was open for `stableAfter` and brought something has reset the counter, one that did either
 * may have, and one that was closed again at once has not. Timers of JavaScript count whole milliseconds, so a wait may be
 * one shorter; it may be longer where a process stood still, was slowed down or offline, or could have been told to wait (a
 * client that is no page). Who ended a connection by itself may have had enough of waiting, or of its policy, and dial again
 * when it likes.
 *
 * `least` needs no policy. RFC 6455 section 7.2.3 asks for a wait before a connection is tried again, and for longer ones
 * from the second failure on; three things follow for any client, whatever its policy:
 * - It does not dial in the very event in which its last connection failed twice in a row: the first failure may be a blip.
 * - Ten dials in a row, each after a failure, take a second or more. So long a TCP waits before it says SYN a second time
 *   (RFC 6298 section 2), and as long are ten waits that double from the shortest that a timer has, 1 ms.
 * - After a failure it has no more connections to an address than twice what it had before its first failure, and two: one
 *   that is being opened beside each that is not over yet, for a handover, and a user's second thought.
 */
import { envelope, retriesMost } from '../../../src/backoff/envelope.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import { counted } from '../../../src/count.ts';
import type { Facts } from '../../../src/facts.ts';
import { formatDuration, us } from '../../../src/time.ts';
import { visible } from '../../../src/visible.ts';
import { type Breach, law } from '../law.ts';
import { tooUnlikely } from '../neutral/luck.ts';
import { isDrawnAlone } from '../neutral/waits.ts';
import { type Dial, type Dialler, Dials, dialling, type Failure, KEPT } from './dials.ts';

interface Memory {
  readonly dials: Dials;
  readonly policy: Policy | 'least';
}

export const backoff = law<Memory>({
  name: 'backoff',
  states:
    'a client that lost its connection waits before it dials again as its policy says, or at the least as anybody must: no loop, no growth',
  needs: { promises: { backoff: true }, anyOf: ['dialled', 'socket'] },
  remember: (facts: Facts) => ({ dials: new Dials(facts), policy: facts.promises?.backoff ?? 'least' }),
  on: dialling<Memory>((memory, client, dial, breach) => {
    const failure =
      memory.policy === 'least' ? judgeLeast(client, dial, breach) : judgePolicy(client, dial, memory.policy, breach);
    judgeGrowth(memory, client, dial, breach);
    return failure;
  }),
});

/** The shortest time that ten dials in a row may take, each after a failure. */
const TEN_DIALS = 1_000_000;

function judgeLeast(client: Dialler, { failures, at, event }: Dial, breach: Breach): Failure | undefined {
  const failure = failures[0];
  if (failure === undefined) return undefined;
  const { lane } = failure;
  lane.atOnce = failure.event === event && !client.free && !failure.own ? lane.atOnce + 1 : 0;
  if (lane.atOnce >= 2)
    breach(
      `${client.node} dialled ${to(failure)} in the very moment in which its connection there had failed, ${counted(lane.atOnce, 'time')} in a row; from the second failure on anybody must wait (RFC 6455 section 7.2.3).`,
    );
  const tenth = lane.dials[lane.dials.length - (KEPT - 1)];
  if (tenth !== undefined && lane.row >= KEPT - 1 && at - tenth < TEN_DIALS)
    breach(
      `${client.node} dialled ${to(failure)} ${counted(KEPT - 1, 'time')} in a row within ${formatDuration(us(at - tenth))}, each time after a failure; in ${formatDuration(us(TEN_DIALS))} a TCP tries twice.`,
    );
  return failure;
}

function judgeGrowth({ dials }: Memory, client: Dialler, { address, failures }: Dial, breach: Breach): void {
  if (!client.failed) return;
  const live = dials.liveOf(client, address) + 1;
  const before = Math.max(1, client.most.get(address) ?? 0);
  if (live > 2 * before + 2)
    breach(
      `${client.node} has ${counted(live, 'connection')} ${failures[0] === undefined ? `to ${visible(address)}` : to(failures[0])} at once; before its first failure it had ${before}.`,
    );
}

const to = ({ address }: Failure): string => (address === '' ? 'again' : `to ${visible(address)}`);

/** What a timer of JavaScript may be early, and late: a whole millisecond, and the clamp of nested timers (HTML, 4 ms). */
const EARLY = 1_000;
const LATE = 5_000;

type Candidate = Failure['lane']['candidates'][number];

function judgePolicy(client: Dialler, dial: Dial, policy: Policy, breach: Breach): Failure | undefined {
  const newest = dial.failures[0];
  if (newest === undefined) return undefined;
  if (client.free) {
    // The device or the user asked for it, or it came by itself: the counter stands, goes on, or begins anew.
    const wait = us(dial.at - newest.at);
    newest.lane.candidates = different([
      ...candidatesAfter(newest, policy).flatMap(({ attempt, previous }) => [
        { attempt, previous },
        { attempt, previous: 0 },
        { attempt: attempt + 1, previous: wait },
      ]),
      START,
    ]);
    return newest;
  }
  const most = retriesMost(policy) ?? Number.POSITIVE_INFINITY;
  const isLateFree = client.disturbed || !client.speaks;
  for (const failure of dial.failures) {
    const wait = dial.at - failure.at;
    const fits = candidatesAfter(failure, policy).filter(({ attempt, previous }) => {
      if (attempt >= most) return false;
      const range = rangeOf(policy, attempt, previous);
      return wait >= range.least - EARLY && (isLateFree || wait <= range.most + LATE);
    });
    if (fits.length === 0) continue;
    if (policy.jitter.kind === 'full' && isDrawnAlone(policy) && !failure.own)
      judgeLuck(client, fits, wait, policy, breach);
    failure.lane.candidates = fits.map(({ attempt }) => ({ attempt: attempt + 1, previous: wait }));
    return failure;
  }
  if (newest.own) {
    newest.lane.candidates = [...candidatesAfter(newest, policy), START];
    return newest;
  }
  const wait = us(dial.at - newest.at);
  const { attempt, previous } = candidatesAfter(newest, policy)[0] ?? START;
  const range = rangeOf(policy, attempt, previous);
  breach(
    attempt >= most
      ? `${client.node} dialled ${to(newest)} for retry ${attempt + 1} of this outage, but its policy permits ${most}.`
      : `${client.node} dialled ${to(newest)} ${formatDuration(wait)} after its connection there had failed, for retry ${attempt + 1} of this outage, outside the policy's ${formatDuration(range.least)} to ${formatDuration(range.most)}.`,
  );
  newest.lane.candidates = [{ attempt: attempt + 1, previous: wait }, START];
  return newest;
}

/**
 * The range of a wait as far as dials alone tell it. Which curve of several holds, and how far up it a client is, depends on
 * what it was told; a wait that counts from the dial may be over when that fails.
 */
function rangeOf(policy: Policy, attempt: number, previous: number): { readonly least: number; readonly most: number } {
  const own = envelope(policy, attempt, us(previous));
  if (policy.modes.length === 0) return policy.measuredFrom === 'dial' ? { least: 0, most: own.most } : own;
  const ranges = [policy, ...policy.modes].flatMap((_, mode) =>
    [0, 1, attempt].map((place) => envelope(policy, place, us(previous), null, { mode })),
  );
  const cuts = policy.modes.some((mode) => mode.cuts);
  const most = Math.max(own.most, ...ranges.map((range) => range.most));
  const least = policy.measuredFrom === 'dial' || cuts ? 0 : Math.min(own.least, ...ranges.map((range) => range.least));
  return { least, most: cuts ? 2 * most : most };
}

const START: Candidate = { attempt: 0, previous: 0 };

/** Each of them once. */
const different = (candidates: readonly Candidate[]): readonly Candidate[] => [
  ...new Map(candidates.map((each) => [`${each.attempt} ${each.previous}`, each])).values(),
];

/**
 * What the client may count at the end of a connection: whether its counter was reset. What counts as stable is its own
 * business where nothing came of the connection: that it opened, or that somebody answered (y-websocket waits for a sync).
 */
function candidatesAfter({ lane, uptime, progress }: Failure, { stableAfter }: Policy): readonly Candidate[] {
  if (uptime < 0) return lane.candidates;
  if (progress && uptime > stableAfter + LATE) return [START];
  return progress || uptime >= stableAfter - LATE ? different([START, ...lane.candidates]) : lane.candidates;
}

/** Full jitter permits a dial at once: n shares of their ranges add up to s or less with a chance of s^n / n! (Irwin and Hall). */
function judgeLuck(
  { node, luck }: Dialler,
  fits: readonly Candidate[],
  wait: number,
  policy: Policy,
  breach: Breach,
): void {
  let share = 0;
  for (const { attempt, previous } of fits) {
    const { least, most } = envelope(policy, attempt, us(previous));
    if (most === least) return;
    share = Math.max(share, (wait + EARLY - least) / (most - least));
  }
  const words = tooUnlikely(luck, share);
  if (words !== null) breach(`${node} waited ${formatDuration(us(wait))}; ${words}`);
}

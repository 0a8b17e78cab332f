/**
 * What scenarios promise: lists of targets, and the bounds that stand in cells where physics forbids one.
 *
 * A client cannot be back before its path is. From the moment at which it knows of the loss, the harm goes on for a
 * while; then the attempt under way may have lost its handshake to the harm and time out, the wait behind it is as long
 * as the policy may draw after so many attempts, and the last attempt takes its round trips. That sum is the bound.
 */
import { envelope } from '../../../src/backoff/envelope.ts';
import { PRESETS } from '../../../src/backoff/presets.ts';
import { LIMITS } from '../../../src/session/wire/limits.ts';
import { type Duration, plus, seconds, us, ZERO } from '../../../src/time.ts';
import type { Exception } from '../../targets/target.ts';
import type { SessionTarget, TargetName } from '../targets.ts';
import { DEFAULTS } from './topology.ts';

/** Token, TCP, WebSocket and HELLO: four round trips of at most 200 ms, and what machines need in between. */
const HANDSHAKE = seconds(1);

const OUTAGE = seconds(20);
/** Six cuts and the five gaps between them, each up to 1.5 s. */
export const DROPS = seconds(11 * 1.5);
export const RAMP = seconds(8);

/** Whoever notices first tells the other: an end that heard the last heartbeat just before it notices this late. */
const NOTICED = us(DEFAULTS.deadAfter - DEFAULTS.heartbeatInterval);

/** The longest wait behind so many failed attempts that met nobody: on the policy's own curve, or on one that time calls for. */
function waitBehind(attempts: number): Duration {
  const { policy } = PRESETS.default;
  const modes = policy.modes.flatMap(({ on }, index) => (on === 'overloaded' ? [] : [index + 1]));
  return us(Math.max(...[0, ...modes].map((mode) => envelope(policy, attempts, ZERO, null, { mode }).most)));
}

/**
 * How long an attempt that the silence of a path holds up goes on behind it. It gets through on the next rung of its
 * ladder, for which it waits at most a second longer than it had taken by then, because waits double; or it times out, the
 * sooner the longer it had taken. Whichever comes first comes within half of both.
 */
const RUNG = us((DEFAULTS.connectTimeout + seconds(1)) / 2);

/**
 * Back at the latest, when the harm goes on for so long after the loss was noticed and so many attempts met it. The one
 * that is under way then may have lost its connection without a word, and goes on until it times out.
 */
export const backWithin = (harm: Duration, attempts: number, underWay: Duration = DEFAULTS.connectTimeout): Duration =>
  us(harm + underWay + waitBehind(attempts) + HANDSHAKE);

/** Attempts that meet silence take their time-out each. */
const silentAttempts = (harm: Duration): number => 1 + Math.ceil(harm / DEFAULTS.connectTimeout);

/** Bounds by condition; `more` is how much later the condition may strike a second time. */
function byCondition(more: Duration, extra: Duration): readonly Exception[] {
  const silence = us(OUTAGE + more - NOTICED);
  const bad = us(RAMP / 2 + more);
  // Where it strikes once it only delays; what it resets while it strikes again nobody hears of who is beyond a cut.
  const underWay = more === 0 ? RUNG : DEFAULTS.connectTimeout;
  return [
    {
      cells: { condition: ['outage', 'asymmetric'] },
      bound: plus(backWithin(silence, silentAttempts(silence), underWay), extra),
      reason: 'Nothing passes, in one direction at least, for up to 20 s; nobody is back before the path is.',
    },
    {
      cells: { condition: ['intermittent'] },
      bound: plus(backWithin(plus(DROPS, more), 7, underWay), extra),
      reason:
        'Up to six drops follow each other within 16.5 s, and each may end the attempt that the one before led to.',
    },
    {
      cells: { condition: ['degradation'] },
      bound: plus(backWithin(bad, silentAttempts(bad), underWay), extra),
      reason:
        'The client comes back over a path that loses up to a fifth of its packets and an eighth of the rate is left of.',
    },
  ];
}

/** A packet that is lost in a handshake is repeated after 1 s, and after 2 s more. */
export const LOSSY: Exception = {
  cells: { network: ['3g-lossy'] },
  bound: seconds(5),
  reason: 'One packet in a hundred is lost, and TCP repeats one of a handshake after 1 s, then after 2 s.',
};

/** A chunk of the largest size through 3G. */
export const CHUNK = us((LIMITS.chunkBytes * 8_000_000) / 740_000);

/**
 * The first frame behind WELCOME comes so soon, or never on that connection: its client has given it up by then, and the
 * next WELCOME is the one that counts. Silent cuts and the rungs of the ladder that they cost make it as late as that.
 */
export const HEARD: Duration = DEFAULTS.deadAfter;

/** Four round trips of 150 to 200 ms. */
export const FAR: Exception = {
  cells: { network: ['4g', 'slow-4g', '3g'] },
  bound: HANDSHAKE,
  reason: 'Token, TCP, WebSocket and HELLO take a round trip each, of 150 to 200 ms.',
};

/** The first chunk of each of `streams` after a resume: all of them come through the path before the last is there. */
export const resumedThrough = (streams: number, sizes: readonly string[]): SessionTarget => ({
  name: 'stream-resumed',
  except: [
    {
      cells: { size: sizes, condition: ['degradation', 'intermittent'] },
      bound: plus(us(streams * CHUNK), RAMP),
      reason:
        'A chunk of 64 KB needs 0.7 s at 0.78 Mbit/s, and the path may be bad for up to 8 s before it has that rate.',
    },
    {
      cells: { size: sizes },
      bound: plus(us(streams * CHUNK), seconds(1)),
      reason:
        'A chunk of 64 KB needs 0.7 s at 0.78 Mbit/s, and a segment of it that is lost is repeated within a second.',
    },
  ],
});

export interface Promises {
  /** The condition may strike a second time, so much later. */
  readonly again?: Duration;
  /** Instead of bounds by condition: those of the scenario's own harm (`[LOSSY]` when there is none to wait for). */
  readonly back?: readonly Exception[];
  /** Exceptions of other targets, and targets that this scenario has besides. */
  readonly besides?: readonly SessionTarget[];
  readonly without?: readonly TargetName[];
  /** None of its networks loses packets. */
  readonly lossless?: boolean;
}

/** What nearly every scenario promises, with the exceptions of this one. */
export function usualTargets({
  again = ZERO,
  back,
  besides = [],
  without = [],
  lossless = false,
}: Promises): readonly SessionTarget[] {
  const common: readonly SessionTarget[] = [
    { name: 'reconnect', except: back ?? [...byCondition(again, ZERO), ...(lossless ? [] : [LOSSY])] },
    { name: 'stream-resumed' },
    { name: 'recovery', except: back ?? byCondition(again, seconds(1)) },
    { name: 'buffers' },
    { name: 'backoff' },
    { name: 'completion' },
    { name: 'integrity' },
    { name: 'recovered' },
    { name: 'timeouts' },
    { name: 'resent' },
  ];
  const other = new Set<TargetName>([...besides.map(({ name }) => name), ...without]);
  return [...common.filter(({ name }) => !other.has(name)), ...besides];
}

/** Targets without exceptions. */
export const promised = (...names: readonly TargetName[]): readonly SessionTarget[] => names.map((name) => ({ name }));

/** A bound that stands in the cells of these conditions; in every cell when none is named. */
export const unless = (conditions: readonly string[], bound: Duration, reason: string): Exception => ({
  cells: conditions.length === 0 ? {} : { condition: conditions },
  bound,
  reason,
});

/** How long a HELLO may wait for its WELCOME: longer than that, and the client hangs up. */
export const HELLO_WAITS = seconds(10);

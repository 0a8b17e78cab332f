/** What a pacer is, and when those of policies as data forget. */
import type { Policy } from '../../../src/backoff/policy.ts';

/** Says when clients dial again. Clients are numbers from 0 on; times are microseconds. */
export interface Pacer {
  /**
   * The wait before the next dial, or `GIVES_UP`; the client then remembers it. `draw` is a uniform 32-bit integer,
   * `retryAfter` what the refusal asked for or `NO_HINT`, `elapsed` the time since the client knew that it has no connection,
   * `overloaded` whether a live server refused, `now` the present, and `sinceDial` the time since the dial that failed began.
   */
  next(
    client: number,
    draw: number,
    retryAfter: number,
    elapsed: number,
    overloaded: boolean,
    now: number,
    sinceDial: number,
  ): number;
  /** A connection was lost that had been admitted at `since` (minus infinity: before the storm) and was up for `uptime`. Whether it was stable, so that a new outage begins. */
  lost(client: number, since: number, uptime: number): boolean;
  /** A server opened a connection, and closed it at once. Whether that is enough for the next outage to be a new one. */
  opened(client: number, now: number): boolean;
}

export const GIVES_UP = -1;
export const NO_HINT = -1;

/** A pacer of a policy that is data: it says how a wait is made and what to forget, and when is said here. */
export abstract class PolicyPacer implements Pacer {
  protected readonly policy: Policy;

  constructor(policy: Policy) {
    this.policy = policy;
  }

  abstract next(...told: Parameters<Pacer['next']>): number;

  /** A connection has proved to be good at that instant. */
  protected abstract reset(client: number, at: number): void;

  lost(client: number, since: number, uptime: number): boolean {
    if (uptime < this.policy.stableAfter) return false;
    // What is kept of the time before the storm is what a policy begins with.
    if (since !== Number.NEGATIVE_INFINITY) this.reset(client, since + this.policy.stableAfter);
    return true;
  }

  opened(client: number, now: number): boolean {
    if (!resetsOnOpen(this.policy)) return false;
    this.reset(client, now);
    return true;
  }
}

/** Whether a socket that was only opened resets the counter. */
const resetsOnOpen = ({ resetOn, stableAfter }: Policy): boolean => resetOn === 'open' && stableAfter === 0;

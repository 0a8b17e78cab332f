/** A visit: an application that opens its client, stays for a while, and leaves; it listens and asks for nothing. */
import { APPLICATION_ERRORS, type ApplicationError } from '../../src/errors.ts';
import type { NodeId } from '../../src/machine.ts';
import { type Duration, type Instant, us } from '../../src/time.ts';
import type { Application, ApplicationSpec, Wishes } from './world.ts';

/**
 * The application behind a client hears nothing but the time: `start` when it begins, `leave` when it has stayed until
 * `until`, and until every fault of the plan is long over if the world says so (`stayUntil`). A client that reports an
 * error which ends it (`{ type: 'report', error: 'unauthorized' }`) has lost its application at once.
 */
export const visit = (
  node: NodeId,
  { start, until }: { readonly start: Instant; readonly until: Instant },
): ApplicationSpec => ({
  node,
  start,
  until,
  open: (wishes, stayUntil) => new Visit(Math.max(until, stayUntil) as Instant, wishes),
});

class Visit implements Application {
  readonly #until: Instant;
  readonly #wishes: Wishes;
  #over = false;
  #loaded = false;

  constructor(until: Instant, wishes: Wishes) {
    this.#until = until;
    this.#wishes = wishes;
  }

  begin(now: Instant): void {
    this.#wishes.intend({ type: 'start' });
    this.#wishes.wakeIn(this.#left(now));
  }

  wake(now: Instant): void {
    if (this.#over) return;
    // A time that came while there was no page waits before the `start` of the new one: it is asked for again, behind that.
    if (this.#left(now) > 0 || this.#loaded) {
      this.#loaded = false;
      this.#wishes.wakeIn(this.#left(now));
      return;
    }
    this.#over = true;
    this.#wishes.intend({ type: 'leave' });
    this.#wishes.over();
  }

  hear(effect: { readonly type: string; readonly error?: string }): void {
    if (this.#over || effect.type !== 'report' || effect.error === undefined) return;
    if (APPLICATION_ERRORS[effect.error as ApplicationError]?.terminal !== true) return;
    this.#over = true;
    this.#wishes.over();
  }

  unload(): void {}

  reopen(): void {
    if (this.#over) return;
    this.#loaded = true;
    this.#wishes.intend({ type: 'start' });
  }

  #left = (now: Instant): Duration => us(Math.max(0, this.#until - now));
}

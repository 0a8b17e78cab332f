/** Somebody who wants to look at what has happened so far, at instants of its own choice and between events. */
import { type Instant, NEVER } from '../../src/time.ts';

interface Clock {
  now: Instant;
  /** Nothing more is asked of this run. */
  readonly isDecided: boolean;
}

export class Alarm {
  /** When it rings next: once all that happens until then has happened. */
  at: Instant = NEVER;
  #look: (now: Instant) => Instant = () => NEVER;

  /** `look` says when it wants to be called next; it is called at once for the first time. */
  set(look: (now: Instant) => Instant, now: Instant): void {
    this.#look = look;
    this.at = look(now);
  }

  /** Rings as often as it is due before `next`, when something happens again. */
  ring(clock: Clock, next: Instant): void {
    while (this.at < next && !clock.isDecided) {
      clock.now = this.at;
      this.at = this.#look(this.at);
    }
  }
}

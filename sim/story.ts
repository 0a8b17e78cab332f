/**
 * Applications: each follows its story. It asks, waits until the answer is complete, thinks, asks again, and leaves when
 * everything that it asked for has come to an end and the scenario lets it go.
 */
import { APPLICATION_ERRORS, type ApplicationEffect, type Intent } from '../src/application.ts';
import { type Duration, type Instant, plus, ZERO } from '../src/time.ts';
import type { Story, Turn } from './scenario.ts';

/** What an application wants next: an intent now, or to be asked again later. */
export interface Wishes {
  intend(intent: Intent): void;
  /** Calls `wake` of this application at that time. */
  wakeIn(delay: Duration): void;
  /** It has nothing more to do, and has left or was told a terminal error. */
  over(): void;
}

export class Application {
  readonly #turns: readonly Turn[];
  readonly #stayUntil: Instant;
  readonly #wishes: Wishes;
  #next = 0;
  /** Whether a wake-up for the next turn is under way. */
  #waking = false;
  /** Keys asked and not settled. */
  readonly #asked = new Set<string>();
  /** Streams settled and not complete; and complete ones whose settling has not been heard of yet. */
  readonly #open = new Set<number>();
  readonly #complete = new Set<number>();
  #over = false;

  constructor(story: Story, stayUntil: Instant, wishes: Wishes) {
    this.#wishes = wishes;
    this.#turns = story.turns;
    this.#stayUntil = stayUntil;
  }

  begin(): void {
    this.#wishes.intend({ type: 'start' });
    this.#proceed(true);
  }

  /** The time that it asked for has come. */
  wake(now: Instant): void {
    if (this.#over) return;
    this.#waking = false;
    const turn = this.#turns[this.#next];
    if (turn === undefined) {
      this.#leaveWhenDone(now);
      return;
    }
    this.#next++;
    this.#asked.add(turn.key);
    // The next turn may run beside this one: its clock starts before the answer to this intent is known.
    this.#proceed(false);
    this.#wishes.intend({ type: 'submit', key: turn.key, ask: turn.ask, bytes: turn.bytes });
  }

  /** What its client gives it. */
  hear(effect: ApplicationEffect, now: Instant): void {
    if (this.#over) return;
    switch (effect.type) {
      case 'settle':
        this.#asked.delete(effect.key);
        if (effect.stream > 0 && !this.#complete.delete(effect.stream)) this.#open.add(effect.stream);
        break;
      case 'deliver':
        if (!effect.chunk.fin) return;
        this.#finish(effect.stream);
        break;
      case 'replace':
        if (!effect.chunks.at(-1)?.fin) return;
        this.#finish(effect.stream);
        break;
      // It can only wait, and is told so that a person may be.
      case 'stall':
        return;
      case 'restore':
        if (effect.resumed) return;
        // A clean session: streams of the old one will never complete.
        this.#open.clear();
        this.#complete.clear();
        break;
      case 'report':
        if (!APPLICATION_ERRORS[effect.error].terminal) return;
        this.#over = true;
        this.#wishes.over();
        return;
    }
    this.#proceed(true);
    this.#leaveWhenDone(now);
  }

  #finish(stream: number): void {
    if (!this.#open.delete(stream)) this.#complete.add(stream);
  }

  #busy(): boolean {
    return this.#asked.size > 0 || this.#open.size > 0;
  }

  /** Sets the clock of the next turn if it may run: `idle` when the turn before may have just ended. */
  #proceed(idle: boolean): void {
    const turn = this.#turns[this.#next];
    if (turn === undefined || this.#waking) return;
    if (turn.parallel ? this.#next > 0 && idle : this.#busy()) return;
    this.#waking = true;
    this.#wishes.wakeIn(turn.wait);
  }

  #leaveWhenDone(now: Instant): void {
    if (this.#next < this.#turns.length || this.#waking || this.#busy()) return;
    if (now < this.#stayUntil) {
      this.#waking = true;
      this.#wishes.wakeIn(plus((this.#stayUntil - now) as Duration, ZERO));
      return;
    }
    this.#over = true;
    this.#wishes.intend({ type: 'leave' });
    this.#wishes.over();
  }
}

/**
 * Applications: each follows its story. It asks, waits until the answer is complete, thinks, asks again, and leaves when
 * everything that it asked for has come to an end and the scenario lets it go.
 */
import { APPLICATION_ERRORS } from '../../src/errors.ts';
import { Few } from '../../src/few.ts';
import type { ApplicationEffect } from '../../src/session/application.ts';
import { type Duration, type Instant, plus, ZERO } from '../../src/time.ts';
import type { Application, Wishes } from '../core/world.ts';
import type { Story, Turn } from './world.ts';

export class Conversation implements Application {
  readonly #turns: readonly Turn[];
  readonly #stayUntil: Instant;
  readonly #wishes: Wishes;
  #next = 0;
  /** How often its page was loaded again without memory: asked again, a question has another key. */
  #lives = 0;
  #begun = false;
  /** Whether a wake-up for the next turn is under way. */
  #waking = false;
  /** Keys asked and not settled, with the turn of each. */
  readonly #asked = new Few<string, number>();
  /** Streams settled and not complete, with the turn; and complete ones whose settling has not been heard of yet. */
  readonly #open = new Few<number, number>();
  readonly #complete = new Few<number, true>();
  #over = false;

  constructor(story: Story, stayUntil: Instant, wishes: Wishes) {
    this.#wishes = wishes;
    this.#turns = story.turns;
    this.#stayUntil = stayUntil;
  }

  begin(): void {
    this.#begun = true;
    this.#wishes.intend({ type: 'start' });
    this.#proceed(true);
  }

  /** The time that it asked for has come. */
  wake(now: Instant): void {
    // Not waiting: it was loaded again meanwhile, and has set its own clock since.
    if (this.#over || !this.#waking) return;
    this.#waking = false;
    const turn = this.#turns[this.#next];
    if (turn === undefined) {
      this.#leaveWhenDone(now);
      return;
    }
    const key = this.#lives === 0 ? turn.key : `${turn.key}~${this.#lives}`;
    this.#asked.set(key, this.#next);
    this.#next++;
    // The next turn may run beside this one: its clock starts before the answer to this intent is known.
    this.#proceed(false);
    this.#wishes.intend({ type: 'submit', key, ask: turn.ask, bytes: turn.bytes });
  }

  /**
   * Its page was thrown away. With its state it goes on where it was; without, the user asks again from the first
   * question that was not answered.
   */
  unload(kept: boolean): void {
    if (this.#over || kept) return;
    this.#next = Math.min(this.#next, ...this.#asked.values(), ...this.#open.values());
    this.#lives++;
    this.#waking = false;
    this.#asked.clear();
    this.#open.clear();
    this.#complete.clear();
  }

  /** The page is there again, and its client is new. */
  reopen(now: Instant): void {
    if (!this.#begun || this.#over) return;
    this.#wishes.intend({ type: 'start' });
    this.#proceed(false);
    this.#leaveWhenDone(now);
  }

  /** What its client gives it. */
  hear(given: { readonly type: string }, now: Instant): void {
    if (this.#over) return;
    const effect = given as ApplicationEffect;
    switch (effect.type) {
      case 'settle':
        this.#settle(effect.key, effect.stream);
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
        if (effect.stream !== undefined) this.#finish(effect.stream);
        else if (!APPLICATION_ERRORS[effect.error].terminal) return;
        if (!APPLICATION_ERRORS[effect.error].terminal) break;
        this.#over = true;
        this.#wishes.over();
        return;
    }
    this.#proceed(true);
    this.#leaveWhenDone(now);
  }

  /** All of it but what its story says. */
  state(): unknown {
    return [
      ...[this.#next, this.#lives, this.#begun, this.#waking, this.#over, this.#stayUntil],
      ...[[...this.#asked], [...this.#open], [...this.#complete.keys()]],
    ];
  }

  #settle(key: string, stream: number): void {
    const turn = this.#asked.get(key) ?? 0;
    this.#asked.delete(key);
    if (stream > 0 && !this.#complete.delete(stream)) this.#open.set(stream, turn);
  }

  #finish(stream: number): void {
    if (!this.#open.delete(stream)) this.#complete.set(stream, true);
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

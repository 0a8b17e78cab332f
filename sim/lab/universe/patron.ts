/** What stands behind a client in a storm: it wants to be connected, and nothing else. */
import type { Instant } from '../../../src/time.ts';
import type { Application, Wishes } from '../../core/world.ts';

/** Whoever counts: a client has its session back, or its policy gave up. */
export interface Watcher {
  restored(client: number, at: Instant): void;
  ended(client: number, error: string, at: Instant): void;
}

export class Patron implements Application {
  readonly #client: number;
  readonly #wishes: Wishes;
  readonly #watcher: Watcher;

  constructor(client: number, wishes: Wishes, watcher: Watcher) {
    this.#client = client;
    this.#wishes = wishes;
    this.#watcher = watcher;
  }

  begin(): void {
    this.#wishes.intend({ type: 'start' });
  }

  hear(effect: { readonly type: string; readonly error?: string }, now: Instant): void {
    if (effect.type === 'restore') this.#watcher.restored(this.#client, now);
    else if (effect.type === 'report') this.#watcher.ended(this.#client, effect.error ?? '', now);
  }

  wake(): void {}
  unload(): void {}
  reopen(): void {}
}

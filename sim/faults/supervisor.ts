/**
 * Whoever starts a process again that has ended by itself, as systemd does with `Restart=always`: after a while, and not
 * without end. `src/basic/ratelimit.c` of systemd counts: so many starts within a stretch of time that begins with the first
 * of them, and one more is refused, after which nobody tries again.
 */
import { after, type Instant, START } from '../../src/time.ts';
import type { Node } from '../core/kernel.ts';
import type { Supervision } from '../core/world.ts';

interface Starts {
  since: Instant;
  count: number;
}

export class Supervisor {
  readonly #starts = new Map<Node, Starts>();

  /** Whether a process that ended may be started once more; it was started at the beginning of its run, too. */
  allows(node: Node, { starts: most, within }: Supervision, now: Instant): boolean {
    let starts = this.#starts.get(node);
    if (starts === undefined) {
      starts = { since: START, count: 1 };
      this.#starts.set(node, starts);
    }
    if (now > after(starts.since, within)) {
      starts.since = now;
      starts.count = 1;
      return true;
    }
    starts.count++;
    return starts.count <= most;
  }
}

/** What applications of scenarios ask, and when. */
import { type Duration, ms } from '../../../src/time.ts';
import type { Turn } from '../world.ts';

/**
 * A busy application: it asks, and goes on talking at its own pace whether or not it was answered. Every `asks`-th turn is a
 * question, with content 0 and the others in turn; the rest are remarks.
 */
export function chatter(count: number, asks: number, contents: number, wait: Duration): Turn[] {
  return Array.from({ length: count }, (_, i) => ({
    key: `q${i + 1}`,
    ask: i % asks === 0 ? (i / asks) % contents : -1,
    bytes: 120,
    wait: i === 0 ? ms(50) : wait,
    parallel: i > 0,
  }));
}

/** A story of `count` questions, one after the other, `wait` apart. */
export function conversation(count: number, ask: (turn: number) => number, wait: Duration): Turn[] {
  return Array.from({ length: count }, (_, i) => ({
    key: `q${i + 1}`,
    ask: ask(i),
    bytes: 120,
    wait,
    parallel: false,
  }));
}

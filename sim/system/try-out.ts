/**
 * Whether a module can be loaded at all, before a sweep of thousands says the same of each run: its process is begun twice by
 * itself, with other luck, and nobody listens to what it does.
 */
import type { Context } from '../../src/machine.ts';
import { START } from '../../src/time.ts';
import { Stuck } from '../core/stuck.ts';
import { freshly } from '../realm/realm.ts';
import { watchdog } from '../realm/watchdog.ts';
import { Process, type ProcessConfig } from './process.ts';

/** A module that is loaded for longer than that is loading for ever, in milliseconds of real time. */
const LIMIT_MS = 2000;

/** Why it cannot be loaded, in one line with its place: it throws whatever its luck is, or does not end. Null when it can. */
export function flawAtLoad(config: ProcessConfig): string | null {
  try {
    return watchdog(LIMIT_MS)(() => freshly(() => (thrownBy(config, 1) === null ? null : thrownBy(config, 2))), true);
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
    const { budget, places } = error;
    return `it does not end while it is loaded (${budget})${places.length === 0 ? '' : `, in ${places.join(' < ')}`}`;
  }
}

function thrownBy(config: ProcessConfig, luck: number): string | null {
  const life = new Process(config);
  let drawn = luck;
  let conns = 0;
  const context: Context = {
    now: START,
    // Any luck will do that is another one each time.
    random: () => {
      drawn = Math.imul(drawn ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
      return drawn;
    },
    newConn: () => ++conns,
  };
  try {
    const effects = life.step({ type: 'start' }, context);
    if (life.loaded) return null;
    const uncaught = effects.findLast((effect) => effect.type === 'uncaught' && effect.how === 'error');
    if (uncaught === undefined || uncaught.type !== 'uncaught') return null;
    const [, place] = /\n {4}at (?:.*\()?([^()\n]+:\d+:\d+)/.exec(uncaught.stack) ?? [];
    return `${place === undefined ? '' : `${place}: `}it throws while it is loaded: ${uncaught.error}`;
  } finally {
    life.end();
  }
}

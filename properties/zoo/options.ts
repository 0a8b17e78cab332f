/** What `npm run zoo` is told: which bugs, in which ways, how long. Throws one line for what it does not understand. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { STRATEGIES, type Strategy } from './find.ts';

export interface Options {
  readonly pattern: RegExp;
  readonly strategies: readonly Strategy[];
  /** Tries of each scenario until a bug counts as not found. */
  readonly seeds: number;
  /** How many searches begin elsewhere, for a median. */
  readonly bases: number;
  readonly jobs: number;
  /** `all`: search; `short`: what was found before must be found again; `list`: names and threads. */
  readonly what: 'all' | 'short' | 'list';
  /** Whether what was found is written down for `--short`. */
  readonly keep: boolean;
}

export const USAGE = `npm run zoo -- [pattern] [--strategy ${STRATEGIES.join(',')}] [--seeds 300] [--bases 3] [--jobs ${availableParallelism()}] [--short | --list] [--keep]`;

export function optionsOf(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      strategy: { type: 'string', default: STRATEGIES.join(',') },
      seeds: { type: 'string', default: '300' },
      bases: { type: 'string', default: '3' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      short: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 1) throw new Error(`expected one pattern of names, got ${positionals.join(' ')}`);
  return {
    pattern: patternOf(positionals[0] ?? ''),
    strategies: values.strategy.split(',').map(strategyOf),
    seeds: wholeOf('--seeds', values.seeds),
    bases: wholeOf('--bases', values.bases),
    jobs: wholeOf('--jobs', values.jobs),
    what: values.list ? 'list' : values.short ? 'short' : 'all',
    keep: values.keep,
  };
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new Error(`expected a pattern of names as a regular expression, got ${JSON.stringify(text)}`);
  }
}

function strategyOf(name: string): Strategy {
  const found = STRATEGIES.find((strategy) => strategy === name);
  if (found === undefined)
    throw new Error(`--strategy: expected some of ${STRATEGIES.join(', ')}, got ${JSON.stringify(name)}`);
  return found;
}

function wholeOf(option: string, text: string): number {
  const value = Number(text);
  if (!/^[0-9]{1,6}$/.test(text) || value < 1)
    throw new Error(`${option}: expected a whole number from 1 to 999999, got ${JSON.stringify(text)}`);
  return value;
}

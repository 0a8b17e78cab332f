/**
 * The line that makes an experiment again: what was given, in the order of `--help`, without what only says where results
 * go, how fast they come, or from where on.
 */
import type { Command } from 'commander';
import { shellWord } from '../../explore/command-line.ts';

/** Flags that no row depends on. */
const ASIDE = new Set(['jobs', 'json', 'csv', 'out', 'resume', 'budget']);

export function writtenLine(command: Command): string {
  const flags = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (ASIDE.has(name) || command.getOptionValueSource(name) !== 'cli') return [];
    const value: unknown = command.getOptionValue(name);
    if (typeof value === 'boolean') return [String(option.long)];
    const values = Array.isArray(value) ? value : [value];
    return values.map((each) => `${option.long} ${shellWord(String(each))}`);
  });
  return ['npx hangup lab', command.name(), ...flags].join(' ');
}

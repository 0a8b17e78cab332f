/** Values as text, by Node's own formatting, which a package has cut out of it. */
import { life } from './life.ts';
import type { Any } from './loose.ts';

/** Made for the first who wants something shown: most programs only say text. */
export const formatting = (): Any => life.inspector();

export const inspect: Any = (value: unknown, ...options: unknown[]) => formatting().inspect(value, ...options);
inspect.custom = Symbol.for('nodejs.util.inspect.custom');
Object.defineProperty(inspect, 'defaultOptions', { get: () => formatting().inspect.defaultOptions, enumerable: true });

export function format(...args: unknown[]): string {
  if (args.length === 1 && typeof args[0] === 'string') return args[0];
  if (args.every((each, i) => typeof each === 'string' && (i > 0 || !each.includes('%')))) return args.join(' ');
  return formatting().format(...args);
}

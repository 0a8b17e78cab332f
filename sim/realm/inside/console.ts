/** The console: each line is told to the world, as text. */
import { stackOf, textOf } from './errors.ts';
import { type Callback, define, defineMethods, type Inside, type Part } from './inside.ts';

const LEVELS = ['log', 'info', 'warn', 'error', 'debug', 'trace'];

export function install({ host }: Inside): Part {
  const console = {};
  const methods: Record<string, Callback> = {};
  for (const level of LEVELS) methods[level] = (...args) => host.console(level, args.map(shown).join(' '));
  defineMethods(console, methods);
  define('console', console);
  return {};
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return stackOf(value) || textOf(value);
  try {
    return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? String(value)) : String(value);
  } catch {
    return '[object]';
  }
}

/**
 * The console (https://console.spec.whatwg.org): each line is told to the world, as text that Node would print for it, so
 * that a page and a process read alike.
 */
import { define, defineMethods, type Inside, type Part } from './inside.ts';
import { type Inspector, inspector } from './inspect.ts';

/** What a method is called in history, where it is not its own name. */
const LEVELS: Readonly<Record<string, string>> = {
  log: 'log',
  info: 'info',
  warn: 'warn',
  error: 'error',
  debug: 'debug',
  dirxml: 'log',
};
/** How much further to the right a group stands. */
const INDENT = '  ';

export function install(inside: Inside): Part {
  const { host } = inside;
  let indent = '';
  let counts = new Map<string, number>();
  let timers = new Map<string, number>();
  let isKnown = false;

  const library = (): Inspector => {
    const made = inspector();
    if (!isKnown) inside.remember(made);
    isKnown = true;
    return made;
  };
  const say = (level: string, text: string): void => {
    host.console(level, indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`));
  };
  const print = (level: string, args: readonly unknown[]): void => say(level, format(library, args));
  const elapsed = (label: string): string | null => {
    const since = timers.get(label);
    if (since === undefined) print('warn', [`Timer '${label}' does not exist`]);
    return since === undefined ? null : `${label}: ${Math.round((host.uptime() - since) * 1000) / 1000}ms`;
  };
  const labelOf = (given: unknown): string => (given === undefined ? 'default' : String(given));

  const console = {};
  for (const [name, level] of Object.entries(LEVELS))
    defineMethods(console, { [name]: { [name]: (...args: unknown[]) => print(level, args) }[name] as () => void });
  const group = (...label: unknown[]): void => {
    if (label.length > 0) print('log', label);
    indent += INDENT;
  };
  defineMethods(console, {
    trace(...args: unknown[]) {
      const { stack = '' } = new Error();
      const text = format(library, args);
      // Its first line is that of the error itself.
      say('trace', `Trace${text === '' ? '' : `: ${text}`}${stack.replace(/^[^\n]*/, '')}`);
    },
    assert(holds?: unknown, ...args: unknown[]) {
      if (holds) return;
      const [first, ...rest] = args;
      if (typeof first === 'string') print('error', [`Assertion failed: ${first}`, ...rest]);
      else print('error', args.length === 0 ? ['Assertion failed'] : ['Assertion failed:', ...args]);
    },
    dir(value?: unknown, options?: object) {
      say('log', library().inspect(value, { ...options }));
    },
    table(rows?: unknown) {
      const table = typeof rows === 'object' && rows !== null ? tableOf(library, rows) : null;
      if (table === null) print('log', [rows]);
      else say('log', table);
    },
    count(label?: unknown) {
      const name = labelOf(label);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      say('log', `${name}: ${count}`);
    },
    countReset(label?: unknown) {
      const name = labelOf(label);
      if (!counts.delete(name)) print('warn', [`Count for '${name}' does not exist`]);
    },
    time(label?: unknown) {
      const name = labelOf(label);
      if (timers.has(name)) print('warn', [`Timer '${name}' already exists`]);
      else timers.set(name, host.uptime());
    },
    timeLog(label?: unknown, ...args: unknown[]) {
      const text = elapsed(labelOf(label));
      if (text !== null) print('log', [text, ...args]);
    },
    timeEnd(label?: unknown) {
      const name = labelOf(label);
      const text = elapsed(name);
      if (text !== null) say('log', text);
      timers.delete(name);
    },
    group,
    groupCollapsed: { groupCollapsed: (...label: unknown[]) => group(...label) }.groupCollapsed,
    groupEnd() {
      indent = indent.slice(INDENT.length);
    },
    // Only a terminal has something to clear, and only a debugger has profiles and a timeline.
    clear() {},
    profile() {},
    profileEnd() {},
    timeStamp() {},
  });
  define('console', console);
  return {
    reset() {
      indent = '';
      counts = new Map();
      timers = new Map();
    },
  };
}

type Library = () => Inspector;

/** Most lines are a text and numbers, which need nobody to look into them. */
function format(library: Library, args: readonly unknown[]): string {
  let text = '';
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const type = typeof arg;
    const plain = type === 'string' ? i > 0 || args.length === 1 || !(arg as string).includes('%') : isPlain(arg, type);
    if (!plain) return formatted(library, args);
    text += i === 0 ? String(arg) : ` ${String(arg)}`;
  }
  return text;
}

/** A console shows what it is given, and throws for nothing: not for a proxy that does, nor for a name that is no text. */
function formatted(library: Library, args: readonly unknown[]): string {
  try {
    return library().format(...args);
  } catch {
    return args.map((arg) => shownAlone(library, arg)).join(' ');
  }
}

function shownAlone(library: Library, arg: unknown): string {
  try {
    return typeof arg === 'string' ? arg : library().inspect(arg);
  } catch {
    return `[${typeof arg} that cannot be shown]`;
  }
}

const isPlain = (value: unknown, type: string): boolean =>
  (type === 'number' && !Object.is(value, -0)) || type === 'boolean' || value === undefined || value === null;

/** A row for each element, a column for each of their properties; values that have none stand in a column of their own. */
function tableOf(library: Library, rows: object): string {
  const entries: [string, unknown][] =
    rows instanceof Map
      ? [...rows].map(([key, value]) => [show(library, key), value])
      : rows instanceof Set
        ? [...rows].map((value, i) => [String(i), value])
        : Object.entries(rows);
  const names: string[] = [];
  for (const [, row] of entries)
    if (isObject(row)) for (const name of Object.keys(row)) if (!names.includes(name)) names.push(name);
  const hasValues = entries.some(([, row]) => !isObject(row));
  const head = ['(index)', ...names, ...(hasValues ? ['Values'] : [])];
  const lines = entries.map(([key, row]) => [
    key,
    ...names.map((name) => (isObject(row) && Object.hasOwn(row, name) ? show(library, row[name]) : '')),
    ...(hasValues ? [isObject(row) ? '' : show(library, row)] : []),
  ]);
  const widths = head.map((cell, i) => Math.max(cell.length, ...lines.map((line) => (line[i] as string).length)) + 2);
  const bar = (left: string, between: string, right: string): string =>
    left + widths.map((width) => '─'.repeat(width)).join(between) + right;
  const line = (cells: readonly string[]): string =>
    `│${cells.map((cell, i) => ` ${cell}`.padEnd(widths[i] as number)).join('│')}│`;
  return [bar('┌', '┬', '┐'), line(head), bar('├', '┼', '┤'), ...lines.map(line), bar('└', '┴', '┘')].join('\n');
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const show = (library: Library, value: unknown): string => library().inspect(value, { depth: 0 });

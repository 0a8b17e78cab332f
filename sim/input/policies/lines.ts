/** Settings a line each: Java properties, where keys are paths, the INI of `~/.aws/config`, and `mosquitto.conf`. */

/**
 * The documents of Java properties, which `#---` parts; `a.b[0].c=1` is a value in nested objects, as Spring Boot reads
 * it. A key that would go through a value stays as it is written.
 */
export function propertiesOf(text: string): readonly unknown[] {
  return text.split(/^[#!]---\s*$/m).map((part) => {
    const settings: Record<string, unknown> = {};
    for (const [key, value] of pairsOf(part)) put(settings, key, value);
    return settings;
  });
}

/** The pairs of `java.util.Properties`: `=`, `:` or a space between them, lines that a backslash continues. */
function pairsOf(text: string): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = [];
  const whole = text.replace(/\\\r?\n[ \t]*/g, '');
  for (const line of whole.split(/\r?\n/)) {
    const trimmed = line.trimStart();
    if (trimmed === '' || /^[#!]/.test(trimmed)) continue;
    const match = /^((?:\\.|[^\\\s=:])+)\s*[=:\s]?\s*(.*)$/.exec(trimmed);
    if (match !== null) pairs.push([unescaped(match[1] as string), unescaped(match[2] as string).trimEnd()]);
  }
  return pairs;
}

const unescaped = (text: string): string =>
  text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, char: string) =>
    char.length > 1
      ? String.fromCharCode(Number.parseInt(char.slice(1), 16))
      : char === 't'
        ? '\t'
        : char === 'n'
          ? '\n'
          : char,
  );

/** Sets a value below the path of its key. */
function put(settings: Record<string, unknown>, key: string, value: string): void {
  const steps = key.split('.');
  let at = settings;
  for (const [index, step] of steps.entries()) {
    const rest = steps.slice(index).join('.');
    const last = index === steps.length - 1;
    const there = Object.hasOwn(at, step) ? at[step] : undefined;
    // `server.port` and `server.port.http` cannot both be nested.
    if (last || (there !== undefined && (typeof there !== 'object' || there === null)) || step === '__proto__') {
      Object.defineProperty(at, last ? step : rest, { value, enumerable: true, configurable: true, writable: true });
      return;
    }
    if (there === undefined) at[step] = {};
    at = at[step] as Record<string, unknown>;
  }
}

/** The sections of an INI file; an indented line is a setting of the one before it, as in `~/.aws/config`. */
export function iniOf(text: string): Readonly<Record<string, unknown>> {
  const sections = Object.create(null) as Record<string, Record<string, unknown>>;
  let section = '';
  let setting = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    if (header !== null) {
      section = (header[1] as string).trim();
      sections[section] ??= empty();
      continue;
    }
    const match = /^(\s*)([^=]+?)\s*=\s*(.*?)\s*$/.exec(line);
    if (match === null) continue;
    const [, indent = '', key = '', value = ''] = match;
    sections[section] ??= empty();
    const at = sections[section] as Record<string, unknown>;
    if (indent === '' || setting === '') {
      setting = key;
      at[key] = value;
      continue;
    }
    if (typeof at[setting] !== 'object') at[setting] = empty();
    (at[setting] as Record<string, unknown>)[key] = value;
  }
  return sections;
}

/** The settings of `mosquitto.conf` by bridge; those outside of any stand beside them. */
export function bridgesOf(text: string): Readonly<Record<string, unknown>> {
  const whole = empty();
  let at = whole;
  for (const line of text.split(/\r?\n/)) {
    const match = /^([a-z_]+)(?:\s+(.*?))?\s*$/.exec(line);
    if (match === null) continue;
    const [, key = '', value = ''] = match;
    if (key === 'connection') {
      at = empty();
      whole[value] = at;
    } else if (key === 'listener') at = empty();
    else at[key] = value;
  }
  return whole;
}

/** Without a prototype, so that no section or key of somebody is one of `Object`. */
const empty = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

/**
 * Whether what somebody wrote is a scenario: its shape, before anything of it is called. Types say the same to whoever
 * has them; JavaScript, and a cast, do not.
 */
import type { Scenario } from './scenario.ts';
import { shown } from './shown.ts';

/** What a name may be: it stands in shells, file names and tables. */
const NAME = /^[A-Za-z0-9][\w.+-]*(\/[A-Za-z0-9][\w.+-]*)*$/;
const NAME_MOST = 100;

/** The first thing that is wrong with a scenario, in one line that names the field; null for a sound one. */
export function flawOfScenario(value: unknown): string | null {
  if (!isObject(value)) return `expected a scenario, got ${shown(value)}`;
  const { name } = value;
  if (typeof name !== 'string' || !NAME.test(name) || name.length > NAME_MOST || /\.(json|m?[jt]s)$/.test(name))
    return `\`name\`: expected a name such as feed/news (letters, digits and - _ . + between slashes), got ${shown(name)}`;
  return flawAmong(value, FIELDS) ?? unknownField(value) ?? flawOfLists(value);
}

type Fields = Readonly<Record<string, unknown>>;

/** A field: what it must be, and whether it may be missing. */
interface Field {
  readonly expected: string;
  readonly optional?: true;
  accepts(value: unknown): boolean;
}

const text: Field = { expected: 'a text', accepts: (value) => typeof value === 'string' };
const call = (of: string): Field => ({
  expected: `a function (${of})`,
  accepts: (value) => typeof value === 'function',
});
const list = (of: string): Field => ({ expected: `a list of ${of}`, accepts: Array.isArray });
const object = (of: string): Field => ({ expected: of, accepts: isObject });
const optional = (field: Field): Field => ({ ...field, optional: true });

const FIELDS: Readonly<Record<keyof Scenario, Field>> = {
  name: text,
  title: text,
  world: call('setting => world'),
  plan: call('(setting, world) => faults'),
  sometimes: list('claims'),
  dimensions: optional(object('an object with a list of values for each dimension')),
  targets: optional(list('targets')),
  protocol: optional(object('a protocol')),
  laws: optional(list('laws')),
  faults: optional(list('kinds of faults')),
};

const JUDGE: Readonly<Record<string, Field>> = {
  name: text,
  states: text,
  remember: call('() => memory'),
  on: object('handlers by kind of entry'),
};
const KIND: Readonly<Record<string, Field>> = {
  name: text,
  about: text,
  hits: text,
  parameters: object('an object of parameters'),
  draw: call('(dice, menu, lasts) => fault'),
  duration: call('fault => microseconds'),
  begin: call('(scene, fault) => over, lasts or later'),
  end: call('(scene, fault) => void'),
};

function flawAmong(value: Fields, fields: Readonly<Record<string, Field>>): string | null {
  for (const [name, { expected, accepts, optional = false }] of Object.entries(fields)) {
    const got = value[name];
    if (optional && got === undefined) continue;
    if (!accepts(got)) return `\`${name}\`: expected ${expected}, got ${shown(got)}`;
  }
  return null;
}

/** A field that nobody reads would do nothing. */
function unknownField(value: Fields): string | null {
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(FIELDS, name));
  return unknown === undefined ? null : `\`${unknown}\`: expected no more than ${Object.keys(FIELDS).join(', ')}`;
}

function flawOfLists(value: Fields): string | null {
  const lists = { sometimes: JUDGE, laws: JUDGE, faults: KIND };
  for (const [name, fields] of Object.entries(lists))
    for (const [index, each] of ((value[name] ?? []) as readonly unknown[]).entries()) {
      if (!isObject(each)) return `\`${name}[${index}]\`: expected an object, got ${shown(each)}`;
      const flaw = flawAmong(each, fields);
      if (flaw !== null) return flaw.replace('`', `\`${name}[${index}].`);
    }
  return null;
}

function isObject(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

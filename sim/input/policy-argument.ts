/**
 * `--policy NAME`, `--policy FILE` (a name that ends in `.json`, or has a slash), and either with knobs changed: `--policy default,cap=60s,delay.base=250ms`.
 *
 * A knob is a path into the policy's JSON, so that a sweep over a parameter needs no file for each of its values.
 */
import { existsSync } from 'node:fs';
import { KNOBS, parsePolicy, printPolicy, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESET_NAMES, policyNamed } from '../../src/backoff/presets.ts';
import { InputError, UsageError } from '../cli/errors.ts';
import { unknownName } from '../cli/names.ts';
import { parseJson } from './json.ts';
import { plainly, type Reader } from './used-files.ts';

/** Policies of a config, by name. */
type Policies = Readonly<Record<string, Policy>>;

/** The policy of that text; `more` are those of a config. Throws `UsageError` or `InputError`, with every problem of the policy in one line. */
export function policyOf(text: string, reader: Reader = plainly, more: Policies = {}): Policy {
  const read = reader('policy');
  const { source, isFile, knobs } = sourceOf(text, read.has ?? existsSync);
  const json = isFile ? parseJson(source, read(source)) : presetOf(source, more);
  for (const knob of knobs) change(json, knob);
  const parsed = parsePolicy(json);
  if (parsed.ok) return parsed.policy;
  const problems = `--policy ${source}: ${parsed.problems.map(problemText).join('; ')}`;
  throw isFile && knobs.length === 0 ? new InputError(problems) : new UsageError(problems);
}

/** More commas than the path of a policy has; behind these everything is a knob. */
const COMMAS_MOST = 16;

/** What stands before the knobs: a preset, or a file whose path may hold commas. */
function sourceOf(
  text: string,
  exists: (path: string) => boolean,
): { source: string; isFile: boolean; knobs: readonly string[] } {
  const pieces = text.split(',');
  const isFile = (name: string): boolean => policyNamed(name) === undefined && /\.json$|[\\/]/i.test(name);
  for (let count = 1; count <= Math.min(COMMAS_MOST, pieces.length); count++) {
    const source = pieces.slice(0, count).join(',');
    if (isFile(source) && exists(source)) return { source, isFile: true, knobs: pieces.slice(count) };
  }
  const [source = '', ...knobs] = pieces;
  return { source, isFile: isFile(source), knobs };
}

function presetOf(name: string, more: Policies): unknown {
  const policy = policyNamed(name) ?? (Object.hasOwn(more, name) ? more[name] : undefined);
  if (policy === undefined)
    throw unknownName(
      'unknown policy',
      name,
      [...PRESET_NAMES, ...Object.keys(more)],
      'hangup list policies shows all; or FILE.json',
    );
  return printPolicy(policy);
}

/** Sets one knob. Whether it exists and what it may be is judged with the whole policy. */
function change(json: unknown, knob: string): void {
  const equals = knob.indexOf('=');
  const path = knob.slice(0, Math.max(0, equals)).split('.');
  const value = knob.slice(equals + 1);
  if (path.includes('') || value === '')
    throw new UsageError(
      `--policy: expected KNOB=VALUE such as cap=60s or delay.base=250ms, got ${JSON.stringify(knob)}`,
    );
  let at = json;
  for (const name of path.slice(0, -1)) at = isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  const name = path.at(-1) as string;
  if (!isRecord(at) || name === '__proto__')
    throw new UsageError(
      `--policy: ${path.join('.')}: this policy has no ${JSON.stringify(path.slice(0, -1).join('.'))} to change`,
    );
  if (name === 'kind') forgetOthers(at, path[0] as string, value);
  at[name] = /^(0|[1-9]\d*|true|false|null)$/.test(value) ? JSON.parse(value) : value;
}

/** Of a delay or jitter of another kind, only the knobs that both have mean anything. */
function forgetOthers(at: Record<string, unknown>, what: string, kind: string): void {
  const kinds: Readonly<Record<string, readonly string[]>> = what === 'delay' ? KNOBS.delay : KNOBS.jitter;
  const knobs = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (knobs === undefined || at.kind === kind) return;
  for (const name of Object.keys(at)) if (!knobs.includes(name)) delete at[name];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

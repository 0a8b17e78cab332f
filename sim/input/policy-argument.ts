/**
 * `--policy NAME`, `--policy FILE.json`, and either with knobs changed: `--policy default,cap=60s,delay.base=250ms`.
 *
 * A knob is a path into the policy's JSON, so that a sweep over a parameter needs no file for each of its values.
 */
import { parsePolicy, printPolicy, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESET_NAMES, policyNamed } from '../../src/backoff/presets.ts';
import { parseJson } from '../input/json.ts';
import { readFile } from '../input/read-file.ts';
import { InputError, UsageError } from './errors.ts';
import { unknownName } from './names.ts';

/** The policy of that text. Throws `UsageError` or `InputError`, with every problem of the policy in one line. */
export function policyOf(text: string): Policy {
  const [source = '', ...knobs] = text.split(',');
  const isFile = source.endsWith('.json');
  const json = isFile ? parseJson(source, readFile(source)) : presetOf(source);
  for (const knob of knobs) change(json, knob);
  const parsed = parsePolicy(json);
  if (parsed.ok) return parsed.policy;
  const problems = `--policy ${source}: ${parsed.problems.map(problemText).join('; ')}`;
  throw isFile && knobs.length === 0 ? new InputError(problems) : new UsageError(problems);
}

function presetOf(name: string): unknown {
  const policy = policyNamed(name);
  if (policy === undefined)
    throw unknownName('unknown policy', name, PRESET_NAMES, 'hangup list policies shows all; or FILE.json');
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
  at[name] = /^(\d+|true|false|null)$/.test(value) ? JSON.parse(value) : value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

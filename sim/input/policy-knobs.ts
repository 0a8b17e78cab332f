/**
 * `KNOB=VALUE`: one knob of a policy changed, so that a parameter is varied without a file for each of its values.
 *
 * A knob is a path into the policy's JSON (`delay.base`, `modes.0.cap`), or its last word where only one knob of that policy has it
 * (`base`). Whether it exists and what it may be is judged with the whole policy.
 */
import { KNOBS } from '../../src/backoff/parse.ts';
import { POLICY_DEFAULTS } from '../../src/backoff/policy.ts';
import { UsageError } from '../cli/errors.ts';

/** Whether a text is a knob of the policy before it, and no policy. */
export const isKnob = (text: string): boolean => /^[A-Za-z_]\w*(\.\w+)*=/.test(text);

/** Sets one knob of a policy in the form that `parsePolicy` reads. Throws `UsageError` in one line. */
export function changeKnob(json: unknown, knob: string): void {
  const equals = knob.indexOf('=');
  const asked = knob.slice(0, Math.max(0, equals)).split('.');
  const value = knob.slice(equals + 1);
  if (asked.includes('') || value === '')
    throw new UsageError(
      `--policy: expected KNOB=VALUE such as cap=60s or delay.base=250ms, got ${JSON.stringify(knob)}`,
    );
  const path = asked.length === 1 ? whole(json, asked[0] as string) : asked;
  let at = json;
  for (const name of path.slice(0, -1))
    at = isObject(at) && name !== '__proto__' && Object.hasOwn(at, name) ? at[name] : undefined;
  const name = path.at(-1) as string;
  if (!isRecord(at) || name === '__proto__')
    throw new UsageError(
      `--policy: ${path.join('.')}: this policy has no ${JSON.stringify(path.slice(0, -1).join('.'))} to change`,
    );
  if (name === 'kind') forgetOthers(at, path.at(-2) as string, value);
  at[name] = /^(0|[1-9]\d*|true|false|null)$/.test(value) ? JSON.parse(value) : value;
}

/** The path of a knob by its last word; the word itself where it is a path, or nothing that is known. */
function whole(json: unknown, word: string): readonly string[] {
  if (word === 'delay' || Object.hasOwn(POLICY_DEFAULTS, word) || !isRecord(json)) return [word];
  const within = Object.entries(json).flatMap(([name, part]) =>
    isRecord(part) && (Object.hasOwn(part, word) || knobsOf(name, part.kind).includes(word)) ? [[name, word]] : [],
  );
  if (within.length > 1)
    throw new UsageError(
      `--policy: ${word} may be ${within
        .map((path) => path.join('.'))
        .sort()
        .join(' or ')} of this policy: expected one of them`,
    );
  return within[0] ?? [word];
}

/** Of a delay or jitter of another kind, only the knobs that both have mean anything. */
function forgetOthers(at: Record<string, unknown>, what: string, kind: string): void {
  const knobs = knobsOf(what, kind);
  if (!isKind(what, kind) || at.kind === kind) return;
  for (const name of Object.keys(at)) if (!knobs.includes(name)) delete at[name];
}

type Kinds = Readonly<Record<string, readonly string[]>>;
const kindsOf = (what: string): Kinds => (what === 'delay' ? KNOBS.delay : what === 'jitter' ? KNOBS.jitter : {});
const isKind = (what: string, kind: string): boolean => Object.hasOwn(kindsOf(what), kind);
const knobsOf = (what: string, kind: unknown): readonly string[] =>
  typeof kind === 'string' && isKind(what, kind) ? (kindsOf(what)[kind] as readonly string[]) : [];

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

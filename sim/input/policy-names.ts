/**
 * A policy by its name: a preset, a policy of a config, or what else people call a preset.
 *
 * Capitals, `_`, and spaces are no difference (`Full_Jitter`), and a preset that reproduces a package also has the name of
 * the package (`socket.io-client`, `@microsoft/signalr`). A word that could mean several presets is refused with all of
 * them, since a table in a report would not say which one was meant.
 */

import type { FunctionReference } from '../../src/backoff/function.ts';
import { printPolicy } from '../../src/backoff/parse.ts';
import type { Policy, Preset } from '../../src/backoff/policy.ts';
import { PRESET_NAMES, PRESETS } from '../../src/backoff/presets.ts';
import { UsageError } from '../cli/errors.ts';
import { unknownName } from '../cli/names.ts';
import { shown } from '../core/shown.ts';

/** Policies of a config, by name. */
export type Policies = Readonly<Record<string, Policy | FunctionReference>>;

/** Well-known words for the shapes, and short names of libraries. */
const WORDS: Readonly<Record<string, string>> = {
  full: 'full-jitter',
  equal: 'equal-jitter',
  half: 'equal-jitter',
  decorrelated: 'decorrelated-jitter',
  decorr: 'decorrelated-jitter',
  fixed: 'constant',
  expo: 'exponential',
  'no-jitter': 'exponential',
  socketio: 'socket.io',
  rws: 'reconnecting-websocket',
  mqttjs: 'mqtt',
  reflector: 'kubernetes-reflector',
};

/** The policy of that name in the form that `parsePolicy` reads. Throws `UsageError` with what was probably meant. */
export function policyByName(name: string, more: Policies): unknown {
  if (functionNamed(name, more) !== null)
    throw new UsageError(
      `policy ${shown(name)} is a function, which the lab runs (hangup lab compare --policies ${name}): the configuration of a machine is plain data`,
    );
  const policy = find(name, more);
  if (policy !== undefined) return printPolicy(policy);
  const meant = asPackage(name);
  if (meant.length > 1) throw ambiguous(name, meant);
  const among = partsOf(name);
  if (among.length > 1) throw ambiguous(name, among);
  throw unknownName(
    'unknown policy',
    name,
    [...PRESET_NAMES, ...Object.keys(more)],
    'hangup list policies shows all; or a FILE',
  );
}

/** The function of a config that has this name; null for none. */
export function functionNamed(name: string, more: Policies): FunctionReference | null {
  const policy = Object.hasOwn(more, name) ? more[name] : undefined;
  return policy !== undefined && 'kind' in policy ? policy : null;
}

/** Whether that is the name of a policy, or of several: no file then, although the name of a package may hold a slash. */
export const isPolicyName = (name: string, more: Policies): boolean =>
  find(name, more) !== undefined || asPackage(name).length > 0;

function find(name: string, more: Policies): Policy | undefined {
  if (Object.hasOwn(more, name)) return more[name] as Policy;
  if (Object.hasOwn(PRESETS, name)) return presetOf(name);
  const folded = fold(name);
  const same = PRESET_NAMES.find((preset) => fold(preset) === folded);
  if (same !== undefined) return presetOf(same);
  const word = Object.hasOwn(WORDS, folded) ? WORDS[folded] : undefined;
  if (word !== undefined && Object.hasOwn(PRESETS, word)) return presetOf(word);
  const [only, ...others] = asPackage(name);
  return only === undefined || others.length > 0 ? undefined : presetOf(only);
}

const presetOf = (name: string): Policy => (PRESETS as Readonly<Record<string, Preset>>)[name]!.policy;

const fold = (name: string): string => name.trim().toLowerCase().replace(/[_ ]+/g, '-');

/** The presets that reproduce the package of that name. */
const asPackage = (name: string): readonly string[] =>
  PRESET_NAMES.filter((preset) => {
    const { source } = PRESETS[preset] as Preset;
    return source !== null && /^(@?[^@\s]+)@/.exec(source)?.[1] === fold(name);
  });

/** The presets that have the name as a part of theirs: `aws` of `aws-none`, `aws-sdk` and more. */
const partsOf = (name: string): readonly string[] =>
  PRESET_NAMES.filter((preset) => preset.split('-').includes(fold(name)));

const ambiguous = (name: string, presets: readonly string[]): UsageError =>
  new UsageError(
    `policy ${shown(name)} may be ${presets.slice(0, -1).join(', ')} or ${presets.at(-1)}: expected one of them`,
  );

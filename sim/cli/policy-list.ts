/** What `hangup list policies` says of a preset: its formula, its source, the knobs that differ from the defaults, when it counts anew, and what its source does beyond. */
import { durationText } from '../../src/backoff/forms.ts';
import { printPolicy } from '../../src/backoff/parse.ts';
import { LONGEST, POLICY_DEFAULTS, type Policy, type Preset } from '../../src/backoff/policy.ts';
import { formatDuration } from '../../src/time.ts';

/** Of a preset, by the word that stands before each line. */
export function detailsOf({ formula, source, lacks, policy }: Preset): Readonly<Record<string, string>> {
  return {
    formula,
    ...(source === null ? {} : { source }),
    ...ofPolicy(policy),
    ...(lacks === null ? {} : { lacks }),
  };
}

/** Of any policy: its knobs, as `--policy NAME,KNOB=VALUE` takes them, and its reset rule. */
export const ofPolicy = (policy: Policy): Readonly<Record<string, string>> => ({
  knobs: knobsOf(policy).join(', '),
  resets: resetsOf(policy),
});

/** The knobs that are not at their default. */
function knobsOf(policy: Policy): readonly string[] {
  const { delay, ...others } = printPolicy(policy) as Record<string, unknown>;
  const usual = printPolicy({ ...policy, ...POLICY_DEFAULTS }) as Record<string, unknown>;
  return [
    ...pathsOf('delay', delay),
    ...Object.entries(others).flatMap(([knob, value]) =>
      JSON.stringify(value) === JSON.stringify(usual[knob]) ? [] : pathsOf(knob, value),
    ),
  ];
}

function pathsOf(path: string, value: unknown): readonly string[] {
  if (path === 'modes') return (value as Record<string, unknown>[]).flatMap((mode, i) => modeOf(`modes[${i}]`, mode));
  if (Array.isArray(value)) return [`${path}=[${value.join(' ')}]`];
  if (value === null || typeof value !== 'object') return [`${path}=${shortly(path, value)}`];
  const { num, of } = value as { num?: number; of?: number };
  if (num !== undefined && of !== undefined) return [`${path}=${of === 1 ? num : `${num}/${of}`}`];
  return Object.entries(value).flatMap(([knob, inner]) => pathsOf(`${path}.${knob}`, inner));
}

/** No time at all and no cap in their shortest form. */
function shortly(path: string, value: unknown): string {
  if (value === '0us') return '0';
  return path.endsWith('cap') && value === durationText(LONGEST) ? 'null' : String(value);
}

/** A mode holds what a whole curve does; what says nothing is left out. */
const modeOf = (path: string, mode: Record<string, unknown>): readonly string[] =>
  Object.entries(mode).flatMap(([knob, value]) =>
    value === null || value === false ? [] : pathsOf(`${path}.${knob}`, value),
  );

/** When the counter of attempts begins anew. */
export function resetsOf({ resetOn, stableAfter, idleAfter }: Policy): string {
  const idle =
    idleAfter === null ? '' : `at the first retry that comes ${formatDuration(idleAfter)} after the last one`;
  if (resetOn === 'never') return idle === '' ? 'never' : idle;
  const what = resetOn === 'open' ? 'the connection is open' : 'the server has accepted';
  const when =
    stableAfter === 0 ? `as soon as ${what}` : `once ${what}, and for ${formatDuration(stableAfter)} or until progress`;
  return idle === '' ? when : `${when}; and ${idle}`;
}

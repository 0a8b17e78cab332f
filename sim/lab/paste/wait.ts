/**
 * A policy as a plain function `wait(attempt)`: the milliseconds until the next dial, or null where the policy gives up. It
 * has no dependencies, and draws once, as the policy does: for the same luck it waits as long, up to the microseconds that
 * whole numbers lose.
 */

import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { formatDuration } from '../../../src/time.ts';
import { isModal, modalBody, modalMemory } from './modal.ts';
import { millis } from './paste.ts';
import { at, curveOf, endsOf, mayPass, rounded, shaped } from './range.ts';

export interface WaitCode {
  /** The function, with what it remembers beside it. */
  readonly code: string;
  /** Whether it takes what a server asked for, and the time since the outage began, in milliseconds. */
  readonly takes: { readonly hint: boolean; readonly elapsed: boolean; readonly overloaded: boolean };
  /** Whether it may be null. */
  readonly ends: boolean;
  /** What the policy says beyond this function. */
  readonly lost: readonly string[];
}

/** `wait` of a policy. */
export function waitCode(policy: Policy): WaitCode {
  const hint = policy.retryAfter !== 'ignore';
  const modal = isModal(policy);
  const elapsed = policy.elapsedMax !== null || modal;
  const ends = policy.attemptsMax !== null || policy.elapsedMax !== null || stops(policy);
  const parameters = [
    'attempt: number',
    ...(hint || elapsed ? ['retryAfter = 0'] : []),
    ...(elapsed ? ['elapsed = 0'] : []),
    ...(modal ? ['overloaded = false'] : []),
  ];
  const memory = modal ? [modalMemory(policy)] : memoryOf(policy);
  const lines = [
    ...(policy.attemptsMax === null ? [] : [`if (attempt >= ${policy.attemptsMax}) return null;`]),
    ...(policy.atOnce ? [...atOnce(policy), 'const n = attempt - 1;'] : []),
    ...(stops(policy) ? [`if (${at(policy)} >= DELAYS.length) return null;`] : []),
    ...(modal
      ? [
          ...modalBody(policy),
          ...finished(policy, false, { least: 'least', most: 'most', width: '(most - least)', cap: null }),
        ]
      : body(policy)),
  ];
  const code = [
    ...(policy.delay.kind === 'table' ? [`const DELAYS = [${policy.delay.delays.map(millis).join(', ')}];`] : []),
    ...memory,
    ...(policy.delay.kind === 'table' || memory.length > 0 ? [''] : []),
    `/** ${sentence(policy, { hint, elapsed, ends })} */`,
    `function wait(${parameters.join(', ')}): number${ends ? ' | null' : ''} {`,
    ...lines.map((line) => `  ${line}`),
    '}',
  ].join('\n');
  return {
    code,
    takes: { hint, elapsed, overloaded: modal && policy.modes.some(({ on }) => on !== null) },
    ends,
    lost: lostOf(policy),
  };
}

/** The retry that comes at once, unless the server asks for something else. */
function atOnce(policy: Policy): readonly string[] {
  const wait = firstWait(policy);
  if (!remembersWait(policy)) return [`if (attempt === 0) return ${wait};`];
  return wait === '0'
    ? ['if (attempt === 0) return (previous = 0);']
    : [`if (attempt === 0) return (previous = ${wait});`];
}

function firstWait({ retryAfter, retryAfterMost, retryAfterSpread }: Policy): string {
  const asked = retryAfterMost === null ? 'retryAfter' : `Math.min(retryAfter, ${millis(retryAfterMost)})`;
  if (retryAfter === 'ignore') return '0';
  if (retryAfter !== 'honour' || retryAfterSpread === 0) return asked;
  return `retryAfter > 0 ? ${asked} + Math.random() * ${millis(retryAfterSpread)} : 0`;
}

const stops = ({ delay }: Policy): boolean => delay.kind === 'table' && delay.afterLast === 'stop';

function sentence(
  { atOnce }: Policy,
  { hint, elapsed, ends }: { hint: boolean; elapsed: boolean; ends: boolean },
): string {
  const parts = [
    `Milliseconds until the next dial; \`attempt\` is 0 for the first of an outage${atOnce ? ', which comes at once' : ''}.`,
    ...(ends ? ['Null: give up.'] : []),
    ...(hint || elapsed ? ['`retryAfter`: what the server asked for, in milliseconds.'] : []),
    ...(elapsed ? ['`elapsed`: milliseconds since the outage began.'] : []),
  ];
  return parts.join(' ');
}

/** What must be known of the last wait. */
function memoryOf({ delay, jitter }: Policy): readonly string[] {
  if (jitter.kind === 'decorrelated' || (delay.kind === 'exponential' && delay.compounds)) return ['let previous = 0;'];
  if (jitter.kind === 'decorrelated-v2') return ['let before = 0;'];
  return [];
}

const remembersWait = (policy: Policy): boolean => memoryOf(policy)[0]?.includes('previous') === true;

function body(policy: Policy): readonly string[] {
  const { jitter, cap, capOn, first } = policy;
  const n = at(policy);
  const remembers = remembersWait(policy);
  const ceiling = policy.ceiling ?? cap;
  const own: string[] = [];
  if (remembers && !policy.atOnce) own.push('if (attempt === 0) previous = 0;');
  own.push('const luck = Math.random();');
  const value = curveOf(policy, ceiling);
  own.push(`const value = ${value};`);
  if (capOn === 'value') own.push(`if (value >= ${millis(cap)}) return ${millis(cap)};`);
  if (jitter.kind === 'comb' || jitter.kind === 'exponential' || jitter.kind === 'decorrelated-v2') {
    own.push(...shaped(policy));
    own.push(...finished(policy, remembers, null));
    return own;
  }
  const [lowest, highest] = endsOf(policy, ceiling);
  const early = first === null ? null : ([millis(first.least), millis(first.most)] as const);
  const over = mayPass(policy, ceiling);
  /** A name for an end of the range, unless it is as short as one. */
  const named = (name: string, text: string, of: string | undefined): string => {
    const whole = over && capOn !== 'draw' && text !== '0' ? `Math.min(${millis(cap)}, ${text})` : text;
    if (of === undefined && (whole === '0' || whole === 'value' || /^[\d_.]+$/.test(whole))) return whole;
    own.push(`const ${name} = ${of === undefined ? whole : `${n} === 0 ? ${of} : ${whole}`};`);
    return name;
  };
  const least = named('least', lowest, early?.[0]);
  const most = lowest === highest && early === null ? least : named('most', highest, early?.[1]);
  const width = least === '0' ? most : least === most ? '0' : `(${most} - ${least})`;
  const turned = jitter.kind === 'proportional' && jitter.above.num === 0;
  const luck = !turned ? 'luck' : early === null ? '(1 - luck)' : `(${n} === 0 ? luck : 1 - luck)`;
  const drawn = rounded(
    policy,
    least === '0' ? `${luck} * ${width}` : width === '0' ? least : `${least} + ${luck} * ${width}`,
    { least, width },
  );
  own.push(`let delay = ${over && capOn === 'draw' ? `Math.min(${millis(cap)}, ${drawn})` : drawn};`);
  own.push(...finished(policy, remembers, { least, most, width, cap: over && capOn === 'draw' ? millis(cap) : null }));
  return tidy(own);
}

/** The names, or the short texts, of what a wait is drawn from. */
interface Ends {
  readonly least: string;
  readonly most: string;
  readonly width: string;
  /** What the ends are cut at for a hint, where the cap cuts the draw; null if nothing is. */
  readonly cap: string | null;
}

/** Without what is only said to be returned, or not used. */
function tidy(lines: readonly string[]): readonly string[] {
  const text = lines.join('\n');
  const uses = (name: string): number => text.split(new RegExp(`\\b${name}\\b`)).length - 1;
  const shorter = lines.filter((line) => !(line.startsWith('const luck') && uses('luck') === 1));
  const [given, returned] = shorter.slice(-2);
  if (given?.startsWith('let delay = ') && returned === 'return delay;')
    return [...shorter.slice(0, -2), `return ${given.slice('let delay = '.length)}`];
  return uses('delay') === 3 && given?.startsWith('previous')
    ? shorter.map((line) => line.replace('let delay', 'const delay'))
    : shorter;
}

/** The hint, what is remembered, and the end. */
function finished(policy: Policy, remembers: boolean, ends: Ends | null): readonly string[] {
  const lines = [...heeded(policy, ends)];
  if (policy.elapsedMax !== null) lines.push(`if (elapsed + delay > ${millis(policy.elapsedMax)}) return null;`);
  if (remembers) lines.push('previous = delay;');
  lines.push('return delay;');
  return lines;
}

function heeded(policy: Policy, ends: Ends | null): readonly string[] {
  const longest = policy.retryAfterMost === null ? null : millis(policy.retryAfterMost);
  const asked = longest === null ? 'retryAfter' : `Math.min(retryAfter, ${longest})`;
  const spread = millis(policy.retryAfterSpread);
  switch (policy.retryAfter) {
    case 'ignore':
      return [];
    case 'exact':
      return [`if (retryAfter > 0) delay = ${asked};`];
    case 'floor':
      return [
        `delay = Math.max(delay, ${longest === null ? 'retryAfter' : `Math.min(retryAfter, delay + ${longest})`});`,
      ];
    case 'honour': {
      if (ends === null) return [`if (${asked} > delay) delay = ${asked} + luck * ${spread};`];
      const cut = (end: string): string => (ends.cap === null || end === '0' ? end : `Math.min(${ends.cap}, ${end})`);
      const width =
        ends.cap === null ? ends.width : ends.least === '0' ? cut(ends.most) : `${cut(ends.most)} - ${cut(ends.least)}`;
      const wide =
        width === '0' ? spread : spread === '0' ? width : `Math.max(${width.replace(/^\((.*)\)$/, '$1')}, ${spread})`;
      const further = wide === '0' ? asked : `${asked} + luck * ${wide}`;
      return [`if (${asked} > ${cut(ends.least)}) delay = ${further};`];
    }
  }
}

/** What no function of the attempt says. */
function lostOf(policy: Policy): readonly string[] {
  const { modes, budget, window, throttle, measuredFrom, redraws, idleAfter, overflow, delay } = policy;
  return [
    ...(modes.length > 0 && !isModal(policy)
      ? ['its other modes (what it does after a refusal for overload, or later in an outage) are left out']
      : []),
    ...(budget !== null ? [`its budget of ${budget.tokens} tokens is left out`] : []),
    ...(window !== null ? [`its limit of ${window.dials} dials in ${formatDuration(window.within)} is left out`] : []),
    ...(throttle !== null ? ['its throttling by what was accepted is left out'] : []),
    ...(measuredFrom === 'dial' ? ['waits count from the failure here, not from the start of the dial'] : []),
    ...(redraws ? ['waits are drawn once here'] : []),
    ...(idleAfter !== null ? [`attempts do not begin anew after ${formatDuration(idleAfter)} without a retry`] : []),
    ...(overflow === 'at-once' ? [`no wait is longer than ${formatDuration(LONGEST)}, and none overflows`] : []),
    ...(delay.kind === 'exponential' && delay.steepens === true
      ? ['the factor does not grow with the attempt here']
      : []),
  ];
}

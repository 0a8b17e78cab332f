/**
 * A policy as a plain function `wait(attempt)`: the milliseconds until the next dial, or null where the policy gives up. It
 * has no dependencies, and draws once, as the policy does: for the same luck it waits as long, up to the microseconds that
 * whole numbers lose.
 */

import { type Curve, LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { formatDuration } from '../../../src/time.ts';
import { millis, ratioText } from './paste.ts';

export interface WaitCode {
  /** The function, with what it remembers beside it. */
  readonly code: string;
  /** Whether it takes what a server asked for, and the time since the outage began, in milliseconds. */
  readonly takes: { readonly hint: boolean; readonly elapsed: boolean };
  /** Whether it may be null. */
  readonly ends: boolean;
  /** What the policy says beyond this function. */
  readonly lost: readonly string[];
}

/** `wait` of a policy. */
export function waitCode(policy: Policy): WaitCode {
  const hint = policy.retryAfter !== 'ignore';
  const elapsed = policy.elapsedMax !== null;
  const ends = policy.attemptsMax !== null || elapsed || stops(policy);
  const parameters = [
    'attempt: number',
    ...(hint || elapsed ? ['retryAfter = 0'] : []),
    ...(elapsed ? ['elapsed = 0'] : []),
  ];
  const memory = memoryOf(policy);
  const lines = [
    ...(policy.attemptsMax === null ? [] : [`if (attempt >= ${policy.attemptsMax}) return null;`]),
    ...(policy.atOnce ? [...atOnce(policy), 'const n = attempt - 1;'] : []),
    ...(stops(policy) ? [`if (${at(policy)} >= DELAYS.length) return null;`] : []),
    ...body(policy),
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
  return { code, takes: { hint, elapsed }, ends, lost: lostOf(policy) };
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

/** The number of the attempt on the curve, which a retry that comes at once stands before. */
const at = ({ atOnce }: Policy): string => (atOnce ? 'n' : 'attempt');

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

function curveOf(policy: Policy, ceiling: number): string {
  const { delay } = policy;
  const n = at(policy);
  const limited = (text: string): string => `Math.min(${millis(ceiling)}, ${text})`;
  switch (delay.kind) {
    case 'constant':
      return millis(Math.min(delay.base, ceiling));
    case 'linear':
      return limited(`${millis(delay.base)} + ${millis(delay.step)} * ${n}`);
    case 'exponential':
      return delay.compounds
        ? limited(`Math.max(${millis(delay.base)}, previous * ${ratioText(delay.factor)})`)
        : limited(`${millis(delay.base)} * ${ratioText(delay.factor)} ** ${n}`);
    case 'table': {
      const entry = delay.afterLast === 'stop' ? `DELAYS[${n}]!` : `DELAYS[Math.min(${n}, DELAYS.length - 1)]!`;
      return delay.delays.some((each) => each > ceiling) ? limited(entry) : entry;
    }
  }
}

/** The ends of the range before the cap. */
function endsOf(policy: Policy, ceiling: number): readonly [least: string, most: string] {
  const { jitter } = policy;
  const n = at(policy);
  const wide = (text: string, widens: { num: number; of: number } | undefined): string =>
    widens === undefined || widens.num === 0 ? text : `${text} * (1 + ${n} * ${ratioText(widens)})`;
  switch (jitter.kind) {
    case 'full':
      return jitter.floor === 0 ? ['0', 'value'] : [millis(jitter.floor), `${millis(jitter.floor)} + value`];
    case 'equal':
      return ['value / 2', 'value'];
    case 'decorrelated': {
      const least = jitter.ratchet === true ? 'Math.max(value, previous)' : 'value';
      return [
        least,
        `Math.max(${least}, Math.min(${millis(ceiling)}, Math.max(value, previous) * ${ratioText(jitter.factor)}))`,
      ];
    }
    case 'proportional': {
      const below = wide(`value * ${ratioText(jitter.below)}`, jitter.widens);
      const above = wide(
        jitter.above.num === jitter.above.of ? 'value' : `value * ${ratioText(jitter.above)}`,
        jitter.widens,
      );
      const widens = jitter.widens !== undefined && jitter.widens.num > 0;
      const least = jitter.below.num === 0 ? 'value' : widens ? `Math.max(0, value - ${below})` : `value - ${below}`;
      return [least, jitter.above.num === 0 ? 'value' : `value + ${above}`];
    }
    case 'additive':
      return [
        jitter.least === 0 ? 'value' : `value + ${wide(millis(jitter.least), jitter.widens)}`,
        `value + ${wide(millis(jitter.most), jitter.widens)}`,
      ];
    default:
      return ['value', 'value'];
  }
}

/** Whether the range may reach beyond the cap, so that something must cut it. */
function mayPass({ jitter, first, cap }: Policy, ceiling: number): boolean {
  if (ceiling > cap || (first !== null && first.most > cap)) return true;
  const reach = jitter.kind === 'proportional' ? ceiling * (1 + jitter.above.num / jitter.above.of) : ceiling;
  if (jitter.kind === 'proportional') return reach > cap || jitter.widens !== undefined;
  if (jitter.kind === 'additive') return ceiling + jitter.most > cap || jitter.widens !== undefined;
  return jitter.kind === 'full' && jitter.floor > 0;
}

/** Jitter whose draw is not uniform. */
function shaped(policy: Policy): readonly string[] {
  const { jitter, delay, cap, first } = policy;
  const n = at(policy);
  const early =
    first === null
      ? []
      : [`if (${n} === 0) return ${millis(first.least)} + luck * ${millis(first.most - first.least)};`];
  const cut = (text: string): string => `let delay = Math.min(${millis(cap)}, ${text});`;
  switch (jitter.kind) {
    case 'comb':
      return [
        ...early,
        `const deviation = ${rounded(policy, `luck * value * ${ratioText(jitter.share)}`)};`,
        cut(`Math.floor(luck * ${jitter.teeth}) % 2 === 0 ? value - deviation : value + deviation`),
      ];
    case 'exponential':
      return [...early, cut(rounded(policy, '-value * Math.log(1 - luck)'))];
    case 'decorrelated-v2': {
      const factor = delay.kind === 'exponential' ? ratioText(delay.factor) : '1';
      const base = delay.kind === 'exponential' ? millis(delay.base) : 'value';
      return [
        ...early,
        `const now = ${factor} ** (${n} + luck) * Math.tanh(Math.sqrt(4 * (${n} + luck)));`,
        cut(rounded(policy, `Math.max(0, now - (${n} === 0 ? 0 : before)) * (${base} / 1.4)`)),
        'before = now;',
      ];
    }
    default:
      return early;
  }
}

function rounded(
  { rounding }: Curve,
  text: string,
  range?: { readonly least: string; readonly width: string },
): string {
  if (rounding === null) return text;
  const to = millis(rounding.to);
  const whole = (inner: string): string => (to === '1' ? inner : `${to} * ${inner}`);
  const unit = to === '1' ? '' : ` / ${to}`;
  switch (rounding.by) {
    case 'down':
      return whole(to === '1' ? `Math.floor(${text})` : `Math.floor((${text})${unit})`);
    case 'nearest':
      return whole(to === '1' ? `Math.round(${text})` : `Math.round((${text})${unit})`);
    case 'even': {
      if (range === undefined) return whole(`Math.floor((${text})${unit})`);
      const steps = whole(`Math.floor(luck * (Math.floor(${range.width}${unit}) + 1))`);
      return range.least === '0' ? steps : `${range.least} + ${steps}`;
    }
  }
}

/** What no function of the attempt says. */
function lostOf(policy: Policy): readonly string[] {
  const { modes, budget, window, throttle, measuredFrom, redraws, idleAfter, overflow, delay } = policy;
  return [
    ...(modes.length > 0
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

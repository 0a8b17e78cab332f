/** Where the wait of an attempt lies, as code: the value of the curve, the range about it, and what is no range. */
import type { Curve, Policy } from '../../../src/backoff/policy.ts';
import { millis, ratioText } from './paste.ts';

/** The number of the attempt on the curve, which a retry that comes at once stands before. */
export const at = ({ atOnce }: Policy): string => (atOnce ? 'n' : 'attempt');

/** The value of the curve at an attempt. */
export function curveOf(policy: Policy, ceiling: number): string {
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
export function endsOf(policy: Policy, ceiling: number): readonly [least: string, most: string] {
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
export function mayPass({ jitter, first, cap }: Policy, ceiling: number): boolean {
  if (ceiling > cap || (first !== null && first.most > cap)) return true;
  const reach = jitter.kind === 'proportional' ? ceiling * (1 + jitter.above.num / jitter.above.of) : ceiling;
  if (jitter.kind === 'proportional') return reach > cap || jitter.widens !== undefined;
  if (jitter.kind === 'additive') return ceiling + jitter.most > cap || jitter.widens !== undefined;
  return jitter.kind === 'full' && jitter.floor > 0;
}

/** Jitter whose draw is not uniform. */
export function shaped(policy: Policy): readonly string[] {
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

/** A text that is rounded as the policy rounds. */
export function rounded(
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

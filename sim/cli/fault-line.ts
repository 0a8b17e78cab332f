/** A fault of a plan in a line: `fault 0: cut of c1-lb at 3.200000 s, lasts 5 s, direction both`. */
import { type Duration, formatDuration, formatInstant } from '../../src/time.ts';
import { type Faults, listOf } from '../faults/catalogue.ts';
import type { Fault } from '../faults/plan.ts';
import type { Outcome } from '../outcome.ts';

/** The plan of a run, a fault a line; `idle` are the places of those that changed nothing, null when nobody looked. */
export function planLines(
  { plan, left, ended }: Outcome,
  faults: Faults,
  idle: readonly number[] | null,
): readonly string[] {
  const lastLeft = Math.max(...Object.values(left), 0);
  return plan.map((fault, number) => {
    const line = faultLine(number, fault, faults);
    const said = [
      fault.at > ended ? `never began, for the run ended at ${formatInstant(ended)}` : null,
      fault.at > lastLeft && lastLeft > 0 ? 'every application had left' : null,
      idle?.includes(number) ? 'changed nothing: without it the run is the same' : null,
    ].filter((each) => each !== null);
    return said.length === 0 ? line : `${line} (${said.join(', ')})`;
  });
}

export function faultLine(number: number, fault: Fault, faults: Faults): string {
  const { kind, target, at, ...rest } = fault;
  const parameters: Readonly<Record<string, string>> =
    listOf(faults).find(({ name }) => name === kind)?.parameters ?? {};
  const said = Object.entries(rest).map(([name, value]) => {
    const isTime = typeof value === 'number' && parameters[name]?.startsWith('microseconds');
    return `, ${name} ${isTime ? formatDuration(value as Duration) : Array.isArray(value) ? value.join(' ') : value}`;
  });
  return `fault ${number}: ${kind} of ${target} at ${formatInstant(at)}${said.join('')}`;
}

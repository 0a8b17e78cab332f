/** A fault of a plan in a line: `fault 0: cut of c1-lb at 3.200000 s, lasts 5 s, direction both`. */
import { type Duration, formatDuration, formatInstant } from '../../src/time.ts';
import { FAULTS } from '../faults/catalogue.ts';
import type { Fault } from '../faults/plan.ts';

export function faultLine(number: number, fault: Fault): string {
  const { kind, target, at, ...rest } = fault;
  const parameters: Readonly<Record<string, string>> = FAULTS.find(({ name }) => name === kind)?.parameters ?? {};
  const said = Object.entries(rest).map(([name, value]) => {
    const isTime = typeof value === 'number' && parameters[name]?.startsWith('microseconds');
    return `, ${name} ${isTime ? formatDuration(value as Duration) : Array.isArray(value) ? value.join(' ') : value}`;
  });
  return `fault ${number}: ${kind} of ${target} at ${formatInstant(at)}${said.join('')}`;
}

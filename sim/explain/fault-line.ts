/** A fault of a plan in a line: `fault 0: cut of c1-lb at 3.200000 s, lasts 5 s, direction both`. */
import { type Duration, formatDuration, formatInstant } from '../../src/time.ts';
import type { Outcome } from '../core/outcome.ts';
import { NEUTRAL_PHASES, type Phases } from '../core/phases.ts';
import { type Faults, kindOf } from '../faults/catalogue.ts';
import { momentText } from '../faults/moment.ts';
import type { Parameter } from '../faults/parameter.ts';
import type { Fault } from '../faults/plan.ts';

/** The plan of a run, a fault a line; `idle` are the places of those that changed nothing, null when nobody looked. */
export function planLines(
  { plan, left, ended, began }: Outcome,
  faults: Faults,
  idle: readonly number[] | null,
  phases?: Phases,
): readonly string[] {
  const lastLeft = Math.max(...Object.values(left), 0);
  return plan.map((fault, number) => {
    const line = faultLine(number, fault, faults, phases);
    const at = began?.[number] ?? fault.at;
    const said = [
      fault.upon !== undefined && at < fault.at ? `began at ${formatInstant(at)}` : null,
      at > ended ? `never began, for the run ended at ${formatInstant(ended)}` : null,
      at > lastLeft && lastLeft > 0 ? 'every application had left' : null,
      idle?.includes(number) ? 'changed nothing: without it the run is the same' : null,
    ].filter((each) => each !== null);
    return said.length === 0 ? line : `${line} (${said.join(', ')})`;
  });
}

export function faultLine(number: number, fault: Fault, faults: Faults, phases: Phases = NEUTRAL_PHASES): string {
  const { kind, target, at, upon, ...rest } = fault;
  const parameters: Readonly<Record<string, Parameter>> = kindOf(faults, kind).parameters;
  const said = Object.entries(rest).map(([name, value]) => `, ${name} ${valueText(value, parameters[name]?.unit)}`);
  const begins = upon === undefined ? '' : `${momentText(upon, phases)}, or `;
  return `fault ${number}: ${kind} of ${target} ${begins}at ${formatInstant(at)}${said.join('')}`;
}

/** A value as the rest of the command writes it: `250 ms`, `4.1 %`, or as it stands. */
function valueText(value: unknown, unit: Parameter['unit']): string {
  if (typeof value === 'number' && unit === 'microseconds') return formatDuration(value as Duration);
  if (typeof value === 'number' && unit === 'thousandths') return `${value / 10} %`;
  return Array.isArray(value) ? value.join(' ') : String(value);
}

/** The faults of a plan as bars: when each began and ended in this run, and whom it touches. */
import { formatInstant } from '../../../src/time.ts';
import { visible } from '../../../src/visible.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Phases } from '../../core/phases.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import type { World } from '../../core/world.ts';
import { faultLine } from '../../explain/fault-line.ts';
import { durationOf, type Faults, kindOf } from '../../faults/catalogue.ts';
import type { Parameter } from '../../faults/parameter.ts';
import type { Fault } from '../../faults/plan.ts';
import type { Lanes } from './lanes.ts';
import type { FaultSpan } from './model.ts';

export function faultSpans(
  { plan, ended }: Pick<Outcome, 'plan' | 'ended'>,
  history: readonly RecordedEntry[],
  faults: Faults,
  world: World,
  lanes: Lanes,
  phases: Phases | undefined,
): readonly FaultSpan[] {
  const began = new Map<number, number>();
  const over = new Map<number, number>();
  for (const entry of history) if (entry.kind === 'fault') (entry.begins ? began : over).set(entry.fault, entry.at);
  return plan.map((fault, number) => {
    const begins = began.get(number) ?? fault.at;
    const link = world.links.find(({ node }) => node === fault.target);
    const touched = link === undefined ? [fault.target] : [...link.ends];
    return {
      number,
      kind: fault.kind,
      target: fault.target,
      words: wordsOf(faultLine(number, fault, faults, phases), fault),
      between: link?.ends ?? null,
      lanes: [...new Set(touched.map(lanes.of).filter((lane) => lane >= 0))],
      begins,
      ends: over.get(number) ?? Math.max(begins, Math.min(begins + durationOf(faults, fault), ended)),
      lasts: lastsOf(kindOf(faults, fault.kind).parameters, fault),
      happened: began.has(number),
    };
  });
}

/** In a line, without its number, and without a time that the bar shows. */
const wordsOf = (line: string, { at, upon }: Fault): string =>
  visible(line.replace(/^fault \d+: /, '').replace(upon === undefined ? ` at ${formatInstant(at)}` : '', ''));

/** The parameter by which it is made longer or shorter. */
function lastsOf(
  parameters: Readonly<Record<string, Parameter>>,
  fault: Readonly<Record<string, unknown>>,
): string | null {
  const timed = Object.entries(parameters).filter(
    ([name, { unit }]) => unit === 'microseconds' && typeof fault[name] === 'number',
  );
  return timed.find(([name]) => name === 'lasts')?.[0] ?? (timed.length === 1 ? (timed[0]?.[0] ?? null) : null);
}

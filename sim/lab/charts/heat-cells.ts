/** The cells of a map of parameters: pairs of values of two knobs, each with the best candidate that has them. */
import type { LabCandidate, LabTuning, LabVaried } from '../experiment/document.ts';
import type { Reading } from './reading.ts';

export interface Cell {
  readonly across: string;
  readonly up: string;
  readonly candidate: LabCandidate;
}

export const parametersOf = ({ document }: Reading, { contender }: LabCandidate): Readonly<Record<string, string>> =>
  document.contenders.find(({ name }) => name === contender)?.parameters ?? {};

/** The best candidate of each pair of values: one that keeps the constraints before one that does not. */
export function cellsOf(reading: Reading, tuning: LabTuning, across: LabVaried, up: LabVaried | null): readonly Cell[] {
  const best = new Map<string, Cell>();
  for (const candidate of tuning.candidates) {
    const parameters = parametersOf(reading, candidate);
    const cell = {
      across: parameters[across.knob] ?? '',
      up: up === null ? '' : (parameters[up.knob] ?? ''),
      candidate,
    };
    const key = JSON.stringify([cell.across, cell.up, tuning.design === 'grid' ? '' : candidate.contender]);
    const other = best.get(key);
    if (other === undefined || isBetter(candidate, other.candidate, tuning.winner)) best.set(key, cell);
  }
  return [...best.values()];
}

function isBetter(one: LabCandidate, other: LabCandidate, winner: string | null): boolean {
  if (one.contender === winner || other.contender === winner) return one.contender === winner;
  if (one.keepsConstraints !== other.keepsConstraints) return one.keepsConstraints;
  return (one.objective ?? Infinity) < (other.objective ?? Infinity);
}

/** Memory of kernels that are closed: most runs are short, and new memory for each is a part of them that shows. */
import { Agenda } from './agenda.ts';
import { Timers } from './timers.ts';

interface Memory {
  readonly agenda: Agenda;
  readonly timers: Timers;
}

const idle: Memory[] = [];
/** What ten thousand clients grew is not wiped for one. */
const KEPT_CAPACITY = 1024;

export const takeMemory = (): Memory => idle.pop() ?? { agenda: new Agenda(), timers: new Timers() };

/** Nobody uses it any more. */
export function keepMemory(memory: Memory): void {
  const { agenda, timers } = memory;
  if (agenda.capacity > KEPT_CAPACITY || timers.capacity > KEPT_CAPACITY) return;
  agenda.clear();
  timers.reset();
  idle.push(memory);
}

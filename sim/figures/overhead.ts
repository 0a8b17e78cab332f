/**
 * What recovery costs: the events of a run beside those of the same seed without faults. No fold can see both, so the
 * sweep measures it (`explore/pair.ts`), for any scenario that promises it.
 */
import { figure } from './figure.ts';

export const OVERHEAD = figure({
  name: 'overhead',
  states: 'extra events by recovery, against the same seeds without faults over the same time',
  unit: 'percent',
  statistic: 'ratio',
  remember: () => null,
  on: {},
  come: () => null,
});

/** The figure of each target: from what many runs measured together to one number, in the target's unit. */
import { TARGETS } from '../targets/catalogue.ts';
import type { TargetName } from '../targets/target.ts';
import { type Histogram, mean, quantile } from './histogram.ts';
import type { Measures, Spread } from './measures.ts';

/** A number, and from how many samples; `null` when nothing was measured. */
export interface Figure {
  readonly value: number | null;
  readonly samples: number;
  /** The distribution that it was taken from, for the quantiles beside it. */
  readonly spread: Histogram | null;
}

/** Targets on a distribution. */
const SPREADS = {
  connect: 'connect',
  'context-restored': 'contextRestored',
  'context-brief': 'contextBrief',
  'context-medium': 'contextMedium',
  reconnect: 'reconnect',
  'stream-resumed': 'streamResumed',
  recovery: 'recovery',
  graceful: 'graceful',
  emergency: 'emergency',
  rolling: 'rolling',
  'state-restored': 'stateRestored',
} as const satisfies { readonly [T in TargetName]?: Spread };

/** The same by any target's name. */
export const SPREAD_OF: { readonly [T in TargetName]?: Spread } = SPREADS;

const hasSpread = (name: TargetName): name is keyof typeof SPREADS => Object.hasOwn(SPREADS, name);

export function figureOf(name: TargetName, measures: Measures): Figure {
  if (hasSpread(name)) return ofSpread(name, measures[SPREADS[name]]);
  const { runs, moves } = measures;
  switch (name) {
    case 'address-change':
      return growth(measures.stillMean, measures.movedMean, moves);
    case 'cycle-slowdown':
      // Growth from the first five cycles to the last five, spread over the cycles between them.
      return growth(measures.cycleEarly, measures.cycleLate, measures.cycled, measures.cyclesBetween / measures.cycled);
    case 'cycle-memory':
      return growth(measures.memoryEarly, measures.memoryLate, measures.cycled);
    case 'overhead':
      return growth(measures.faultFreeEvents, measures.faultFreeEvents + measures.extraEvents, measures.pairs);
    case 'buffers':
      return of(measures.peakTogetherBytes, runs);
    case 'backoff':
      return of(measures.longestWait, measures.disconnects);
    case 'resent':
      return of(measures.resentPermille / 10, measures.disconnects);
    case 'completion':
      return share(measures.streamsCompleted, measures.streamsOwed);
    case 'integrity':
      return share(measures.streamsIntact, measures.streamsCompleted);
    case 'recovered':
      return share(measures.recovered, measures.recoverable);
    case 'timeouts':
      return share(measures.deadlinesKept, measures.deadlinesPassed);
    default:
      return name satisfies never;
  }
}

const of = (value: number | null, samples: number, spread: Histogram | null = null): Figure => ({
  value: samples === 0 ? null : value,
  samples,
  spread,
});

function ofSpread(name: TargetName, spread: Histogram): Figure {
  const { statistic } = TARGETS[name];
  return of(statistic === 'mean' ? mean(spread) : quantile(spread, 95, 100), spread.count, spread);
}

const share = (part: number, whole: number): Figure => of((part / whole) * 100, whole);

/** Growth in percent, a step if there are several. */
const growth = (from: number, to: number, samples: number, steps = 1): Figure =>
  of(from === 0 ? null : ((to / from - 1) * 100) / steps, from === 0 ? 0 : samples);

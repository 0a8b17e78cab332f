/**
 * The service levels of the session protocol: what each target promises of a figure, and what counts as held.
 *
 * `asked` is what people ask of such a system, `held` what this project holds; where they differ, what is held is the
 * stronger. Where the wording leaves the statistic open, times are judged at the 95th percentile, peaks at the maximum.
 */
import type { MeasuredFigure } from '../figures/figure.ts';
import type { Level, NamedTarget } from '../targets/target.ts';
import { COMMON_TARGETS } from '../targets/target.ts';
import { FIGURES } from './figures/catalogue.ts';

const MS = 1_000;
const SECOND = 1_000_000;

const below = (figure: MeasuredFigure, held: number): Level => ({ figure, is: 'below', held });
const atMost = (figure: MeasuredFigure, held: number): Level => ({ figure, is: 'at most', held });
const all = (figure: MeasuredFigure, asked = 100): Level => ({ figure, is: 'at least', held: 100, asked });

/** In the order in which reports show them, each under the name of its figure. */
const LEVELS = {
  connect: below(FIGURES.connect, 500 * MS),
  'context-restored': below(FIGURES.contextRestored, SECOND),
  'context-brief': below(FIGURES.contextBrief, 500 * MS),
  'context-medium': below(FIGURES.contextMedium, 2 * SECOND),
  'address-change': below(FIGURES.addressChange, 10),
  'cycle-slowdown': below(FIGURES.cycleSlowdown, 2),
  'cycle-memory': below(FIGURES.cycleMemory, 5),
  reconnect: below(FIGURES.reconnect, 2 * SECOND),
  'stream-resumed': below(FIGURES.streamResumed, 500 * MS),
  recovery: below(FIGURES.recovery, 5 * SECOND),
  buffers: below(FIGURES.buffers, 50_000_000),
  graceful: below(FIGURES.graceful, 10 * SECOND),
  emergency: below(FIGURES.emergency, 30 * SECOND),
  rolling: below(FIGURES.rolling, 5 * SECOND),
  backoff: atMost(FIGURES.backoff, 60 * SECOND),
  'state-restored': below(FIGURES.stateRestored, 2 * SECOND),
  completion: all(FIGURES.completion, 99.95),
  integrity: all(FIGURES.integrity),
  recovered: all(FIGURES.recovered, 99.9),
  timeouts: all(FIGURES.timeouts),
  resent: atMost(FIGURES.resent, 100),
} as const;

export const TARGETS: typeof LEVELS & { readonly overhead: Level } = {
  ...LEVELS,
  overhead: COMMON_TARGETS.overhead as Level,
};
export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as readonly TargetName[];

/** That a scenario of the session protocol promises a target. */
export interface SessionTarget extends NamedTarget {
  readonly name: TargetName;
}

/**
 * The catalogue of targets: what each promises, how it is measured, and what counts as held.
 *
 * `asked` is what people ask of such a system, `held` what this project holds; where they differ, what is held is the
 * stronger. Where the wording leaves the statistic open, times are judged at the 95th percentile, peaks at the maximum.
 */
import type { TargetName } from './target.ts';

/** How runs become one number: `ratio` is growth in percent, `share` a part of the whole in percent. */
export type Statistic = 'mean' | 'p95' | 'max' | 'ratio' | 'share';

export interface Target {
  /** One sentence for the report. */
  readonly states: string;
  /** Unit of the figure and of the bounds: virtual microseconds, bytes or percent. */
  readonly unit: 'us' | 'bytes' | 'percent';
  readonly statistic: Statistic;
  /** The figure must be below, at most, or at least the bound. */
  readonly is: 'below' | 'at most' | 'at least';
  readonly asked: number;
  readonly held: number;
}

const MS = 1_000;
const SECOND = 1_000_000;

const below = (statistic: Statistic, asked: number, states: string): Target => ({
  states,
  unit: statistic === 'ratio' ? 'percent' : 'us',
  statistic,
  is: 'below',
  asked,
  held: asked,
});

const all = (states: string, asked = 100): Target => ({
  states,
  unit: 'percent',
  statistic: 'share',
  is: 'at least',
  asked,
  held: 100,
});

export const TARGETS: Readonly<Record<TargetName, Target>> = {
  connect: below('mean', 500 * MS, 'from the start of an application to its first WELCOME'),
  'context-restored': below(
    'p95',
    SECOND,
    'from the opening of a connection to the application having its context back',
  ),
  'context-brief': below('p95', 500 * MS, 'the same after an outage below 30 s'),
  'context-medium': below('p95', 2 * SECOND, 'the same after an outage of 30 s to 5 min'),
  'address-change': below('ratio', 10, 'how much longer context takes from another address than from the same one'),
  'cycle-slowdown': below('ratio', 2, 'how much slower each cycle of loss and recovery gets, over ten cycles or more'),
  'cycle-memory': below(
    'ratio',
    5,
    'how many more bytes connections hold at the most in the last cycles than in the first',
  ),
  reconnect: below('p95', 2 * SECOND, 'from the loss of a connection to the next WELCOME'),
  'stream-resumed': below('p95', 500 * MS, 'from that WELCOME to the first new byte of an unfinished stream'),
  recovery: below('p95', 5 * SECOND, 'from the loss of a connection to the first new byte for the application'),
  buffers: {
    states: 'most bytes that all connections together held',
    unit: 'bytes',
    statistic: 'max',
    is: 'below',
    asked: 50_000_000,
    held: 50_000_000,
  },
  graceful: below('p95', 10 * SECOND, 'from the notice of a drain to the client being live elsewhere'),
  emergency: below('p95', 30 * SECOND, 'from the death of a server to the recovery of its client'),
  rolling: below('p95', 5 * SECOND, 'time without service of a client while all servers are replaced in turn'),
  backoff: { ...below('max', 60 * SECOND, 'the longest wait before a retry'), is: 'at most' },
  'state-restored': below('p95', 2 * SECOND, 'context restored by another server process than before'),
  completion: all('streams that complete, of those owed', 99.95),
  integrity: all('streams that are byte for byte what was produced, of those complete'),
  recovered: all('outages recovered from, of those that could be', 99.9),
  timeouts: all('deadlines acted on at their time, of those that passed'),
  resent: {
    states: "most bytes of a stream sent again after one disconnect, of the window in flight (the client's credit)",
    unit: 'percent',
    statistic: 'max',
    is: 'at most',
    asked: 100,
    held: 100,
  },
  overhead: below('ratio', 10, 'extra events by recovery, against the same seeds without faults over the same time'),
};

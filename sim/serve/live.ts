/**
 * What a dashboard says of a sweep that is under way: runs, time left, what is broken so far, and the slowest recovery. Pure:
 * whoever asks brings the wall time.
 */
import { shownIn } from '../cli/columns.ts';
import { badRuns } from '../explore/measures.ts';
import { lawsOf } from '../explore/problems.ts';
import type { Progress, Sweep } from '../explore/sweep.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { count, counted, duration } from '../report/words.ts';

/** One failing seed. */
export interface Red extends Said {
  readonly scenario: string;
  readonly seed: string;
  readonly plan: FaultPlan | null;
}

/** What a page shows of it. */
export interface Said {
  /** `context/basic@k7f3`: what `replay` takes. */
  readonly run: string;
  readonly laws: readonly string[];
  readonly message: string;
}

/** What is sent to pages, several times a second. */
export interface Live {
  /** `running`, or why nothing more comes: `ended`. */
  readonly state: 'running' | 'ended';
  readonly done: number;
  readonly total: number;
  /** What stands beside the bar: `12,000 of 30,000 runs, 512 a second, 35 s left`. */
  readonly words: string;
  /** `context/basic now; recovery up to 3.2 s (restart/herd)`. */
  readonly now: string;
  readonly reds: readonly Said[];
  /** Failing runs besides those in `reds`. */
  readonly more: number;
  /** Goes up whenever the tables of the page are newer. */
  readonly edition: number;
}

/** So many failing seeds are listed by themselves: a page is read by people. The number of the others is said. */
const LISTED = 100;

/** Failing seeds of a sweep so far, in the order of its scenarios and seeds. */
export function redsOf({ tallies }: Sweep): { readonly reds: readonly Red[]; readonly more: number } {
  let all = 0;
  const reds: Red[] = [];
  for (const { scenario, tally } of tallies) {
    all += badRuns(tally);
    for (const bad of tally.bad) {
      if (reds.length >= LISTED) break;
      const message = bad.breaches[0]?.message ?? bad.ended?.message ?? bad.exceeded ?? '';
      const { seed, plan } = bad;
      const run = `${scenario.name}@${seed}`;
      reds.push({ run, scenario: scenario.name, seed, plan, laws: [...new Set(lawsOf(bad))], message });
    }
  }
  return { reds, more: all - reds.length };
}

/** The words for a sweep that has run for so many milliseconds of wall time. */
export function liveOf(progress: Progress, soFar: Sweep, wallMs: number, edition: number): Live {
  const { done, total, scenario, most } = progress;
  const rate = wallMs > 0 ? (done / wallMs) * 1000 : 0;
  const left = rate > 0 ? `, ${duration(((total - done) / rate) * 1000)} left` : '';
  const slowest =
    most === null ? '' : `; ${most.figure.name} up to ${shownIn(most.figure.unit, most.value)} (${most.scenario})`;
  return {
    state: 'running',
    done,
    total,
    words: `${count(done)} of ${counted(total, 'run')}, ${count(rate)} a second${left}`,
    now: `${scenario} now${slowest}`,
    ...redsOf(soFar),
    edition,
  };
}

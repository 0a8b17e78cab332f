/** What is counted while a storm runs, and the run that is made of it. */
import type { Clients } from './clients.ts';
import type { StormRun } from './run.ts';
import type { Storm } from './storm.ts';
import { BIN_WIDTH, Tally } from './tally.ts';

export class Record {
  readonly arrivals: Tally;
  readonly admissions: Tally;
  readonly refusals: Tally;
  readonly outcomes = { dials: 0, down: 0, refused: 0, admitted: 0, timedOut: 0, inVain: 0, wakeUps: 0, offline: 0 };

  /** Bins are laid out from `lastEnd`. */
  constructor(lastEnd: number) {
    this.arrivals = new Tally(lastEnd);
    this.admissions = new Tally(lastEnd);
    this.refusals = new Tally(lastEnd);
  }

  /** The run, when nothing more happens. */
  run(storm: Storm, clients: Clients, events: number, end: number): StormRun {
    const { droppedAt, attemptsDuring, attemptsAfter, gaveUp } = clients;
    const { dials, down, refused, admitted, timedOut, offline } = this.outcomes;
    const length = Math.max(this.arrivals.used, this.admissions.used);
    return {
      storm,
      ...{ droppedAt, recoveredAt: clients.recoveredAt(), attemptsDuring, attemptsAfter, gaveUp },
      ...{ binWidth: BIN_WIDTH, binsFrom: this.arrivals.from },
      arrivals: this.arrivals.bins(length),
      admissions: this.admissions.bins(length),
      refusals: this.refusals.bins(length),
      outcomes: {
        ...this.outcomes,
        pending: dials - down - refused - admitted - timedOut,
        offline: offline + clients.offlineUntil(storm.horizon),
      },
      ...{ events, end },
    };
  }
}

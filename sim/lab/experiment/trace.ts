/**
 * One replication looked at closely, small enough for a document: how dials arrived, who was still waiting when, and each
 * dial of a sample of clients.
 */

import type { StormRun } from '../storm/run.ts';
import type { LabOutcome } from './document.ts';
import type { Traced } from './task.ts';

/** Clients whose dials are shown: as many lines as a picture can tell apart. */
const SAMPLE = 200;
/** Dials of the sample, at most: a policy without backoff would fill a disk. */
const DIALS_MOST = 20_000;
/** Bins of a picture, at most; wider ones are made of what a run counted, so many for one. */
const BINS_MOST = 6000;
const WIDTHS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
/** Points of a curve, at most. */
const POINTS_MOST = 600;
/** How much of the time behind the last admission is shown, as a share of the time before it. */
const TAIL = 0.1;

/** A dial of a client of the sample; instants in microseconds. */
interface Dial {
  readonly at: number;
  readonly place: number;
  readonly outcome: LabOutcome;
}

/** Hears of dials while a replication runs, and keeps those of the sample. */
export class Sampler {
  readonly clients: number;
  readonly #step: number;
  readonly #dials: Dial[] = [];

  /** Clients evenly from all of them, so that no cohort is missed. */
  constructor(all: number) {
    this.clients = Math.min(SAMPLE, all);
    this.#step = all / this.clients;
  }

  watch = (client: number, at: number, outcome: LabOutcome): void => {
    const place = Math.ceil(client / this.#step);
    if (place >= this.clients || Math.floor(place * this.#step) !== client) return;
    this.#dials.push({ at, place, outcome });
  };

  /**
   * All dials of the sample until then, in order of time. Where those are too many it is a smaller sample, every second
   * client of it or fewer: dials that were left out of a client would look like a policy that dials no more.
   */
  dials(to: number): { readonly clients: number; readonly dials: readonly Dial[] } {
    const shown = this.#dials.filter(({ at }) => at <= to);
    let every = 1;
    let kept = shown;
    while (kept.length > DIALS_MOST && every < this.clients) {
      every++;
      const step = every;
      kept = shown.filter(({ place }) => place % step === 0);
    }
    const dials = kept.map((dial) => ({ ...dial, place: dial.place / every }));
    dials.sort((a, b) => a.at - b.at || a.place - b.place);
    return { clients: Math.ceil(this.clients / every), dials: dials.slice(0, DIALS_MOST) };
  }
}

/** What a run shows; `recovery` is the end of the last outage, in microseconds. */
export function tracedOf(run: StormRun, sampler: Sampler, recovery: number): Traced {
  const to = shownUntil(run, recovery);
  const { clients, dials } = sampler.dials(to);
  return {
    bins: binsOf(run, to, recovery),
    waiting: waitingOf(run, recovery),
    attempts: {
      clients,
      of: run.storm.clients,
      client: dials.map(({ place }) => place),
      seconds: dials.map(({ at }) => inSeconds(at)),
      outcome: dials.map(({ outcome }) => outcome),
    },
  };
}

/** A little behind the last admission; twice the outage where nobody ever was admitted. */
function shownUntil(run: StormRun, recovery: number): number {
  let last = 0;
  for (const at of run.recoveredAt) if (at > last) last = at;
  const to = last > recovery ? last + TAIL * last : 2 * recovery;
  return Math.min(to, run.storm.horizon);
}

/** Of a width that people count in, and laid out from recovery, so that no bin is half in an outage. */
function binsOf(run: StormRun, to: number, recovery: number): Traced['bins'] {
  const { binWidth, binsFrom } = run;
  const lasts = lastOf(run.arrivals, run.admissions);
  const shown = Math.min(lasts, Math.ceil((to - binsFrom) / binWidth));
  const each = WIDTHS.find((width) => shown / width <= BINS_MOST) ?? Math.ceil(shown / BINS_MOST);
  const before = Math.round((recovery - binsFrom) / binWidth);
  const pad = (each - (before % each)) % each;
  const length = Math.ceil((shown + pad) / each);
  const summed = (counts: ArrayLike<number>): readonly number[] => {
    const bins = new Array<number>(length).fill(0);
    for (let bin = 0; bin < length * each - pad; bin++) bins[Math.floor((bin + pad) / each)]! += counts[bin] ?? 0;
    return bins;
  };
  const from = binsFrom - pad * binWidth;
  return {
    from: inSeconds(from),
    width: inSeconds(each * binWidth),
    arrivals: summed(run.arrivals),
    admissions: summed(run.admissions),
    cut: shown < lasts ? inSeconds(from + length * each * binWidth) : null,
  };
}

/** How many bins there are up to the last that is not empty. */
function lastOf(...columns: readonly ArrayLike<number>[]): number {
  let last = 0;
  for (const counts of columns)
    for (let bin = counts.length; bin > last; bin--)
      if (counts[bin - 1] !== 0) {
        last = bin;
        break;
      }
  return last;
}

/** Dense where few are left: each step is a share of those who still wait, so that a tail is as smooth as the body. */
function waitingOf(run: StormRun, recovery: number): Traced['waiting'] {
  const { clients } = run.storm;
  const affected = run.droppedAt.filter((at) => at >= 0).length;
  const back = run.recoveredAt.filter((at, client) => at >= 0 && (run.droppedAt[client] as number) >= 0).sort();
  const of = affected === 0 ? clients : affected;
  const seconds: number[] = [0];
  const share: number[] = [1];
  const worth = Math.max(1, Math.floor(back.length / POINTS_MOST));
  for (let nth = 0; nth < back.length; ) {
    const left = back.length - nth;
    nth += Math.max(1, Math.min(worth, Math.floor(left / 50)));
    seconds.push(inSeconds(Math.max(0, (back[nth - 1] as number) - recovery)));
    share.push((of - nth) / of);
  }
  return { seconds, share };
}

const inSeconds = (microseconds: number): number => microseconds / 1_000_000;

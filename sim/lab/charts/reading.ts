/** A document as pictures ask it: who is drawn, with which letter, and what is known of them in one storm. */
import { printable } from '../../report/markup.ts';
import type { LabDocument, LabEstimate, LabMetric, LabStorm, LabTrace } from '../experiment/document.ts';
import { SERIES_MOST, type Series, seriesOf } from './palette.ts';

/** Somebody who is drawn. */
export interface Drawn {
  /** As the document has it. */
  readonly id: string;
  /** As it is shown: without what would make it show another name. */
  readonly name: string;
  readonly series: Series;
}

/** One storm of a document. */
export interface Reading {
  readonly document: LabDocument;
  readonly storm: LabStorm;
  /** Who is estimated, in the order of the document; pictures with a place for each show the first `SERIES_MOST`. */
  readonly all: readonly Drawn[];
  readonly shown: readonly Drawn[];
  metric(name: string): LabMetric | null;
  estimate(contender: string, metric: string): LabEstimate | null;
  trace(contender: string): LabTrace | null;
}

export function readings(document: LabDocument): readonly Reading[] {
  const estimated = document.contenders.filter(({ phase }) => phase === 'estimate');
  const all = estimated.map(({ name }, nth): Drawn => ({ id: name, name: printable(name), series: seriesOf(nth) }));
  const metrics = new Map(document.metrics.map((each) => [each.name, each]));
  return document.storms.map((storm) => {
    const key = (contender: string, metric: string): string => JSON.stringify([contender, metric]);
    const own = document.estimates.filter((each) => each.storm === storm.name && each.phase === 'estimate');
    const estimates = new Map(own.map((each) => [key(each.contender, each.metric), each]));
    const traces = new Map(
      document.traces.filter((each) => each.storm === storm.name).map((each) => [each.contender, each]),
    );
    return {
      document,
      storm,
      all,
      shown: all.slice(0, SERIES_MOST),
      metric: (name) => metrics.get(name) ?? null,
      estimate: (contender, metric) => estimates.get(key(contender, metric)) ?? null,
      trace: (contender) => traces.get(contender) ?? null,
    };
  });
}

/** What the traced replication has in a metric; null when it has none. */
export function tracedValue({ metrics, rows }: LabDocument, trace: LabTrace, metric: string): number | null {
  const nth = metrics.findIndex(({ name }) => name === metric);
  const row = rows.find(
    ({ storm, contender, replication, phase }) =>
      phase === 'estimate' &&
      storm === trace.storm &&
      contender === trace.contender &&
      replication === trace.replication,
  );
  return row?.values[nth] ?? null;
}

/** Seconds after recovery at which so large a share of the clients was back; null when it never was. */
export function backAfter({ waiting }: LabTrace, part: number): number | null {
  // A share of clients is a quotient of integers: half a client is less than any, and more than rounding.
  const nth = waiting.share.findIndex((share) => share <= 1 - part + 1e-9);
  return nth < 0 ? null : (waiting.seconds[nth] ?? null);
}

/** The share of clients that was never back. */
export const neverBack = ({ waiting }: LabTrace): number => waiting.share.at(-1) ?? 1;

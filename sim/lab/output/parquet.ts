/**
 * The traced replications as Parquet: columns of typed numbers with the names that `values.csv` has, so that a notebook
 * joins them. The library is loaded when the first of them is written, and never before.
 */
import type { ColumnSource } from 'hyparquet-writer';
import type { LabDocument, LabTrace } from '../experiment/document.ts';

export interface TraceFile {
  readonly name: string;
  readonly holds: string;
  readonly bytes: Uint8Array;
}

/** Dials of sampled clients, arrivals by bin, and who was not back yet; none of a document without traces. */
export async function traceFiles(document: LabDocument): Promise<readonly TraceFile[]> {
  const { traces } = document;
  if (traces.length === 0) return [];
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const file = (name: string, holds: string, columnData: ColumnSource[]): TraceFile => ({
    name,
    holds,
    bytes: new Uint8Array(
      parquetWriteBuffer({
        columnData: columnData.map((column) => ({ ...column, nullable: false })),
        createdBy: `hangup ${document.version}`,
        kvMetadata: [
          { key: 'hangup.command', value: document.command },
          { key: 'hangup.seed', value: document.seed },
        ],
      }),
    ),
  });
  return [
    file('traces/attempts.parquet', 'one dial of a sampled client a row', [
      ...whose(traces, ({ attempts }) => attempts.client.length),
      { name: 'client', type: 'INT32', data: traces.flatMap(({ attempts }) => attempts.client) },
      { name: 'seconds', type: 'DOUBLE', data: traces.flatMap(({ attempts }) => attempts.seconds) },
      { name: 'outcome', type: 'STRING', data: traces.flatMap(({ attempts }) => attempts.outcome) },
    ]),
    file('traces/arrivals.parquet', 'one bin of time a row: dials that reached the servers, and those admitted', [
      ...whose(traces, ({ bins }) => bins.arrivals.length),
      { name: 'bin', type: 'INT32', data: traces.flatMap(({ bins }) => bins.arrivals.map((_, nth) => nth)) },
      {
        name: 'from_s',
        type: 'DOUBLE',
        data: traces.flatMap(({ bins }) => bins.arrivals.map((_, nth) => beginOf(bins, nth))),
      },
      { name: 'width_s', type: 'DOUBLE', data: traces.flatMap(({ bins }) => bins.arrivals.map(() => bins.width)) },
      { name: 'arrivals', type: 'INT32', data: traces.flatMap(({ bins }) => bins.arrivals) },
      { name: 'admissions', type: 'INT32', data: traces.flatMap(({ bins }) => bins.admissions) },
    ]),
    file('traces/waiting.parquet', 'one step a row: the share of clients not back so long after recovery', [
      ...whose(traces, ({ waiting }) => waiting.seconds.length),
      { name: 'seconds', type: 'DOUBLE', data: traces.flatMap(({ waiting }) => waiting.seconds) },
      { name: 'share', type: 'DOUBLE', data: traces.flatMap(({ waiting }) => waiting.share) },
    ]),
  ];
}

/** Where a bin begins, in seconds from the first drop. Bins are whole microseconds long, and so is this. */
const beginOf = ({ from, width }: LabTrace['bins'], nth: number): number =>
  Math.round((from + nth * width) * 1e6) / 1e6;

/** The columns that say which replication a row is of. */
function whose(traces: readonly LabTrace[], rowsOf: (trace: LabTrace) => number): ColumnSource[] {
  const each = <Value>(of: (trace: LabTrace) => Value): Value[] =>
    traces.flatMap((trace) => new Array<Value>(rowsOf(trace)).fill(of(trace)));
  return [
    { name: 'storm', type: 'STRING', data: each(({ storm }) => storm) },
    { name: 'policy', type: 'STRING', data: each(({ contender }) => contender) },
    { name: 'replication', type: 'INT32', data: each(({ replication }) => replication) },
  ];
}

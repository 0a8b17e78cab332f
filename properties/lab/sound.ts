/** What every document of an experiment keeps, whichever command made it: laws that tests of commands and of fixtures share. */
import { expect } from 'vitest';
import type { LabDocument } from '../../sim/lab/experiment/document.ts';

/** Throws where the document contradicts itself. */
export function expectSound(document: LabDocument): void {
  const { contenders, storms, metrics, rows, estimates, differences, traces, frontier, tuning } = document;
  const names = contenders.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const stormNames = storms.map(({ name }) => name);
  expect(new Set(stormNames).size).toBe(stormNames.length);
  const metricNames = metrics.map(({ name }) => name);
  for (const each of [...rows, ...estimates, ...differences, ...traces, ...(frontier?.points ?? [])]) {
    expect(names).toContain(each.contender);
    expect(stormNames).toContain(each.storm);
  }
  const places = rows.map(({ storm, contender, replication }) => [
    stormNames.indexOf(storm),
    names.indexOf(contender),
    replication,
  ]);
  expect(places).toEqual(places.toSorted(inOrder));
  for (const { values } of rows) expect(values).toHaveLength(metrics.length);
  for (const estimate of estimates) {
    const nth = metricNames.indexOf(estimate.metric);
    const own = rows.filter(
      ({ storm, contender, phase }) =>
        storm === estimate.storm && contender === estimate.contender && phase === estimate.phase,
    );
    const values = own.map((row) => row.values[nth]).filter((value) => typeof value === 'number');
    expect([estimate.replications, estimate.missing]).toEqual([values.length, own.length - values.length]);
    if (values.length === 0) expect(estimate.mean).toBeNull();
    else expect(estimate.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6);
    expect(estimate.interval === null).toBe(values.length < 2);
  }
  for (const { contender, reference } of differences) expect(contender).not.toBe(reference);
  for (const { bins, waiting, attempts } of traces) {
    expect(bins.admissions).toHaveLength(bins.arrivals.length);
    expect(waiting.share).toHaveLength(waiting.seconds.length);
    expect(waiting.share).toEqual(waiting.share.toSorted((a, b) => b - a));
    expect(attempts.seconds).toHaveLength(attempts.client.length);
    expect(attempts.outcome).toHaveLength(attempts.client.length);
  }
  if (tuning?.winner != null) expect(names).toContain(tuning.winner);
  expect(document.words.length).toBeGreaterThan(0);
}

function inOrder(a: readonly number[], b: readonly number[]): number {
  const nth = a.findIndex((value, index) => value !== b[index]);
  return nth < 0 ? 0 : (a[nth] as number) - (b[nth] as number);
}

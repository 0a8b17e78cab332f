/** Puts the document of an experiment together from what it was and from its rows. */
import { printPolicy } from '../../../src/backoff/parse.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Storm } from '../storm/storm.ts';
import type { LabAsked, LabContender, LabDocument, LabMetric, LabPhase, LabStorm, LabTrace } from './document.ts';
import { differencesOf, estimatesOf, type Reference, type Sample } from './estimates.ts';
import type { Entrant, Fidelity, NamedStorm, Values } from './experiment.ts';

/** What any experiment is, whichever question it asks. */
export interface Frame {
  readonly version: string;
  readonly asks: LabDocument['asks'];
  readonly command: string;
  readonly seed: string;
  readonly fidelity: Fidelity;
  readonly confidence: number;
  /** Differences of at most such a share of the reference's mean count as none. */
  readonly leastChange: number;
  readonly asked: LabAsked;
  readonly storms: readonly NamedStorm[];
  /** All of a row, in the order of its values. */
  readonly metrics: readonly LabMetric[];
}

/** What came of it. */
export interface Found {
  readonly stopped: LabDocument['stopped'];
  readonly contenders: readonly LabContender[];
  /** In the order of storms and contenders; of a cell that was searched and estimated, the search first. */
  readonly samples: readonly Sample[];
  readonly reference: Reference | null;
  readonly traces: readonly LabTrace[];
  readonly frontier?: LabDocument['frontier'];
  readonly tuning?: LabDocument['tuning'];
}

/** The document, all but its words. */
export function assembled(frame: Frame, found: Found): Omit<LabDocument, 'words'> {
  const { storms, metrics, confidence, leastChange, ...head } = frame;
  const estimated = found.samples.filter(({ phase }) => phase === 'estimate');
  return {
    schema: 'hangup/lab/1',
    ...head,
    confidence,
    leastChange,
    stopped: found.stopped,
    storms: storms.map(stormOf),
    metrics,
    contenders: found.contenders,
    rows: found.samples.flatMap(({ storm, contender, phase, from, rows }) =>
      rows.map((row, nth) => ({ storm, contender, phase, replication: from + nth, values: valuesIn(row) })),
    ),
    estimates: estimatesOf(found.samples, metrics, confidence),
    differences:
      found.reference === null ? [] : differencesOf(estimated, found.reference, metrics, { confidence, leastChange }),
    traces: found.traces,
    frontier: found.frontier ?? null,
    tuning: found.tuning ?? null,
  };
}

export const contenderOf = ({ name, family, parameters, policy }: Entrant, phase: LabPhase): LabContender => ({
  ...{ name, family, parameters, phase },
  policy: 'kind' in policy ? null : printPolicy(policy),
});

export const metricOf = ({ name, unit, better, states }: Metric, shown: boolean): LabMetric => ({
  ...{ name, unit, better, states, shown },
});

function stormOf({ name, storm }: NamedStorm): LabStorm {
  return { name, storm, bound: boundOf(storm), recovery: recoveryAt(storm) / 1_000_000 };
}

/** Seconds in which the servers can take everybody whom the last outage takes from them. */
export function boundOf({ clients, capacity, outages }: Storm): number {
  const { num, of } = outages.at(-1)?.drops ?? { num: 1, of: 1 };
  return (clients * num) / of / capacity;
}

/** When the last outage ends, in microseconds. */
export function recoveryAt({ outages }: Storm): number {
  const last = outages.at(-1);
  return last === undefined ? 0 : last.at + last.lasts;
}

const valuesIn = (row: Values): readonly (number | null)[] =>
  Array.from(row, (value) => (Number.isFinite(value) ? value : null));

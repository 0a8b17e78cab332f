/** What an experiment is asked for besides policies and storms: metrics, how many replications, a seed, threads. */
import { availableParallelism } from 'node:os';
import { seedText } from '../../core/seeds.ts';
import { shown } from '../../core/shown.ts';
import { metricOf } from '../../lab/experiment/assemble.ts';
import type { LabAsked, LabMetric } from '../../lab/experiment/document.ts';
import type { Asked } from '../../lab/experiment/enough.ts';
import type { Fidelity, NamedStorm } from '../../lab/experiment/experiment.ts';
import { METRICS } from '../../lab/metrics/catalogue.ts';
import { durationOf, seedOf, wholeNumber } from '../arguments.ts';
import { UsageError } from '../errors.ts';
import { unknownName } from '../names.ts';

export interface AskedFlags {
  readonly metrics?: string;
  readonly replications?: string;
  readonly precision?: string;
  readonly mostReplications?: string;
  readonly seed: string;
  readonly jobs?: string;
  readonly budget?: string;
  readonly fidelity: string;
  readonly leastChange: string;
}

/** Of every interval. */
export const CONFIDENCE = 0.95;

/** What a table shows unless somebody asks for others. */
const SHOWN = ['recovery_p99', 'attempts_after', 'attempts_during', 'peak_arrivals_100ms'] as const;
/** Half-widths over means, unless somebody asks for others. */
const RELATIVE = 0.02;
const REPLICATIONS_MOST = 100_000;
/** After which nobody waits for precision any longer. */
const PRECISE_MOST = 2000;

/** Every metric, those that are shown first and in the order in which they were asked for. */
export function metricsOf(text: string | undefined): readonly LabMetric[] {
  const names: readonly string[] = text === undefined ? SHOWN : text.split(',').map((name) => name.trim());
  for (const [nth, name] of names.entries()) {
    mustBeMetric('--metrics', name);
    if (names.indexOf(name) < nth)
      throw new UsageError(`--metrics: ${shown(name)} is given twice; expected each metric once`);
  }
  const asked = names.flatMap((name) => METRICS.filter((metric) => metric.name === name));
  const others = METRICS.filter(({ name }) => !names.includes(name));
  return [...asked.map((metric) => metricOf(metric, true)), ...others.map((metric) => metricOf(metric, false))];
}

export function mustBeMetric(flag: string, name: string): void {
  if (!METRICS.some((metric) => metric.name === name))
    throw unknownName(
      `${flag}: unknown metric`,
      name,
      METRICS.map((metric) => metric.name),
      'hangup list metrics shows all',
    );
}

/** How many replications, for whoever runs them and for the document. */
export function enoughOf(
  flags: AskedFlags,
  metrics: readonly LabMetric[],
  storms: readonly NamedStorm[],
): { readonly enough: Asked; readonly asked: LabAsked } {
  if (flags.replications !== undefined) {
    for (const [flag, given] of [
      ['--precision', flags.precision],
      ['--most-replications', flags.mostReplications],
    ])
      if (given !== undefined)
        throw new UsageError(`--replications and ${flag}: expected one of them: a number, or as many as are needed`);
    const replications = wholeNumber('--replications', flags.replications, 1, REPLICATIONS_MOST);
    const asked = { kind: 'replications', replications } as const;
    return { enough: asked, asked };
  }
  const relative = flags.precision === undefined ? RELATIVE : precisionOf(flags.precision);
  const most =
    flags.mostReplications === undefined
      ? PRECISE_MOST
      : wholeNumber('--most-replications', flags.mostReplications, 2, REPLICATIONS_MOST);
  const clients = Math.max(...storms.map(({ storm }) => storm.clients));
  const precise = metrics.filter(({ shown }) => shown);
  return {
    enough: {
      kind: 'precision',
      ...{ relative, most, confidence: CONFIDENCE },
      columns: precise.map((metric) => ({
        place: metrics.indexOf(metric),
        absolute: relative * scaleOf(metric, clients),
      })),
    },
    asked: { kind: 'precision', relative, metrics: precise.map(({ name }) => name), replicationsMost: most },
  };
}

/** Of what may be 0 nobody wants a part: of shares a part of the whole, of clients a part of all of them. */
function scaleOf({ name, unit }: LabMetric, clients: number): number {
  if (name === 'gave_up' || name === 'not_recovered') return clients;
  return unit === 'share' || name === 'metastable' ? 1 : 0;
}

function precisionOf(text: string): number {
  const match = /^(\d{1,2}(?:\.\d{1,4})?)%$/.exec(text) ?? /^(0?\.\d{1,6})$/.exec(text);
  const value = match === null ? Number.NaN : Number(match[1]) / (text.endsWith('%') ? 100 : 1);
  if (!(value > 0 && value < 1))
    throw new UsageError(`--precision: expected a half-width as a share of the mean, such as 2%, got ${shown(text)}`);
  return value;
}

/** A share, from percent. */
export function leastChangeOf({ leastChange }: AskedFlags): number {
  const value = /^\d{1,3}(\.\d{1,6})?%?$/.test(leastChange) ? Number.parseFloat(leastChange) : Number.NaN;
  if (!(value <= 100))
    throw new UsageError(`--least-change: expected a percentage from 0 to 100, such as 1, got ${shown(leastChange)}`);
  return value / 100;
}

/** The seed, as every document has it. */
export const labSeed = ({ seed }: AskedFlags): string => seedText(seedOf('--seed', seed));

export const jobsOf = ({ jobs }: AskedFlags): number =>
  jobs === undefined ? availableParallelism() : wholeNumber('--jobs', jobs, 1, 256);

export const budgetOf = ({ budget }: AskedFlags): number | null =>
  budget === undefined ? null : durationOf('--budget', budget);

export function fidelityOf({ fidelity }: AskedFlags): Fidelity {
  if (fidelity === 'lean' || fidelity === 'universe') return fidelity;
  throw new UsageError(`--fidelity: expected lean or universe, got ${shown(fidelity)}`);
}

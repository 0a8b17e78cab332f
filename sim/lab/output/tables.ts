/**
 * The tables of an experiment: tidy ones, in which a line is one observation and a column one variable, so that pandas, R
 * and a spreadsheet read them without being told anything.
 */
import type { LabContender, LabDocument, LabInterval } from '../experiment/document.ts';
import { csvLines, type Field } from './csv.ts';

/** A table on its way into a file. */
export interface LabTable {
  /** File name. */
  readonly name: string;
  /** What a line is. */
  readonly holds: string;
  lines(): Iterable<string>;
}

/** What a contender is, as columns: its name, its family, and one column a knob that anything was varied by. */
interface Identity {
  readonly header: readonly string[];
  fieldsOf(name: string): readonly Field[];
}

function identityOf(contenders: readonly LabContender[]): Identity {
  const knobs = [...new Set(contenders.flatMap(({ parameters }) => Object.keys(parameters)))];
  const fields = new Map(
    contenders.map(({ name, family, parameters }) => [
      name,
      [name, family, ...knobs.map((knob) => (Object.hasOwn(parameters, knob) ? (parameters[knob] as string) : null))],
    ]),
  );
  return {
    // `parameter_`, because a knob may have the name of another column.
    header: ['policy', 'family', ...knobs.map((knob) => `parameter_${knob}`)],
    fieldsOf: (name) => fields.get(name) ?? [name, name, ...knobs.map(() => null)],
  };
}

/** policy x parameters x replication x metric: one value a line, in the order of the document. */
function valuesTable({ contenders, rows, metrics }: LabDocument): LabTable {
  const identity = identityOf(contenders);
  function* records(): Generator<readonly Field[]> {
    for (const { storm, contender, phase, replication, values } of rows) {
      const who = identity.fieldsOf(contender);
      for (const [nth, { name, unit }] of metrics.entries())
        yield [storm, ...who, phase, replication, name, unit, values[nth] ?? null];
    }
  }
  return {
    name: 'values.csv',
    holds: 'one value a line: policy x parameters x replication x metric',
    lines: () => csvLines(['storm', ...identity.header, 'phase', 'replication', 'metric', 'unit', 'value'], records()),
  };
}

const ends = (interval: LabInterval | null): readonly Field[] => [interval?.least ?? null, interval?.most ?? null];

function estimatesTable({ contenders, estimates, metrics }: LabDocument): LabTable {
  const identity = identityOf(contenders);
  const units = new Map(metrics.map(({ name, unit }) => [name, unit]));
  const header = ['storm', ...identity.header, 'phase', 'metric', 'unit', 'replications', 'missing', 'mean'];
  return {
    name: 'estimates.csv',
    holds: 'one mean with its interval a line: policy x parameters x metric',
    lines: () =>
      csvLines(
        [...header, 'interval_least', 'interval_most', 'deviation', 'least', 'most'],
        estimates.map((each) => [
          each.storm,
          ...identity.fieldsOf(each.contender),
          each.phase,
          each.metric,
          units.get(each.metric) ?? null,
          each.replications,
          each.missing,
          each.mean,
          ...ends(each.interval),
          each.deviation,
          each.least,
          each.most,
        ]),
      ),
  };
}

function differencesTable({ contenders, differences, metrics }: LabDocument): LabTable {
  const identity = identityOf(contenders);
  const units = new Map(metrics.map(({ name, unit }) => [name, unit]));
  const header = ['storm', ...identity.header, 'reference', 'metric', 'unit', 'pairs', 'mean'];
  const intervals = ['interval_least', 'interval_most', 'bootstrap_least', 'bootstrap_most'];
  return {
    name: 'differences.csv',
    holds: 'one paired difference a line: policy minus reference, on the same luck',
    lines: () =>
      csvLines(
        [...header, ...intervals, 'correlation', 'p', 'p_holm', 'verdict'],
        differences.map((each) => [
          each.storm,
          ...identity.fieldsOf(each.contender),
          each.reference,
          each.metric,
          units.get(each.metric) ?? null,
          each.pairs,
          each.mean,
          ...ends(each.interval),
          ...ends(each.bootstrap),
          each.correlation,
          each.p,
          each.holm,
          each.verdict,
        ]),
      ),
  };
}

/** Each table that the document has anything for; the values always, so that a folder has them even when they are none. */
export const tablesOf = (document: LabDocument): readonly LabTable[] => [
  valuesTable(document),
  estimatesTable(document),
  ...(document.differences.length === 0 ? [] : [differencesTable(document)]),
];

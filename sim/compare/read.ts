/** Reads `results.json`, or what `explore --json` printed: every problem of a file in one line. */
import { seedNumber } from '../core/seeds.ts';
import { shown } from '../core/shown.ts';
import type { ExploreDocument } from '../explore/document.ts';
import { OF_EVERY_RUN } from '../explore/per-run.ts';
import { badColumnOf, columnOf, PER_SEED_FORMAT, PER_SEED_MAX } from '../explore/per-seed.ts';
import { UNITS } from '../figures/figure.ts';
import { printable } from '../report/markup.ts';
import { isArguments } from '../report/trend-file.ts';

export type Parsed = { readonly document: ExploreDocument } | { readonly problem: string };

type Fields = Readonly<Record<string, unknown>>;

export function parseSweep(text: string): Parsed {
  let value: unknown;
  try {
    // Names are somebody else's text: nothing in them may move a terminal's cursor, nor start a line. Spaces stay as
    // they are, because a line to paste may quote a path that has two of them.
    value = JSON.parse(text, (_, each) => (typeof each === 'string' ? oneLine(printable(each)) : each));
  } catch {
    return { problem: text.trim() === '' ? 'is empty' : 'does not parse as JSON' };
  }
  if (!isFields(value)) return { problem: `expected a JSON object, got ${shown(value)}` };
  if (value.schema !== 'hangup/explore/3')
    return { problem: `\`schema\`: expected hangup/explore/3, got ${shown(value.schema)}` };
  for (const [field, expected, accepts] of HEAD)
    if (!accepts(value[field])) return { problem: `\`${field}\`: expected ${expected}, got ${shown(value[field])}` };
  if (!Array.isArray(value.scenarios) || value.scenarios.length === 0)
    return { problem: '`scenarios`: expected a list with at least one scenario' };
  const problems = value.scenarios.flatMap((each, index) => scenarioProblems(`scenarios[${index}]`, each));
  const names = value.scenarios.map((each) => (isFields(each) ? each.name : null));
  const twice = names.findIndex((name, index) => typeof name === 'string' && names.indexOf(name) < index);
  if (twice >= 0)
    problems.push(`\`scenarios[${twice}].name\`: expected each scenario once, got ${shown(names[twice])} again`);
  const [first, ...more] = problems;
  if (first === undefined) return { document: value as unknown as ExploreDocument };
  return { problem: more.length === 0 ? first : `${first} (and ${more.length} more)` };
}

function scenarioProblems(path: string, value: unknown): string[] {
  if (!isFields(value)) return [`\`${path}\`: expected an object, got ${shown(value)}`];
  const problems: string[] = [];
  const expect = (holds: boolean, field: string, expected: string, got: unknown): void => {
    if (!holds) problems.push(`\`${path}.${field}\`: expected ${expected}, got ${shown(got)}`);
  };
  for (const field of ['name', 'digest']) {
    const is = typeof value[field] === 'string';
    expect(isText(value[field], MOST_NAME), field, is ? `at most ${MOST_NAME} letters` : 'a text', value[field]);
  }
  expect(isCount(value.runs) && value.runs > 0, 'runs', 'a number of runs, 1 or more', value.runs);
  for (const field of ['broken_runs', 'budget_runs'])
    expect(
      isCount(value[field]) && !(isCount(value.runs) && value[field] > value.runs),
      field,
      'a number of its runs',
      value[field],
    );
  for (const [field, texts] of [
    ['broken', ['law', 'message', 'paste']],
    ['sometimes', ['name', 'states']],
    ['targets', ['name', 'states', 'unit', 'is', 'verdict']],
  ] as const) {
    const list = value[field];
    const good =
      Array.isArray(list) &&
      list.every((each) => isFields(each) && isCount(each.runs) && texts.every((key) => isText(each[key])));
    expect(good, field, `a list with ${texts.join(', ')} and runs`, list);
  }
  if (value.not_judged !== undefined)
    expect(
      Array.isArray(value.not_judged) &&
        value.not_judged.every(
          (each) =>
            isFields(each) && isCount(each.runs) && ['law', 'because', 'verdict'].every((key) => isText(each[key])),
        ),
      'not_judged',
      'a list with law, because, verdict and runs',
      value.not_judged,
    );
  if (Array.isArray(value.targets))
    for (const [index, each] of value.targets.entries())
      expect(
        isFigured(each),
        `targets[${index}]`,
        'value (a number or null), held (a number) and exception (null, or cells)',
        each,
      );
  const perRun = value.per_run;
  if (!isFields(perRun)) {
    expect(false, 'per_run', 'histograms over runs', perRun);
    return problems;
  }
  for (const name of new Set([...OF_EVERY_RUN, ...Object.keys(perRun)]))
    expect(isText(name, MOST_NAME) && isSample(perRun[name]), `per_run.${name}`, 'a histogram', perRun[name]);
  problems.push(...perSeedProblems(`${path}.per_seed`, value.per_seed, value.runs, perRun));
  const { compared } = value;
  expect(
    Array.isArray(compared) && compared.every((each) => isCompared(each, perRun)),
    'compared',
    'a list with key (of `per_run`), name, states, unit and by (written by an older hangup?)',
    compared,
  );
  return problems;
}

/** Columns by seed, where there are any of a form that is known; they must be of the runs that the histograms are of. */
function perSeedProblems(path: string, value: unknown, runs: unknown, perRun: Fields): string[] {
  if (value === undefined || value === null) return [];
  const problem = (field: string, expected: string, got: unknown): string[] => [
    `\`${path}${field}\`: expected ${expected}, got ${shown(got)}`,
  ];
  if (!isFields(value)) return problem('', 'an object or null', value);
  if (value.format !== PER_SEED_FORMAT)
    return isText(value.format, MOST_NAME) ? [] : problem('.format', 'a text', value.format);
  const { from, runs: kept, bad, values } = value;
  if (typeof from !== 'string' || seedNumber(from) === undefined) return problem('.from', 'a seed', from);
  // Of no runs at all it was said already.
  if (!isCount(runs) || runs === 0) return [];
  if (!isCount(kept) || kept !== Math.min(runs, PER_SEED_MAX))
    return problem('.runs', `all runs, ${PER_SEED_MAX} at most`, kept);
  if (badColumnOf(bad, kept) === null) return problem('.bad', 'ascending numbers of runs', bad);
  if (!isFields(values)) return problem('.values', 'an object', values);
  return Object.keys(values).flatMap((key) => {
    const column = columnOf(values[key], kept);
    const sample = perRun[key];
    const isOf = (samples: unknown): boolean =>
      column !== null && (kept < PER_SEED_MAX ? column.filter((each) => !Number.isNaN(each)).length === samples : true);
    if (column !== null && isFields(sample) && isOf(sample.samples)) return [];
    return problem(`.values.${key.slice(0, MOST_NAME)}`, `${kept} numbers, as many as in \`per_run\``, values[key]);
  });
}

/** What a comparison looks at. */
const isCompared = (value: unknown, perRun: Fields): boolean =>
  isFields(value) &&
  ['key', 'name'].every((field) => isText(value[field], MOST_NAME)) &&
  isText(value.states) &&
  Object.hasOwn(perRun, value.key as string) &&
  (UNITS as readonly unknown[]).includes(value.unit) &&
  (value.by === 'mean' ||
    value.by === 'any' ||
    (Array.isArray(value.by) && value.by.length < 10 && value.by.every((p) => isCount(p) && p > 0 && p < 100)));

/** A histogram: ascending values, positive counts that add up. */
function isSample(value: unknown): boolean {
  if (!isFields(value) || !isCount(value.samples) || !Array.isArray(value.buckets)) return false;
  let before = -1;
  let sum = 0;
  for (const bucket of value.buckets) {
    if (!Array.isArray(bucket) || bucket.length !== 2) return false;
    const [at, samples] = bucket as [unknown, unknown];
    if (!isCount(at) || at <= before || !isCount(samples) || samples === 0) return false;
    before = at;
    sum += samples;
  }
  return sum === value.samples;
}

/** What stands above the scenarios, as far as a comparison reads it. */
const HEAD: readonly (readonly [field: string, expected: string, accepts: (value: unknown) => boolean])[] = [
  ['version', 'a text', (value) => isText(value, MOST_NAME)],
  ['seeds', 'a number of seeds', (value) => isCount(value)],
  ['from', 'a seed', (value) => isText(value, MOST_NAME)],
  ['arguments', 'an object of texts and nulls', (value) => isArguments(value)],
  ['stopped', 'a text or null', (value) => value === undefined || value === null || isText(value, MOST_NAME)],
];

/** A target's figure, its bound and where it stands: numbers and texts that are printed. */
function isFigured(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { value: figure, held, exception } = value;
  if (!(figure === null || Number.isFinite(figure)) || !Number.isFinite(held)) return false;
  return exception === null || exception === undefined || (isFields(exception) && isText(exception.cells));
}

/** Names are shown in tables, everything else in lines; a shell takes no longer ones. */
const MOST_NAME = 200;
const MOST_TEXT = 128 * 1024;
const isText = (value: unknown, most = MOST_TEXT): boolean => typeof value === 'string' && value.length <= most;
const oneLine = (text: string): string => text.replace(/[\t\n\r\u2028\u2029]+/g, ' ');
const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

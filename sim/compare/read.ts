/** Reads `results.json`, or what `explore --json` printed: every problem of a file in one line. */
import type { ExploreDocument } from '../explore/document.ts';
import { PER_RUN } from '../explore/per-run.ts';
import { printable } from '../report/markup.ts';

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
  if (value.schema !== 'hangup/explore/2')
    return { problem: `\`schema\`: expected hangup/explore/2, got ${shown(value.schema)}` };
  if (!Array.isArray(value.scenarios) || value.scenarios.length === 0)
    return { problem: '`scenarios`: expected a list with at least one scenario' };
  const problems = value.scenarios.flatMap((each, index) => scenarioProblems(`scenarios[${index}]`, each));
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
  for (const field of ['name', 'digest']) expect(typeof value[field] === 'string', field, 'a text', value[field]);
  expect(isCount(value.runs) && value.runs > 0, 'runs', 'a number of runs, 1 or more', value.runs);
  for (const field of ['broken_runs', 'budget_runs'])
    expect(isCount(value[field]), field, 'a number of runs', value[field]);
  for (const [field, texts] of [
    ['broken', ['law', 'message', 'paste']],
    ['sometimes', ['name', 'states']],
    ['targets', ['name', 'states', 'unit', 'is', 'verdict']],
  ] as const) {
    const list = value[field];
    const good =
      Array.isArray(list) &&
      list.every((each) => isFields(each) && isCount(each.runs) && texts.every((key) => typeof each[key] === 'string'));
    expect(good, field, `a list with ${texts.join(', ')} and runs`, list);
  }
  const perRun = value.per_run;
  if (!isFields(perRun)) {
    expect(false, 'per_run', 'histograms over runs', perRun);
    return problems;
  }
  for (const name of PER_RUN) expect(isSample(perRun[name]), `per_run.${name}`, 'a histogram', perRun[name]);
  return problems;
}

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

const oneLine = (text: string): string => text.replace(/[\t\n\r\u2028\u2029]+/g, ' ');
const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';

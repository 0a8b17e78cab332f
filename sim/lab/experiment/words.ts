/** What a comparison says in words: who is best, who cannot be told apart from it, and what it costs. */
import type { LabDifference, LabDocument, LabEstimate, LabMetric, LabStorm } from './document.ts';
import { inWords } from './numbers.ts';

type Wordless = Omit<LabDocument, 'words'>;

/** An estimate of a contender that is estimated, and not only searched. */
export const estimateIn = (
  { estimates }: Wordless,
  storm: string,
  contender: string,
  metric: string,
): LabEstimate | undefined =>
  estimates.find(
    (each) =>
      each.phase === 'estimate' && each.storm === storm && each.contender === contender && each.metric === metric,
  );

/** The mean of a metric; null where there is none. */
export const meanIn = (document: Wordless, storm: string, contender: string, metric: string): number | null =>
  estimateIn(document, storm, contender, metric)?.mean ?? null;

export const metricIn = ({ metrics }: Wordless, name: string): LabMetric | undefined =>
  metrics.find((metric) => metric.name === name);

/** A paragraph for each storm. */
export const comparisonWords = (document: Wordless): readonly string[] =>
  document.storms.map((storm) => `${document.storms.length > 1 ? `${storm.name}: ` : ''}${paragraph(document, storm)}`);

function paragraph(document: Wordless, storm: LabStorm): string {
  const metric = document.metrics.find(({ shown }) => shown);
  const names = document.contenders.filter(({ phase }) => phase === 'estimate').map(({ name }) => name);
  if (metric === undefined || names.length === 0) return 'Nothing was measured.';
  const known = names.filter((name) => {
    const estimate = estimateIn(document, storm.name, name, metric.name);
    return estimate?.mean != null && estimate.missing === 0;
  });
  const [best] = ranked(document, storm, known, metric);
  if (best === undefined) return `No policy has a value of ${metric.name} in every replication.`;
  const sentences = [
    `${best} is best in ${metric.name}: ${figure(document, storm, best, metric)}.`,
    ...apart(document, storm, best, metric),
    ...cheapest(document, storm, best, known, metric),
  ];
  return sentences.join(' ');
}

/** Best first; equal ones in the order of the document. */
const ranked = (
  document: Wordless,
  storm: LabStorm,
  names: readonly string[],
  { name: metric, better }: LabMetric,
): readonly string[] => {
  const worth = (name: string): number => {
    const mean = meanIn(document, storm.name, name, metric) ?? Number.POSITIVE_INFINITY;
    return better === 'more' ? -mean : mean;
  };
  return names.toSorted((a, b) => worth(a) - worth(b));
};

/** `29.7 s (29.5 to 29.9), 1.48 times what the servers need at least, with 1.08 dials a client since recovery`. */
export function figure(document: Wordless, storm: LabStorm, contender: string, metric: LabMetric): string {
  const estimate = estimateIn(document, storm.name, contender, metric.name);
  const mean = estimate?.mean ?? null;
  const { interval = null } = estimate ?? {};
  const wide = interval !== null && interval.most > interval.least;
  const parts = [
    `${inWords(mean, metric.unit)}${wide ? ` (${inWords(interval.least, 'times')} to ${inWords(interval.most, 'times')})` : ''}`,
  ];
  const ratio = meanIn(document, storm.name, contender, `${metric.name}_ratio`);
  if (ratio !== null && ratio > 0) parts.push(`${inWords(ratio, 'times')} times what the servers need at least`);
  const dials = meanIn(document, storm.name, contender, 'attempts_after');
  if (dials !== null && metric.name !== 'attempts_after')
    parts.push(`with ${inWords(dials, 'times')} ${dials === 1 ? 'dial' : 'dials'} a client since recovery`);
  return parts.join(', ');
}

/** Who is as good, or may be: a verdict that was not given. */
function apart(document: Wordless, storm: LabStorm, best: string, metric: LabMetric): readonly string[] {
  const those = (verdict: LabDifference['verdict']): readonly string[] =>
    document.differences
      .filter(
        (each) =>
          each.storm === storm.name &&
          each.reference === best &&
          each.metric === metric.name &&
          each.verdict === verdict,
      )
      .map(({ contender }) => contender);
  const unseen = those('no difference seen');
  const small = those('too small to count');
  return [
    ...(unseen.length === 0 ? [] : [`${listed(unseen)} cannot be told apart from it.`]),
    ...(small.length === 0
      ? []
      : [
          `${listed(small)} ${small.length === 1 ? 'is' : 'are'} within ${inWords(document.leastChange, 'share')} of it.`,
        ]),
  ];
}

/** Who costs least, where that is somebody else. */
function cheapest(
  document: Wordless,
  storm: LabStorm,
  best: string,
  names: readonly string[],
  metric: LabMetric,
): readonly string[] {
  const cost = document.metrics.find(({ name }) => name === 'attempts_after');
  if (cost === undefined || cost.name === metric.name) return [];
  const [least] = ranked(document, storm, names, cost);
  if (least === undefined || least === best) return [];
  const dials = meanIn(document, storm.name, least, cost.name);
  if (dials === meanIn(document, storm.name, best, cost.name)) return [];
  const mean = meanIn(document, storm.name, least, metric.name);
  return [
    `${least} dials least since recovery (${inWords(dials, 'times')} a client), and has ${inWords(mean, metric.unit)}.`,
  ];
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

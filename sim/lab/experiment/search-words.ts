/** What a search says in words: the winner on fresh luck, and what it is better than. */
import type { LabDocument, LabStorm } from './document.ts';
import { inWords } from './numbers.ts';
import { figure, listed, meanIn, metricIn } from './words.ts';

type Wordless = Omit<LabDocument, 'words'>;

export function searchWords(document: Wordless): readonly string[] {
  const { tuning, storms } = document;
  if (tuning === null) return ['Nothing was searched.'];
  const aim = metricIn(document, tuning.minimises);
  const bounds = tuning.constraints.map(({ metric, relation, bound }) => `${metric}${relation}${bound}`);
  const kept = bounds.length === 0 ? '' : ` that keeps ${listed(bounds)}`;
  const all = `${tuning.candidates.length} candidates of ${tuning.family}`;
  if (tuning.winner === null || aim === undefined)
    return [
      document.stopped !== null
        ? `The search among ${all} was stopped before anybody had won.`
        : `None of ${all} keeps ${listed(bounds)} on fresh replications: allow more, or vary other knobs.`,
    ];
  const { winner } = tuning;
  const others = document.contenders.filter(({ name, phase }) => phase === 'estimate' && name !== winner);
  const even = tuning.candidates.filter(
    ({ contender, leftAfter }) => leftAfter === null && contender !== winner,
  ).length;
  return [
    [
      `Of ${all}, ${winner} is best in ${aim.name}${kept}.`,
      ...storms.map((storm) => sentence(document, storm, winner)),
      even > 0 ? `The race could not tell ${even === 1 ? 'one other' : `${even} others`} apart from it.` : '',
      ...storms.flatMap((storm) => gains(document, storm, winner, others.at(-1)?.name)),
    ]
      .filter((each) => each !== '')
      .join(' '),
  ];
}

function sentence(document: Wordless, storm: LabStorm, winner: string): string {
  const aim = metricIn(document, document.tuning?.minimises ?? '');
  if (aim === undefined) return '';
  const where = document.storms.length > 1 ? `In ${storm.name}` : 'On fresh replications';
  const constraints = (document.tuning?.constraints ?? [])
    .filter(({ metric }) => metric !== 'attempts_after')
    .map(
      ({ metric }) =>
        `${metric} ${inWords(meanIn(document, storm.name, winner, metric), metricIn(document, metric)?.unit ?? 'count')}`,
    );
  return `${where}: ${[figure(document, storm, winner, aim), ...constraints].join(', ')}.`;
}

/** Against the family as it is. */
function gains(document: Wordless, storm: LabStorm, winner: string, family: string | undefined): readonly string[] {
  const aim = document.tuning?.minimises;
  const found = document.differences.find(
    (each) =>
      each.storm === storm.name && each.metric === aim && each.contender === family && each.reference === winner,
  );
  if (found === undefined || found.mean === null || family === undefined) return [];
  const unit = metricIn(document, found.metric)?.unit ?? 'count';
  const size = inWords(Math.abs(found.mean), unit);
  const word = found.verdict === 'no difference seen' ? ', which may be luck' : '';
  const broken = (document.tuning?.constraints ?? [])
    .filter(({ metric, relation, bound }) => {
      const mean = meanIn(document, storm.name, family, metric);
      return mean === null || (relation.startsWith('<') ? mean > bound : mean < bound);
    })
    .map(({ metric, relation, bound }) => `${metric}${relation}${bound}`);
  return [
    `${family} as it is has ${size} ${found.mean > 0 ? 'more' : 'less'}${document.storms.length > 1 ? ` in ${storm.name}` : ''}${word}${broken.length === 0 ? '' : `, and does not keep ${listed(broken)}`}.`,
  ];
}

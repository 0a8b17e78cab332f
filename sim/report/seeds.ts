/** The failing seeds of a law in a scenario, by cause, as far as a line has room; the document has them all. */
import type { ExploreDocument } from '../explore/document.ts';
import { count, counted } from './words.ts';

const SEEDS = 8;
const CAUSES = 4;

/** A line for each cause: `seeds 1, 4, 9 and 14 more`, with its sentence where there are several; none where nobody noted it. */
export function seedLines(
  { groups = [] }: Pick<ExploreDocument, 'groups'>,
  scenario: string,
  law: string,
): readonly string[] {
  const parts = groups
    .filter((group) => group.law === law)
    .flatMap(({ scenarios }) => scenarios.filter(({ name }) => name === scenario));
  const lines = parts.slice(0, CAUSES).map(({ runs, seeds, message }) => {
    const shown = seeds.slice(0, SEEDS);
    const more = runs - shown.length;
    const text = `seed${runs === 1 ? '' : 's'} ${shown.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`;
    return parts.length > 1 ? `${text}: ${message}` : text;
  });
  const left = parts.length - lines.length;
  return left > 0 ? [...lines, `and ${counted(left, 'more cause', 'more causes')}`] : lines;
}

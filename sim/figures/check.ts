/** Whether figures can be measured: asked when a sweep starts, not at its end. */
import { isName, NAME_EXPECTED } from '../core/name.ts';
import { NEUTRAL } from '../core/observe.ts';
import { shown } from '../core/shown.ts';
import type { Vocabulary } from '../core/vocabulary.ts';
import { topicOf } from '../core/witness.ts';
import { type Figure, isFolded, STATISTICS, UNITS } from './figure.ts';

/** Throws in one line, without saying whose figure it is, for one that measures nothing or has no name to stand under. */
export function mustBeMeasurable(figure: Figure, vocabulary: Vocabulary): void {
  const { name, unit, statistic } = figure;
  if (!isName(name)) throw new Error(`\`name\`: expected ${NAME_EXPECTED}, got ${shown(name)}`);
  if (!UNITS.includes(unit)) throw new Error(`\`unit\`: expected ${UNITS.join(', ')}, got ${shown(unit)}`);
  if (!STATISTICS.includes(statistic))
    throw new Error(`\`statistic\`: expected ${STATISTICS.join(', ')}, got ${shown(statistic)}`);
  if ((statistic === 'share' || statistic === 'ratio') && unit !== 'percent')
    throw new Error(`\`unit\`: expected percent, in which a ${statistic} is told, got ${unit}`);
  if (!isFolded(figure)) {
    if (typeof figure.of !== 'function') throw new Error('`on`: expected a fold over kinds of entries, got none');
    return;
  }
  const topics = Object.keys(figure.on);
  const unknown = topics.find((topic) => topicOf(topic, vocabulary) === undefined);
  // It would hear nothing, and so nothing would ever be measured.
  if (topics.length === 0 || unknown !== undefined)
    throw new Error(
      `\`on\`: expected kinds of entries of history, or \`sent TYPE\`, got ${unknown === undefined ? 'none' : shown(unknown)}`,
    );
}

/** Throws for a scenario with a figure that cannot be measured, or two of one name. */
export function mustHaveSoundFigures(
  scenario: string,
  figures: readonly Figure[],
  vocabulary: Vocabulary = NEUTRAL,
): void {
  const seen = new Set<string>();
  for (const figure of figures) {
    try {
      mustBeMeasurable(figure, vocabulary);
    } catch (error) {
      throw new Error(`${scenario}: \`figures\`: ${shown(figure?.name)}: ${(error as Error).message}`);
    }
    if (seen.has(figure.name))
      throw new Error(`${scenario}: \`figures\`: expected figures of different names, got ${figure.name} again`);
    seen.add(figure.name);
  }
}

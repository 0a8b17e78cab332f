/** Figures at work: their folds at a witness, and what each came to when the run is over. */
import type { Facts } from '../../src/facts.ts';
import type { Instant } from '../../src/time.ts';
import { attach } from '../core/attach.ts';
import { blaming, type Culprit } from '../core/run-error.ts';
import type { Scenario } from '../core/scenario.ts';
import { shown } from '../core/shown.ts';
import type { Witness } from '../core/witness.ts';
import { mustBeMeasurable } from './check.ts';
import { type FoldedFigure, figuresOf, type Growth, isFolded, type Peak, type Share } from './figure.ts';

/**
 * Attaches the figures of a scenario to a witness; the function that it returns says what they came to: what its protocol
 * measures together, and each other figure by its name.
 */
export function watchFigures(
  witness: Witness,
  scenario: Pick<Scenario, 'protocol' | 'figures'>,
  described: unknown,
  facts: Facts,
): (ended: Instant) => Readonly<Record<string, unknown>> {
  const shared = scenario.protocol?.measure?.(witness, { ...(described as object), facts });
  const folded = figuresOf(scenario)
    .filter(isFolded)
    .map((figure) => ({ name: figure.name, come: watch(witness, figure, facts) }));
  return (ended) => {
    const readings: Record<string, unknown> = { ...(shared?.(ended) as object) };
    for (const { name, come } of folded) {
      if (Object.hasOwn(readings, name))
        throw new Error(`figure \`${name}\`: expected a name that the folds of its protocol leave free`);
      readings[name] = come(ended);
    }
    return readings;
  };
}

function watch(witness: Witness, figure: FoldedFigure, facts: Facts): (ended: Instant) => unknown {
  const culprit: Culprit = { where: `figure \`${figure.name}\``, of: figure };
  const memory = blaming(culprit.where, figure, () => {
    mustBeMeasurable(figure, witness.vocabulary);
    return figure.remember(facts);
  });
  attach(witness, figure.on, memory, SAYS_NOTHING, culprit);
  return (ended) => blaming(culprit.where, figure, () => sound(figure, figure.come(memory, ended)));
}

/** A figure has no breach to tell. */
const SAYS_NOTHING = (): void => {};

/** A reading as it may be counted. Throws for one that would spoil what other runs said. */
function sound({ statistic }: FoldedFigure, reading: unknown): unknown {
  const [expected, accepts] = READINGS[statistic];
  if (!accepts(reading)) throw new Error(`\`come\`: expected ${expected}, got ${shown(reading)}`);
  return reading;
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isAmount = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;
const isFields = (value: unknown): boolean => value !== null && typeof value === 'object';
const areWhole = (value: unknown): boolean => Array.isArray(value) && value.every(isWhole);

type Rule = readonly [expected: string, accepts: (reading: unknown) => boolean];
const SAMPLES: Rule = ['samples, a list of whole numbers of 0 or more', areWhole];
const READINGS: Readonly<Record<FoldedFigure['statistic'], Rule>> = {
  p95: SAMPLES,
  mean: SAMPLES,
  max: [
    'a number of 0 or more, a peak of so many samples, or null',
    (reading) => {
      if (reading === null || isAmount(reading)) return true;
      return isFields(reading) && isAmount((reading as Peak).peak) && isWhole((reading as Peak).samples);
    },
  ],
  share: [
    'part and whole, whole numbers of which the whole is not the smaller, or null',
    (reading) => {
      if (reading === null) return true;
      const { part, whole } = isFields(reading) ? (reading as Share) : { part: Number.NaN, whole: 0 };
      return isWhole(part) && isWhole(whole) && part <= whole;
    },
  ],
  ratio: [
    'before and after, whole numbers of 0 or more, or null',
    (reading) => {
      if (reading === null) return true;
      if (!isFields(reading)) return false;
      const { before, after, samples = 1, steps = 1 } = reading as Growth;
      return [before, after, samples, steps].every(isWhole);
    },
  ],
  sum: ['a whole number of 0 or more', isWhole],
  counts: ['whole numbers by name', (reading) => isFields(reading) && Object.values(reading as object).every(isWhole)],
  series: ['a list of whole numbers of 0 or more', areWhole],
};

/** Whether what a scenario promises can be judged, and what it measures can be told: asked when a sweep starts, not at its end. */
import { mustHaveSoundDimensions, valuesOf } from '../core/cells.ts';
import type { Scenario } from '../core/scenario.ts';
import { shown } from '../core/shown.ts';
import { mustHaveSoundFigures } from '../figures/check.ts';
import { figuresOf } from '../figures/figure.ts';
import { OVERHEAD } from '../figures/overhead.ts';
import { type Level, levelsOf, targetsOf } from './target.ts';

/**
 * Throws for a dimension or a figure that could not be told, a target that does not exist or is promised twice, and an
 * exception over cells that are never run.
 */
export function mustBePromisable(scenario: Scenario): void {
  const { targets = [], dimensions = {} } = scenario;
  mustHaveSoundDimensions(scenario);
  mustHaveSoundFigures(scenario.name, figuresOf(scenario), scenario.protocol?.vocabulary);
  const levels = levelsOf(scenario);
  const names = Object.keys(levels);
  const expected = (what: string, got: string): Error =>
    new Error(`${scenario.name}: \`targets\`: expected ${what}, got ${got}`);
  for (const use of targets)
    if (use.figure === undefined && !Object.hasOwn(levels, use.name))
      throw expected(
        `targets of ${names.length > NAMED ? 'hangup list targets' : names.join(', ')}, or with a figure of its own`,
        shown(use.name),
      );
  const figures = new Set([...figuresOf(scenario), OVERHEAD]);
  const open = valuesOf(dimensions);
  const seen = new Set<string>();
  for (const target of targetsOf(scenario)) {
    const { name, figure, except } = target;
    if (!figures.has(figure))
      throw expected('targets on figures that it brings', `one on ${shown(name)}, which is not in its \`figures\``);
    const flaw = flawOf(target);
    if (flaw !== null) throw expected(...flaw);
    if (seen.has(name)) throw expected('each target once', `${name} again`);
    seen.add(name);
    for (const { cells } of except)
      for (const [dimension, values] of Object.entries(cells)) {
        const known = open.find(([each]) => each === dimension)?.[1] ?? [];
        if (!values.some((value) => known.includes(value)))
          throw expected(`exceptions of ${name} over cells that it opens`, `${dimension}=${values.join('|')}`);
      }
  }
}

/** So many names fit into a line. */
const NAMED = 8;

/** Why nobody could judge it. */
function flawOf({ figure, is, held, asked }: Level): readonly [expected: string, got: string] | null {
  const { name, statistic } = figure;
  if (!['p95', 'mean', 'max', 'share', 'ratio'].includes(statistic))
    return ['figures whose statistic is p95, mean, max, share or ratio', `${name}, a ${statistic}`];
  if (!['below', 'at most', 'at least'].includes(is))
    return [`${name} to be \`below\`, \`at most\` or \`at least\``, shown(is)];
  if (is === 'at least' && (statistic === 'p95' || statistic === 'max'))
    return [`${name}, a ${statistic}, to be \`below\` or \`at most\``, '`at least`'];
  for (const [field, value] of [
    ['held', held],
    ['asked', asked ?? held],
  ] as const)
    if (!Number.isFinite(value)) return [`\`${field}\` of ${name} to be a number`, shown(value)];
  return null;
}

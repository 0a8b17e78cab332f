/** Whether the targets that a scenario promises are ones that can be judged: asked when a sweep starts, not at its end. */
import { valuesOf } from '../cells.ts';
import type { Scenario } from '../scenario.ts';
import { shown } from '../shown.ts';
import { TARGET_NAMES, type TargetName } from './target.ts';

/** Throws for a target that does not exist or is promised twice, and for an exception over cells that are never run. */
export function mustBePromisable({ name, targets = [], dimensions = {} }: Scenario): void {
  const open = valuesOf(dimensions);
  const seen = new Set<TargetName>();
  for (const target of targets) {
    if (!TARGET_NAMES.includes(target.name))
      throw new Error(`${name}: \`targets\`: expected targets of hangup list targets, got ${shown(target.name)}`);
    if (seen.has(target.name))
      throw new Error(`${name}: \`targets\`: expected each target once, got ${target.name} again`);
    seen.add(target.name);
    for (const { cells } of target.except ?? [])
      for (const [dimension, values] of Object.entries(cells)) {
        const known = open.find(([each]) => each === dimension)?.[1] ?? [];
        if (!values.some((value) => known.includes(value)))
          throw new Error(
            `${name}: \`targets\`: expected exceptions of ${target.name} over cells that it opens, got ${dimension}=${values.join('|')}`,
          );
      }
  }
}

/** How many replications there are of each policy. */
import type { LabDocument } from '../experiment/document.ts';

/** Replications of contenders that are estimated, over contenders and storms: they differ where precision decided. */
export function replicationsOf({ estimates }: Pick<LabDocument, 'estimates'>): {
  readonly least: number;
  readonly most: number;
} {
  const counts = estimates.filter(({ phase }) => phase === 'estimate').map((each) => each.replications + each.missing);
  if (counts.length === 0) return { least: 0, most: 0 };
  return { least: counts.reduce((a, b) => Math.min(a, b)), most: counts.reduce((a, b) => Math.max(a, b)) };
}

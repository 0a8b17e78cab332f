/** Phases as stretches: what each party was in the middle of, where its connections do not say so already. */

import { visible } from '../../../src/visible.ts';
import { NEUTRAL_PHASES, notePhases } from '../../core/phases.ts';
import type { Protocol } from '../../core/protocol.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import type { World } from '../../core/world.ts';
import type { Lanes } from './lanes.ts';
import type { Bar } from './model.ts';

/** What an open or awaited connection, or a dead process, shows by itself. */
const SHOWN = new Set(['idle', 'live', 'up', 'open', 'down', 'dialling', 'waiting', 'ended']);

/** Bars of phases, in the order of their beginnings. */
export function phaseBars(
  history: readonly RecordedEntry[],
  protocol: Pick<Protocol, 'phases'> | undefined,
  world: World,
  lanes: Lanes,
  ended: number,
): readonly Bar[] {
  const now = new Map<string, { readonly phase: string; readonly at: number; readonly entry: number }>();
  const bars: Bar[] = [];
  let at = 0;
  let entry = 0;
  const over = (node: string): void => {
    const was = now.get(node);
    const lane = lanes.of(node);
    if (was === undefined || lane < 0 || SHOWN.has(was.phase) || at <= was.at) return;
    bars.push({
      lane,
      row: 0,
      state: 'phase',
      label: visible(was.phase),
      begins: was.at,
      ends: at,
      entry: was.entry,
      half: [],
    });
  };
  const change = (node: string, phase: string): void => {
    if (now.get(node)?.phase === phase) return;
    over(node);
    now.set(node, { phase, at, entry });
  };
  const watch = notePhases(protocol?.phases ?? NEUTRAL_PHASES, world.facts, world, {
    entered: change,
    returned: change,
  });
  for (const each of history) {
    at = each.at;
    entry = each.id - 1;
    watch.note(each);
  }
  at = ended;
  for (const node of now.keys()) over(node);
  return bars.sort((a, b) => a.begins - b.begins);
}

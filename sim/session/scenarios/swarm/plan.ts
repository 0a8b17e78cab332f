/** The plan of a world that is drawn whole: by swarm, of all kinds of faults that hit something in it. */
import type { Setting } from '../../../core/scenario.ts';
import { applicable } from '../../../faults/check.ts';
import { drawPlan } from '../../../faults/draw.ts';
import { menuOf } from '../../../faults/menu.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { session } from '../../protocol.ts';
import type { SessionWorld } from '../../world.ts';

/** `which`: whether a kind may be part of it; all by default. */
export function drawnPlan(
  setting: Setting,
  described: SessionWorld,
  which: (kind: string) => boolean = () => true,
): FaultPlan {
  const world = session.cast(described);
  const kinds = applicable(setting.faults, world).filter(which);
  return drawPlan(setting, menuOf(world, kinds, setting.phases));
}

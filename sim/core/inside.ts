/** What a run is made of besides its kernel, as data: for whoever compares states. */
import type { Injector } from '../faults/inject.ts';
import { type Dice, positionsOf } from './dice.ts';
import type { Judges } from './judge.ts';
import type { Wiring } from './wiring.ts';
import type { Application, World } from './world.ts';

export interface Inside {
  readonly injector: Injector;
  readonly dice: Dice;
  readonly applications: readonly Application[];
  readonly wiring: Wiring;
  readonly judges: Judges;
  readonly world: World;
}

/** Null where some of it cannot be looked into. */
export function insideOf({ injector, dice, applications, wiring, judges, world }: Inside): readonly unknown[] | null {
  const remains = injector.remains();
  const luck = positionsOf(dice);
  // What is under way between two services decides when the next word arrives.
  if (remains === null || luck === null || world.ties === 'shuffled' || world.serviceSpread !== undefined) return null;
  if (applications.some(({ state }) => state === undefined)) return null;
  return [remains, luck, applications.map((each) => each.state?.()), wiring.routes(), judges.memories()];
}

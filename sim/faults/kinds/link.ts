/** Faults of a link: `target` is its name, for instance `c1-lb`. */
import type { Kinds } from '../kind.ts';
import { CUT_KINDS, type CutFault } from './link/cutting.ts';
import { END_KINDS, type EndFault } from './link/ending.ts';
import { SLOW_KINDS, type SlowFault } from './link/slowing.ts';

export type LinkFault = CutFault | EndFault | SlowFault;

export const LINK_KINDS: Kinds<LinkFault> = { ...CUT_KINDS, ...END_KINDS, ...SLOW_KINDS };

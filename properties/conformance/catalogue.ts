/** All programs, by what they are about. */

import { endings } from './catalogue/endings.ts';
import { frames } from './catalogue/frames.ts';
import { lives } from './catalogue/lives.ts';
import { node } from './catalogue/node.ts';
import { pages } from './catalogue/pages.ts';
import { upgrades } from './catalogue/upgrades.ts';
import type { Program } from './program.ts';

export const PROGRAMS: readonly Program[] = [...upgrades, ...endings, ...frames, ...lives, ...pages, ...node];

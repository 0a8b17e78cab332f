/** All parts of `npm run validate`, in the order of its table. */
import { conflicts, conflictsAside } from './conflicts/part.ts';
import { contention } from './contention/part.ts';
import { forms } from './forms/part.ts';
import type { Part } from './part.ts';
import { storms } from './storms/part.ts';

export const PARTS: readonly Part[] = [conflicts, conflictsAside, storms, contention, forms];

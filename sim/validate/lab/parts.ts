/** All parts of `npm run validate`, in the order of its table. */
import { conflicts } from './conflicts/part.ts';
import { contention } from './contention/part.ts';
import { forms } from './forms/part.ts';
import type { Part } from './part.ts';
import { storms } from './storms/part.ts';

export const PARTS: readonly Part[] = [conflicts, storms, contention, forms];

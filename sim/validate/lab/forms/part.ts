/** The lab beside what can be derived without any simulation. */
import type { Part } from '../part.ts';
import { admission } from './admission.ts';
import { bounds } from './bounds.ts';
import { channel } from './channel.ts';
import { dials } from './dials.ts';
import { loops } from './loops.ts';
import { memoryless } from './memoryless.ts';
import { refusals } from './refusals.ts';
import { waits } from './waits.ts';

export const forms: Part = {
  name: 'forms',
  about:
    'closed forms: admission in windows, collisions, bounds, polls without memory, refusals that cost, waits of policies',
  run: (effort) =>
    [admission, channel, bounds, memoryless, refusals, dials, waits, loops].flatMap((form) => form(effort)),
};

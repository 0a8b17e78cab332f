/** The laws, in the order in which a breach explains most: the first ones name causes, the last ones symptoms. */
import { completion } from './completion.ts';
import { exactlyOnce } from './exactly-once.ts';
import type { Law } from './law.ts';
import { noLeak } from './no-leak.ts';
import { oneOwner } from './one-owner.ts';
import { prefix } from './prefix.ts';

/** Every law that judges a run by default. */
export const LAWS: readonly Law[] = [prefix, completion, exactlyOnce, oneOwner, noLeak];

/** The law of that name, or undefined: the caller knows best how to suggest a name that exists. */
export const lawNamed = (name: string): Law | undefined => LAWS.find((law) => law.name === name);

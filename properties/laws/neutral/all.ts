/** The laws that know no protocol: they need only the boundary to the application and the transport. */
import type { Law } from '../law.ts';
import { backoff } from './backoff.ts';
import { exactlyOnce } from './exactly-once.ts';
import { honestErrors } from './honest-errors.ts';
import { noHerd } from './no-herd.ts';
import { noLeak } from './no-leak.ts';
import { prefix } from './prefix.ts';

/** What judges every world that no protocol brings laws for. A protocol may have a sharper law in the place of one, by its name. */
export const NEUTRAL_LAWS: readonly Law[] = [prefix, exactlyOnce, backoff, honestErrors, noLeak, noHerd];

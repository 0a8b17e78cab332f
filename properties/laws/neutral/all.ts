/** The laws that know no protocol: they need only the boundary to the application and the transport. */
import type { Law } from '../law.ts';
import { exactlyOnce } from './exactly-once.ts';
import { noHerd } from './no-herd.ts';
import { noLeak } from './no-leak.ts';

/** What judges every world that no protocol brings laws for. */
export const NEUTRAL_LAWS: readonly Law[] = [exactlyOnce, noLeak, noHerd];

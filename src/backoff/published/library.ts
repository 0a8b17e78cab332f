/** What published clients share, and the words of their presets. */
import { ms, ZERO } from '../../time.ts';
import { POLICY_DEFAULTS, type Policy } from '../policy.ts';

/** No jitter, no hint, and the counter begins anew as soon as the server accepted. */
export const LIBRARY: Omit<Policy, 'delay'> = {
  ...POLICY_DEFAULTS,
  jitter: { kind: 'none' },
  stableAfter: ZERO,
  retryAfter: 'ignore',
  retryAfterSpread: ZERO,
};

export const doubling = { num: 2, of: 1 };

/** How libraries count in whole milliseconds. */
export const MILLISECONDS = {
  down: { to: ms(1), by: 'down' },
  nearest: { to: ms(1), by: 'nearest' },
  even: { to: ms(1), by: 'even' },
} as const;

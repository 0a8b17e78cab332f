/**
 * The policy of clients in a world that asks for none of its own: one curve, 0 to 0.5 s, doubling to 20 s. Worlds of the
 * catalogue last for minutes, and what must have happened by when is derived from the longest wait that a policy may draw. The
 * default that the lab recommends makes room for up to half an hour, which would let hardly any run be judged; sweeps under it are
 * made with `--policy default`.
 */
import { POLICY_DEFAULTS, type Policy } from '../../../src/backoff/policy.ts';
import { ms } from '../../../src/time.ts';

export const WORLD_POLICY: Policy = {
  ...POLICY_DEFAULTS,
  delay: { kind: 'exponential', base: ms(500), factor: { num: 2, of: 1 }, compounds: false },
};

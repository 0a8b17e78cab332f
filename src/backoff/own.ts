/**
 * The policies that hangup recommends, tuned and measured by its own lab (docs/backoff.md has the study).
 *
 * Both spread a fleet evenly over one period and keep it spread: behind the first seconds of an outage each client dials
 * at a phase of its own. When the servers are back, everybody comes within one period, at a steady rate, and whose
 * last dial is the longest ago comes first. A draw for each wait, as under full jitter, brings twice as many in the first seconds as in the mean.
 */
import { type Duration, minutes, ms, seconds, us, ZERO } from '../time.ts';
import { type Curve, type Mode, POLICY_DEFAULTS, type Policy, type Preset } from './policy.ts';

const EVEN: Omit<Curve, 'delay' | 'cap'> = {
  jitter: { kind: 'full', floor: ZERO },
  first: null,
  ceiling: null,
  capOn: 'range',
  rounding: null,
};

/**
 * Once a draw from the whole period, then the period, give or take 15 %. Without any jitter phases would keep as well as they
 * can, and for good: a moment that fails many dials at once would bring their clients into step for the rest of the outage.
 */
const phased = (period: Duration, after: Duration): Mode => ({
  ...EVEN,
  on: null,
  after,
  cuts: false,
  delay: { kind: 'constant', base: period },
  jitter: { kind: 'proportional', below: SWAY, above: SWAY },
  first: { least: ZERO, most: period },
  ceiling: period,
  cap: us((period * (SWAY.of + SWAY.num)) / SWAY.of),
});
const SWAY = { num: 3, of: 20 };

/**
 * The herd is larger than what the servers take: everybody makes room, for longer and longer. Each wait is at least half of what
 * it may be, so after a time t of refusals nobody waits for longer than 6 s + t / 2.
 */
const CROWDED: Mode = {
  ...EVEN,
  jitter: { kind: 'equal' },
  on: 'overloaded',
  after: null,
  cuts: false,
  delay: { kind: 'exponential', base: seconds(6), factor: { num: 5, of: 4 }, compounds: false },
  cap: minutes(30),
};

/** The period of the blind policy: no single one is right for fleets that need less than 0.8 or more than 1.15 of it (docs/backoff.md). */
const PERIOD = seconds(21);
/** So often a fleet may ask whose servers spread it themselves. */
const POLL = seconds(5);

const growing = (cap: Duration): Policy => ({
  ...POLICY_DEFAULTS,
  delay: { kind: 'exponential', base: ms(500), factor: { num: 2, of: 1 }, compounds: false },
  cap,
});

/** Our own policies by name. */
export const OWN = {
  default: {
    about:
      '0 to 0.5 s, doubling to 21 s; from 10 s on every 21 s +-15 %, at a phase of its own; makes room for a herd; never gives up',
    formula:
      'u * min(21 s, 0.5 s * 2^n); from 10 s after the drop on u * 21 s once, then 21 s * (0.85 + 0.3 * u); refused for want of room: (1 + u) / 2 * min(30 min, 6 s * 1.25^n)',
    source: null,
    lacks: null,
    policy: { ...growing(PERIOD), modes: [phased(PERIOD, seconds(10)), CROWDED] },
  },
  'server-directed': {
    about:
      '0 to 0.5 s, doubling to 5 s; then every 5 s +-15 % at a phase of its own; comes exactly when a refusal says: for servers that give out slots',
    formula:
      'u * min(5 s, 0.5 s * 2^n); from 5 s after the drop on u * 5 s once, then 5 s * (0.85 + 0.3 * u); what the server says instead of any of it',
    source: null,
    lacks: null,
    policy: {
      ...growing(POLL),
      modes: [phased(POLL, seconds(5)), CROWDED],
      retryAfter: 'exact',
      retryAfterSpread: ZERO,
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;

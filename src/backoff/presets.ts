/**
 * Named policies: ours, one for each shape that people choose between, and the published ones. A preset is data; a
 * variation of one is a spread: `{ ...PRESETS.default.policy, cap: seconds(5) }`.
 */
import { ms, seconds, ZERO } from '../time.ts';
import { OWN } from './own.ts';
import { LONGEST, POLICY_DEFAULTS, type Policy, type Preset } from './policy.ts';
import { PUBLISHED } from './published.ts';

const doubling = { num: 2, of: 1 };

/** Every preset by name. */
export const PRESETS = {
  ...OWN,
  constant: {
    about: 'every 1 s, no jitter: clients cut together return together',
    formula: 'base',
    source: null,
    lacks: null,
    policy: { ...POLICY_DEFAULTS, delay: { kind: 'constant', base: seconds(1) }, jitter: { kind: 'none' } },
  },
  linear: {
    about: '0.5 s, 1 s, 1.5 s … 10 s, no jitter',
    formula: 'min(cap, base + step * n)',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: { kind: 'linear', base: ms(500), step: ms(500) },
      jitter: { kind: 'none' },
      cap: seconds(10),
    },
  },
  exponential: {
    about: '0.5 s doubling to 20 s, no jitter: the herd stays in step',
    formula: 'min(cap, base * 2^n)',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: { kind: 'exponential', base: ms(500), factor: doubling, compounds: false },
      jitter: { kind: 'none' },
    },
  },
  'full-jitter': {
    about: '0 to 1 s, doubling to 30 s: widest spread, a retry may come at once',
    formula: 'u * min(cap, base * 2^n)',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      jitter: { kind: 'full', floor: ZERO },
      cap: seconds(30),
    },
  },
  'equal-jitter': {
    about: '0.5 to 1 s, doubling to 30 s: never at once, half the spread',
    formula: 'v / 2 + u * v / 2, v = min(cap, base * 2^n)',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      jitter: { kind: 'equal' },
      cap: seconds(30),
    },
  },
  'decorrelated-jitter': {
    about: '0.5 s to 3x the previous delay, up to 20 s, spread below the cap',
    formula: 'base + u * (min(cap, 3 * previous) - base)',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: { kind: 'constant', base: ms(500) },
      jitter: { kind: 'decorrelated', factor: { num: 3, of: 1 } },
    },
  },
  table: {
    about: '0.25, 0.5, 1, 2, 5, 10 s, then every 10 s, each -25 % to +25 %',
    formula: 't[n] * (0.75 + u / 2)',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: {
        kind: 'table',
        delays: [ms(250), ms(500), seconds(1), seconds(2), seconds(5), seconds(10)],
        afterLast: 'repeat',
      },
      jitter: { kind: 'proportional', below: { num: 1, of: 4 }, above: { num: 1, of: 4 } },
      cap: ms(12_500),
    },
  },
  'random-phase': {
    about: '0 to 5 s once, then every 5 s: a fleet that is spread for good, and asks the same load of any outage',
    formula: 'u * 5 s, then 5 s',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: { kind: 'constant', base: seconds(5) },
      jitter: { kind: 'none' },
      first: { least: ZERO, most: seconds(5) },
    },
  },
  memoryless: {
    about:
      '5 s on average, exponentially distributed: arrivals are a Poisson stream, and the unluckiest wait very long',
    formula: '-ln(1 - u) * base',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: { kind: 'constant', base: seconds(5) },
      jitter: { kind: 'exponential' },
      cap: LONGEST,
    },
  },
  'reserved-slots': {
    about: 'as random-phase, and exactly when a server says: for servers that give each client a slot of its own',
    formula: 'u * 5 s, then 5 s; with a hint h: h',
    source: null,
    lacks: null,
    policy: {
      ...POLICY_DEFAULTS,
      delay: { kind: 'constant', base: seconds(5) },
      jitter: { kind: 'none' },
      first: { least: ZERO, most: seconds(5) },
      retryAfter: 'exact',
      retryAfterSpread: ZERO,
    },
  },
  ...PUBLISHED,
} as const satisfies Readonly<Record<string, Preset>>;

/** The name of a preset. */
export type PresetName = keyof typeof PRESETS;

/** The names of all presets, ours first. */
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** The preset of that name, or undefined: the caller knows best how to suggest a name that exists. */
export function policyNamed(name: string): Policy | undefined {
  return Object.hasOwn(PRESETS, name) ? PRESETS[name as PresetName].policy : undefined;
}

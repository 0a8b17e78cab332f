/** A policy of several modes as a plain function: which curve holds, each with a count of its own, and the range that it draws from. */
import type { Curve, Policy } from '../../../src/backoff/policy.ts';
import { millis } from './paste.ts';
import { curveOf, endsOf, mayPass } from './range.ts';

/** Whether every curve of a policy is a uniform range that remembers no wait, so that a function of few lines says it. */
export const isModal = (policy: Policy): boolean =>
  policy.modes.length > 0 &&
  !policy.atOnce &&
  policy.modes.every(({ cuts }) => !cuts) &&
  [policy, ...policy.modes].every(isPlain);

const isPlain = ({ delay, jitter, capOn, rounding }: Curve): boolean =>
  ['none', 'full', 'equal', 'additive', 'proportional'].includes(jitter.kind) &&
  (jitter.kind !== 'proportional' || jitter.above.num > 0) &&
  delay.kind !== 'table' &&
  !(delay.kind === 'exponential' && delay.compounds) &&
  capOn === 'range' &&
  rounding === null;

/** What is counted beside the function. */
export const modalMemory = ({ modes }: Policy): string =>
  `/** Retries of each mode since the outage began. */\nconst retries = [${['0', ...modes.map(() => '0')].join(', ')}];`;

/** The lines from the choice of the mode to the wait that it draws. */
export function modalBody(policy: Policy): readonly string[] {
  const holds = policy.modes.map(({ on, after }) =>
    [
      ...(on === 'overloaded' ? ['overloaded'] : on === 'down' ? ['!overloaded'] : []),
      ...(after === null ? [] : [`elapsed >= ${millis(after)}`]),
    ].join(' && '),
  );
  // The last one that holds counts.
  const choice = holds.map((test, index) => `${test} ? ${index + 1}`).reverse();
  return [
    'if (attempt === 0) retries.fill(0);',
    `const mode = ${choice.join(' : ')} : 0;`,
    'const n = retries[mode]!++;',
    'const luck = Math.random();',
    'let least: number;',
    'let most: number;',
    ...[policy, ...policy.modes].flatMap((curve, index) => [
      index === 0
        ? 'if (mode === 0) {'
        : index === policy.modes.length
          ? '} else {'
          : `} else if (mode === ${index}) {`,
      ...rangeOf({ ...policy, ...curve, atOnce: true }).map((line) => `  ${line}`),
    ]),
    '}',
    'let delay = least + luck * (most - least);',
  ];
}

/** A policy that is said to come at once counts its curve by `n`. */
function rangeOf(policy: Policy): readonly string[] {
  const ceiling = policy.ceiling ?? policy.cap;
  const over = mayPass(policy, ceiling);
  const cut = (text: string): string => (over && text !== '0' ? `Math.min(${millis(policy.cap)}, ${text})` : text);
  const [least, most] = endsOf(policy, ceiling);
  const { first } = policy;
  const pick = (text: string, early: number | undefined): string =>
    early === undefined ? text : `n === 0 ? ${millis(early)} : ${text}`;
  return [
    `const value = ${curveOf(policy, ceiling)};`,
    `least = ${pick(cut(least), first?.least)};`,
    `most = ${pick(cut(most), first?.most)};`,
  ];
}

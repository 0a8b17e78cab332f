/** `--policies`, as those who enter an experiment: what is a variation of what, and in which knobs. */
import { contendersOf } from '../../lab/contenders.ts';
import type { Entrant } from '../../lab/experiment/experiment.ts';
import type { Known } from '../known.ts';
import { tellPolicy } from '../policy-lines.ts';

/** Throws `UsageError` or `InputError` in one line. */
export const entrantsOf = (text: string, known: Pick<Known, 'policies'>): readonly Entrant[] =>
  contendersOf(text, undefined, known.policies, tellPolicy).map(({ name, policy }) => ({ policy, ...knobsOf(name) }));

/** `full-jitter,cap=60s` is a variation of `full-jitter`; a path may hold commas. */
function knobsOf(name: string): Omit<Entrant, 'policy'> {
  const pieces = name.split(',');
  const first = pieces.findIndex((piece, nth) => nth > 0 && /^[A-Za-z_][\w.]*=/.test(piece));
  const knobs = first < 0 ? [] : pieces.slice(first);
  return {
    name,
    family: first < 0 ? name : pieces.slice(0, first).join(','),
    parameters: Object.fromEntries(
      knobs.map((knob) => [knob.slice(0, knob.indexOf('=')), knob.slice(knob.indexOf('=') + 1)]),
    ),
  };
}

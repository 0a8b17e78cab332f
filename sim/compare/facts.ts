/** What differs between two sweeps of a scenario for certain: laws and claims are not a matter of statistics. */
import { counted } from '../../src/count.ts';
import type { ScenarioDocument } from '../explore/document.ts';
import type { TargetDocument } from '../explore/target-document.ts';
import { isMissed } from '../explore/verdict.ts';
import { inUnit } from '../report/words.ts';

export interface Fact {
  readonly scenario: string;
  readonly regression: boolean;
  /** One sentence. */
  readonly states: string;
  /** The line that replays it, or null. */
  readonly paste: string | null;
}

/** Runs that ended in no law's breach, by what stands in its place. */
const ENDS: Readonly<Record<string, string>> = {
  budget: 'it came to no end',
  threw: 'it threw',
  crashed: 'it ended its process',
};

export function factsOf(before: ScenarioDocument, after: ScenarioDocument): readonly Fact[] {
  const scenario = after.name;
  const facts: Fact[] = [];
  for (const { law, message, runs, paste } of after.broken)
    if (!before.broken.some((each) => each.law === law))
      facts.push({
        scenario,
        regression: true,
        states: `${ENDS[law] ?? `law ${law} held and is broken`} in ${runs} of ${counted(after.runs, 'run')}: ${message}`,
        paste,
      });
  for (const { law, runs } of before.broken)
    if (!after.broken.some((each) => each.law === law))
      facts.push({
        scenario,
        regression: false,
        states: `${ENDS[law] ?? `law ${law} was broken`} in ${runs} of ${counted(before.runs, 'run')}, and ${law in ENDS ? 'in none now' : 'holds'}`,
        paste: null,
      });
  for (const target of after.targets) {
    const earlier = before.targets.find((each) => sameTarget(each, target));
    if (earlier === undefined || isHeld(earlier) === isHeld(target)) continue;
    if (!isJudged(earlier) || !isJudged(target)) continue;
    const figures = `${inUnit(target, earlier.value)} then, ${inUnit(target, target.value)} now, bound ${inUnit(target, target.held)}`;
    facts.push({
      scenario,
      regression: !isHeld(target),
      states: `target ${target.name} was ${isHeld(earlier) ? 'met and is missed' : 'missed and is met'}: ${figures}`,
      paste: null,
    });
  }
  for (const { name, states, runs, verdict } of after.sometimes) {
    const reached = before.sometimes.find((each) => each.name === name)?.runs ?? 0;
    if (runs === 0 && reached > 0)
      facts.push({
        scenario,
        regression: verdict === 'never reached',
        states: `claim ${name} was reached in ${counted(reached, 'run')} and in none now (${states}): what it guards is untested`,
        paste: null,
      });
  }
  return facts;
}

const isJudged = (target: TargetDocument): boolean => isHeld(target) || isMissed(target);
const isHeld = ({ verdict }: TargetDocument): boolean => verdict === 'met' || verdict === 'bound';

/** A target of the same name over the same cells. */
const sameTarget = (a: TargetDocument, b: TargetDocument): boolean =>
  a.name === b.name && (a.exception?.cells ?? '') === (b.exception?.cells ?? '');

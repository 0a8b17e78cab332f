/**
 * What a failed test of seeds says: which run, which law, when and in which words; the fewest faults that do it; where the
 * failure file is; and the lines to paste.
 */
import { formatDuration, us } from '../../src/time.ts';
import type { Scenario } from '../core/scenario.ts';
import { faultLine } from '../explain/fault-line.ts';
import type { Shrunk } from '../explain/shrink.ts';
import type { ExploreDocument } from '../explore/document.ts';
import type { Problem } from '../explore/problems.ts';
import { faultsOf } from '../faults/catalogue.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { claimInWords, claimsOf } from '../report/claims.ts';
import { missedTargets, openTargets, rowName } from '../report/targets.ts';
import { counted, inUnit, moment, notEnough } from '../report/words.ts';

/** A bad run, with everything that a person needs to see it again. */
export interface Found {
  readonly scenario: Scenario;
  readonly problem: Problem;
  /** What the broken law states; empty when none of that name is known. */
  readonly states: string;
  readonly conditions: string;
  /** `run 4 of 500, 3 of the 12 so far are bad` */
  readonly place: string;
  /** The plan of the run, and what is left of it; null where it could not be shrunk. */
  readonly plan: FaultPlan | null;
  readonly shrunk: Shrunk | null;
  /** Path of the failure file, or why there is none. */
  readonly file: string | null;
  /** Lines to paste, each with what it is good for. */
  readonly paste: readonly (readonly [label: string, line: string])[];
}

/** A line with a label before it, so that they stand below each other. */
const labelled = (label: string, text: string): string => `  ${label.padEnd(10)}${text}`;

export function foundText(found: Found): string {
  const { scenario, problem, states, conditions, place, file, paste } = found;
  const { law, seed, at, event, message, confirmed } = problem;
  // What threw or crashed says itself where.
  const where = event > 0 && problem.bad.ended === null ? ` ${moment(at, event)}` : '';
  const what = law === 'budget' ? 'comes to no end' : problem.bad.ended === null ? `breaks the law ${law}` : law;
  return [
    `${scenario.name}@${seed} ${what}${where}: ${message}`,
    ...(states === '' ? [] : [labelled('the law', states)]),
    ...(confirmed === false
      ? [labelled('but', 'a second run of the same seed came to something else: what it depends on is not all seeded')]
      : []),
    labelled('the run', place),
    ...(conditions === '' ? [] : [labelled('drawn', conditions)]),
    ...planText(found),
    ...(file === null ? [] : [labelled('saved', file)]),
    ...paste.map(([label, line]) => labelled(label, line)),
  ].join('\n');
}

/** More faults than these say less. */
const FAULTS_SHOWN = 12;

function planText({ scenario, plan, shrunk }: Found): readonly string[] {
  const left = shrunk?.plan ?? plan;
  if (left === null) return [];
  const faults = faultsOf(scenario);
  const lines = left
    .slice(0, FAULTS_SHOWN)
    .map((fault, number) => faultLine(number, fault, faults, scenario.protocol?.phases));
  if (left.length > FAULTS_SHOWN) lines.push(`and ${left.length - FAULTS_SHOWN} more`);
  const head =
    shrunk === null || plan === null
      ? counted(left.length, 'fault')
      : left.length === 0
        ? `no fault is needed (shrunk in ${counted(shrunk.runs, 'run')})`
        : `${left.length} of ${counted(plan.length, 'fault')} ${left.length === 1 ? 'is' : 'are'} enough (shrunk in ${counted(shrunk.runs, 'run')})`;
  return [labelled('the plan', head), ...lines.map((line) => labelled('', line))];
}

/** What a sweep without a bad run did not keep: targets that are missed, claims that never came true; null for nothing. */
export function unkeptText(document: ExploreDocument): string | null {
  const missed = missedTargets(document).map((target) =>
    labelled(
      'missed',
      `${rowName(target)}: ${inUnit(target, target.value)}, promised ${target.is} ${inUnit(target, target.held)}: ${target.states}`,
    ),
  );
  const unseen = claimsOf(document, 'never reached').map((claim) =>
    labelled(
      'unseen',
      `claim ${claim.name} ${claimInWords(claim, claim.of)}: ${claim.states}; what it guards is untested`,
    ),
  );
  if (missed.length + unseen.length === 0) return null;
  const [scenario] = document.scenarios;
  const what = [
    ...(missed.length === 0 ? [] : [`${counted(missed.length, 'target')} missed`]),
    ...(unseen.length === 0 ? [] : [`${counted(unseen.length, 'claim')} never seen`]),
  ];
  return [
    `${scenario?.name} breaks no law in ${counted(scenario?.runs ?? 0, 'run')}, but: ${what.join(', ')}, by more than luck`,
    ...missed,
    ...unseen,
  ].join('\n');
}

/** Rows on which so few seeds cannot tell, in one line; null for none. */
export function openText(document: ExploreDocument): string | null {
  const open = [
    ...openTargets(document).map((each) => `${rowName(each)}: ${notEnough(each.needed, each)}`),
    ...claimsOf(document, 'not enough seeds').map((each) => `claim ${each.name} ${claimInWords(each, each.of)}`),
  ];
  if (open.length === 0) return null;
  const more = open.length - ROWS_SHOWN;
  return `${document.scenarios[0]?.name}: ${open.slice(0, ROWS_SHOWN).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

const ROWS_SHOWN = 4;

/** Of a sweep that its time-out ended before all seeds were run, none of which was bad. */
export const lateText = (scenario: string, done: number, runs: number, timeoutMs: number): string =>
  `${scenario}: ${formatDuration(us(timeoutMs * 1000))} were over after ${done} of ${counted(runs, 'run')}, none of which was bad: expected fewer \`runs\`, or a longer \`timeout\``;

/** What `--maximise` found: the worst plan in words, beside the worst that seeds drew, and its file, which replays. */
import type { Origin } from '../core/overrides.ts';
import { run } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { faultLine } from '../explain/fault-line.ts';
import { pasteFile } from '../explore/command-line.ts';
import { type FailureFile, failurePath, saveFailure } from '../explore/failure.ts';
import { faultsOf } from '../faults/catalogue.ts';
import type { Maximised } from '../search/maximised.ts';
import { shownIn } from './columns.ts';

/** Where files go, and what stands in each. */
export interface Saving {
  readonly out: string;
  readonly origin: Origin & Pick<FailureFile, 'version' | 'config' | 'files'>;
  readonly overrides: Parameters<typeof run>[2];
  readonly say: (line: string) => void;
}

const nameOf = ({ figure }: Maximised): string => `worst-${figure.name}`;

/** How far climbing came, how far luck, and what the farthest plan is. */
export function maximisedLines(scenario: Scenario, maximised: Maximised): readonly string[] {
  const { figure, worst, random } = maximised;
  if (worst === null) return [`${scenario.name}: no run measured any ${figure.name}`];
  const times = random === null ? '' : ` (${(worst.score / random.score).toFixed(2)} times)`;
  const most = (score: number): string => shownIn(figure.unit, score);
  return [
    `${scenario.name}: ${figure.name} up to ${most(worst.score)} in seed ${worst.seed}; as many runs that seeds draw came to ${most(random?.score ?? 0)}${times}`,
    ...worst.plan.map((fault, number) => `  ${faultLine(number, fault, faultsOf(scenario))}`),
  ];
}

/** Writes the file of the farthest run. */
export function saveWorst(scenario: Scenario, maximised: Maximised, saving: Saving): void {
  const { worst } = maximised;
  if (worst === null) return;
  const { seed, plan } = worst;
  const outcome = run(scenario, seed, { ...saving.overrides, plan });
  const { cell, digest, exceeded, breaches } = outcome;
  const verdict = outcome.verdict === 'holds' ? 'broken' : outcome.verdict;
  const bad = { seed, name: nameOf(maximised), cell, digest, verdict, exceeded, breaches, plan, ended: null };
  saveFailure(saving.out, scenario.name, bad, saving.origin);
  saving.say(`${maximised.figure.name}: ${pasteFile(failurePath(saving.out, scenario.name, bad))}`);
}

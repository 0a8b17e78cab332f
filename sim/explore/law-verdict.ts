/**
 * Verdicts on laws that were not judged in some runs, or in any.
 *
 * A law without a promise to hold anybody to, or about something that no machine of the world ever does, says nothing of
 * that world: it is told so, and it is no failure, because a protocol without sends cannot lose one. A law about something
 * that the world says it does, and that happened in no run, was never put to the test: that fails a sweep which should have
 * seen it, as a claim does that never came true. And a scenario of which no law could be judged fails, whatever the reason.
 *
 * A law may also count what luck decides (`expects`): then a sweep breaks it in which that came out as it does by luck in less
 * than one sweep of 100,000, all that it counts taken together.
 */
import type { Law } from '../../properties/laws/law.ts';
import { lawsOf, type Scenario } from '../core/scenario.ts';
import { ONCE_PER } from './claim-verdict.ts';
import { RED, roundedUp, runsToSee } from './confidence.ts';
import { unlucky } from './luck.ts';
import { type EndedRuns, endedRuns } from './measures.ts';
import type { Tally } from './tally.ts';

export interface LawRow {
  readonly law: string;
  /** Runs in which it was not judged, and why. */
  readonly runs: number;
  readonly because: string;
  /**
   * `in part`: it was judged in other runs; `never tested`: it should have been; `nothing to judge`: it need not be. `not by
   * luck`: it was judged, and what it counted over all runs is beyond all luck; `because` says what.
   */
  readonly verdict: 'in part' | 'never tested' | 'not enough seeds' | 'nothing to judge' | 'not by luck';
  /** Seeds that should see what it looks at; null unless there are too few. */
  readonly needed: number | null;
}

/** Whether a law fails a sweep in which no run broke it. */
export const isFailing = ({ verdict }: Pick<LawRow, 'verdict'>): boolean =>
  verdict === 'never tested' || verdict === 'not by luck';

/** The name that stands for all laws of a scenario when none was judged. */
export const EVERY_LAW = 'every law';

/** The laws of a scenario that were not judged in every run; `laws` judged in place of its own. */
export function lawRowsOf(
  scenario: Pick<Scenario, 'protocol' | 'laws'>,
  tally: Pick<Tally, 'notJudged' | 'runs'> & Partial<Pick<Tally, 'counts'>> & EndedRuns,
  laws: readonly Pick<Law, 'name' | 'expects'>[] | null = null,
): readonly LawRow[] {
  const over = tally.runs - endedRuns(tally);
  if (over === 0) return [];
  const rows = Object.keys(tally.notJudged).map((law): LawRow => {
    const { runs, because, happens } = tally.notJudged[law] as Tally['notJudged'][string];
    const row = { law, runs, because, needed: null };
    if (runs < over) return { ...row, verdict: 'in part' };
    if (!happens) return { ...row, verdict: 'nothing to judge' };
    const needed = runsToSee(1 / (scenario.protocol?.heardOncePer ?? ONCE_PER), RED);
    return over >= needed
      ? { ...row, verdict: 'never tested' }
      : { ...row, verdict: 'not enough seeds', needed: roundedUp(needed) };
  });
  const judged = laws ?? lawsOf(scenario);
  for (const law of judged) {
    const because = unlucky(law, tally.counts?.[law.name]);
    if (because !== null) rows.push({ law: law.name, runs: over, because, verdict: 'not by luck', needed: null });
  }
  const names = new Set(judged.map(({ name }) => name));
  const unjudged = rows.filter(({ verdict }) => verdict !== 'in part' && verdict !== 'not by luck').length;
  if (unjudged < names.size) return rows;
  const because = names.size === 0 ? 'the scenario has none' : 'for none of them there is anything to judge';
  return [...rows, { law: EVERY_LAW, runs: over, because, verdict: 'never tested', needed: null }];
}

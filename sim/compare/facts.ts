/** What differs between two sweeps of a scenario for certain: laws and claims are not a matter of statistics. */
import type { ScenarioDocument } from '../explore/document.ts';

export interface Fact {
  readonly scenario: string;
  readonly regression: boolean;
  /** One sentence. */
  readonly states: string;
  /** The line that replays it, or null. */
  readonly paste: string | null;
}

export function factsOf(before: ScenarioDocument, after: ScenarioDocument): readonly Fact[] {
  const scenario = after.name;
  const facts: Fact[] = [];
  for (const { law, message, runs, paste } of after.broken)
    if (!before.broken.some((each) => each.law === law))
      facts.push({
        scenario,
        regression: true,
        states: `law ${law} held and is broken in ${runs} of ${after.runs} runs: ${message}`,
        paste,
      });
  for (const { law, runs } of before.broken)
    if (!after.broken.some((each) => each.law === law))
      facts.push({
        scenario,
        regression: false,
        states: `law ${law} was broken in ${runs} of ${before.runs} runs and holds`,
        paste: null,
      });
  for (const { name, states, runs } of after.sometimes) {
    const reached = before.sometimes.find((each) => each.name === name)?.runs ?? 0;
    if (runs === 0 && reached > 0)
      facts.push({
        scenario,
        regression: false,
        states: `claim ${name} was reached in ${reached} runs and in none now (${states}): what it guards is untested`,
        paste: null,
      });
  }
  return facts;
}

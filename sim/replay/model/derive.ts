/** A recorded run as the model that a page draws. */
import type { Law } from '../../../properties/laws/law.ts';
import { visible } from '../../../src/visible.ts';
import { cellName } from '../../core/cells.ts';
import type { Outcome } from '../../core/outcome.ts';
import { lawsOf, type Scenario } from '../../core/scenario.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import type { World } from '../../core/world.ts';
import { faultsOf } from '../../faults/catalogue.ts';
import { barsOf } from './bars.ts';
import { brokenIn } from './breaches.ts';
import { faultSpans } from './faults.ts';
import { lanesOf } from './lanes.ts';
import { messagesOf } from './messages.ts';
import type { Mark, Model } from './model.ts';
import { phaseBars } from './phases.ts';
import { rowsOf } from './rows.ts';
import { streamsOf } from './streams.ts';

export function modelOf(scenario: Scenario, outcome: Outcome, history: readonly RecordedEntry[], world: World): Model {
  const laws: readonly Law[] = lawsOf(scenario);
  const breaches = brokenIn(outcome.breaches, history, laws, outcome.events);
  const needed = breaches.flatMap(({ trail }) => trail.map((row) => history[row]?.node ?? ''));
  const lanes = lanesOf(world, history, [...new Set([...needed, ...outcome.plan.map(({ target }) => target)])]);
  const faults = faultSpans(outcome, history, faultsOf(scenario), world, lanes, scenario.protocol?.phases);
  const told = breaches.flatMap(({ trail, meanwhile }) => [...trail, ...meanwhile]);
  const rows = rowsOf(history, lanes, scenario.protocol, told);
  const ended = Math.max(outcome.ended, 1);
  const because = new Map(outcome.notJudged.map((each) => [each.law, each.because]));
  return {
    told: null,
    ...{
      scenario: visible(scenario.name),
      seed: outcome.seed,
      cell: cellName(outcome.cell),
      conditions: visible(outcome.conditions),
    },
    ...{ digest: outcome.digest, verdict: outcome.verdict, exceeded: outcome.exceeded, events: outcome.events, ended },
    ...{ plan: outcome.plan, faults, parties: lanes.parties, rows },
    messages: messagesOf(history, rows, lanes, scenario.protocol?.vocabulary, ended),
    ...barsOf(history, lanes, faults, ended),
    phases: phaseBars(history, scenario.protocol, world, lanes, ended),
    marks: marksIn(history, rows.lane),
    laws: laws.map(({ name, states }) => ({ name, states, because: because.get(name) ?? null })),
    breaches,
    streams: streamsOf(history),
  };
}

/** So many remarks are drawn on the board; all of them stand in the list. */
const MARKS = 2_000;

const marksIn = (history: readonly RecordedEntry[], lanes: Int16Array): readonly Mark[] =>
  history
    .flatMap((entry, row): Mark[] => {
      const lane = lanes[row] as number;
      const put = (sort: Mark['sort'], text: string): Mark[] => [
        { lane, at: entry.at, row, sort, text: visible(text) },
      ];
      if (lane < 0) return [];
      if (entry.kind === 'told') return put('told', entry.error);
      return entry.kind === 'uncaught' ? put('told', entry.error.slice(0, 60)) : [];
    })
    .slice(0, MARKS);

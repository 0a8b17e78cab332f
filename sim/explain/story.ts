/**
 * The story of a failing run, in so many lines that fit a screen: what broke, which fault it needs, where it parts from the
 * nearest run that passes, what led from there to the breach, what each party knew then, and what repeats.
 *
 * It is data first, each line with its place in the run; the command prints it and a page shows it. All of it comes from the
 * recorded history, from runs of the same seed without some of the plan, and from what a protocol says that its machines
 * know; nothing of it is written for one law or one scenario.
 */
import { counted } from '../../src/count.ts';
import { formatDuration, formatInstant } from '../../src/time.ts';
import { madeOf, type Outcome } from '../core/outcome.ts';
import type { RunOptions } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { faultsOf } from '../faults/catalogue.ts';
import { type Affair, affairOf, focusOf, standsAt } from './affair.ts';
import { Cast } from './cast.ts';
import { chainOf } from './chain.ts';
import { faultLine } from './fault-line.ts';
import { wordsIn } from './fold.ts';
import { Again, type Guilt, guiltOf } from './guilt.ts';
import { knownAt } from './knowledge.ts';
import { textOf } from './lines.ts';
import { momentOf, type Parting, partingOf, TIMING } from './parting.ts';
import { Recorded } from './recorded.ts';
import { short } from './short.ts';

export type { Guilt } from './guilt.ts';

/** What a line is about. */
export type StoryPart = 'run' | 'breach' | 'plan' | 'parting' | 'chain' | 'known' | 'repeats';

/** A line of the story. `at` and `event` are null for what has no place in the run, `who` is '' for what nobody does. */
export interface StoryLine {
  readonly part: StoryPart;
  readonly at: number | null;
  readonly event: number | null;
  readonly who: string;
  readonly text: string;
}

export interface RunStory {
  /** The law, `budget` for a run that came to no end, null for one that holds. */
  readonly law: string | null;
  readonly lines: readonly StoryLine[];
  /** Which faults it needs; null for a run that holds. */
  readonly guilt: Guilt | null;
  /** How many runs were made to tell it. */
  readonly runs: number;
}

/** A story has at most so many lines; two more belong to whoever prints it. */
const LINES_MOST = 23;
/** Of these so many are the chain, and so many what is known. */
const CHAIN_MOST = 10;
const KNOWN_MOST = 6;
const REPEATS_MOST = 2;
const SENTENCE = 320;
const LINE = 200;

/**
 * The story of a recorded run. `history`: all of it, as the `witness` of the run was given it. An outcome that was not made
 * by this process must be told its scenario and options. `law`: which breach, the first by default.
 */
export function storyOf(
  outcome: Outcome,
  history: readonly RecordedEntry[],
  {
    scenario,
    options,
    law,
  }: { readonly scenario?: Scenario; readonly options?: RunOptions; readonly law?: string } = {},
): RunStory {
  const made = madeOf(outcome);
  const of = scenario ?? made?.scenario;
  if (of === undefined) throw new Error('storyOf: expected an outcome of run() in this process, or its scenario, too');
  return new Teller(new Recorded(outcome, history, of, { ...made?.options, ...options }, law)).tell();
}

class Teller {
  readonly #run: Recorded;
  readonly #lines: StoryLine[] = [];

  constructor(run: Recorded) {
    this.#run = run;
  }

  tell(): RunStory {
    const run = this.#run;
    this.#tellRun();
    if (run.law === null) {
      for (const [number, fault] of run.outcome.plan.entries())
        this.#say('plan', `${faultLine(number, fault, faultsOf(run.scenario), run.scenario.protocol?.phases)}`);
      return { law: null, lines: this.#lines.slice(0, LINES_MOST), guilt: null, runs: 0 };
    }
    const again = new Again(run);
    const first = affairOf(run);
    const guilt = guiltOf(run, { stands: standsAt(first), clients: first.clients }, again);
    this.#tellPlan(guilt);
    this.#tellParting(guilt, again);
    const affair = affairOf(run, guilt);
    this.#tellSince(affair);
    for (const { who, text, ...place } of chainOf(run, affair, CHAIN_MOST)) this.#say('chain', text, place, who);
    this.#tellKnown(affair);
    for (const { first, last, count } of affair.repeats.slice(0, REPEATS_MOST))
      this.#say(
        'repeats',
        `${run.words(first)}: ${count} times since ${formatInstant(first.at)}, the last at ${formatInstant(last.at)}`,
        first,
        first.node,
      );
    return { law: run.law, lines: fitting(this.#lines), guilt, runs: again.runs };
  }

  #say(part: StoryPart, text: string, entry: { at: number; event: number } | null = null, who = ''): void {
    this.#lines.push({ part, at: entry?.at ?? null, event: entry?.event ?? null, who, text });
  }

  #tellRun(): void {
    const run = this.#run;
    const { scenario, seed, exceeded, ended, events, breaches } = run.outcome;
    const name = `${scenario}@${seed}`;
    const breach = run.breach;
    if (breach === null) {
      if (exceeded === null)
        this.#say('run', `${name} holds: ${counted(events, 'event')}, ${formatDuration(ended)} of virtual time`);
      else this.#say('run', `${name} comes to no end: ${short(exceeded, SENTENCE)}`, { at: ended, event: events });
      return;
    }
    this.#say('run', `${name} breaks ${breach.law}`, breach);
    this.#say('breach', short(run.sentence, SENTENCE));
    const { states } = run;
    if (states !== undefined) this.#say('breach', `the law: ${short(states, SENTENCE)}`);
    const others = breaches.filter((each) => each !== breach);
    if (others.length > 0)
      this.#say(
        'breach',
        `so are broken: ${others
          .slice(0, 4)
          .map(({ law, at }) => `${law} (${formatInstant(at)})`)
          .join(', ')}`,
      );
  }

  /** What is missed has been missed since long before a law says so. */
  #tellSince({ news }: Affair): void {
    const [first] = this.#lines;
    if (news === null || first === undefined) return;
    const { at, event } = this.#run.end;
    const { at: since, event: from } = news;
    const judged = `(judged at ${formatInstant(at)}, event #${event})`;
    this.#lines[0] = { ...first, text: `${first.text} ${judged}`, at: since, event: from };
  }

  #tellPlan(guilt: Guilt): void {
    const run = this.#run;
    const { plan } = run.outcome;
    const kinds = faultsOf(run.scenario);
    const named = guilt.enough.length > 0 ? guilt.enough : guilt.needed;
    const line = (place: number): string =>
      faultLine(place, plan[place] as (typeof plan)[number], kinds, run.scenario.protocol?.phases);
    for (const place of named.slice(0, 3)) this.#say('plan', line(place));
    const rest = plan
      .map((_, place) => place)
      .filter((place) => !named.slice(0, 3).includes(place) && !guilt.later.includes(place));
    const list = (places: readonly number[]): string =>
      places
        .slice(0, 6)
        .map(
          (place) =>
            `${place} (${plan[place]?.kind} of ${plan[place]?.target} at ${formatInstant(plan[place]?.at ?? 0)})`,
        )
        .join(', ') + (places.length > 6 ? ` and ${places.length - 6} more` : '');
    const what = run.law === 'budget' ? 'it comes to an end' : `${run.law} holds`;
    if (plan.length === 0) this.#say('plan', 'the plan has no fault: this is a bug of the undisturbed run');
    else if (guilt.always)
      this.#say(
        'plan',
        `no fault is needed: without ${plan.length === 1 ? 'its only one' : `any of the ${plan.length}`} it breaks as well, so the cause is in the undisturbed run`,
      );
    else if (guilt.passing !== null) {
      const { without } = guilt.passing;
      const enough = named.length < 2 ? '' : `faults ${numbers(named)} are enough together; `;
      this.#say('plan', `${enough}without ${without.length === 1 ? 'fault' : 'faults'} ${numbers(without)} ${what}`);
    }
    if (!guilt.complete && !guilt.always)
      this.#say('plan', 'which faults it needs would take too many events to find out: --shrink does');
    if (guilt.later.length > 0) rest.push(...guilt.later);
    if (rest.length > 0)
      this.#say(
        'plan',
        `${named.length > 0 ? 'not needed' : 'the plan'}: ${rest.length === 1 ? 'fault' : 'faults'} ${list(rest)}`,
      );
  }

  /** The run without the guilty fault beside this one. */
  #tellParting({ passing }: Guilt, again: Again): void {
    const run = this.#run;
    if (passing === null) return;
    const other: RecordedEntry[] = [];
    if (again.breaks(passing.plan, (entry) => void other.push(entry)) === null) return;
    const cast = new Cast(run.world, other);
    const parting = partingOf(
      { history: run.history, cast: run.cast },
      { history: other, cast },
      run.scenario.protocol,
    );
    if (parting === null) return;
    const { here } = parting;
    const there = this.#insteadOf(parting, other);
    const thereFor = wordsIn(other, run.scenario.protocol, cast.nameOf);
    const whose = (here ?? there) as RecordedEntry;
    const than = `without ${passing.without.length === 1 ? 'fault' : 'faults'} ${numbers(passing.without)}`;
    const others = there === null ? '' : short(textOf(thereFor(there)), LINE);
    const when = there === null || there.at === momentOf(parting).at ? '' : ` (at ${formatInstant(there.at)})`;
    const text =
      here === null
        ? `${than}: ${others}${when}; in this run not`
        : `${run.words(here)}; ${than}: ${there === null ? 'nothing of the kind' : others}${when}`;
    this.#say('parting', text, momentOf(parting), whose.node);
  }

  /** What the same node does next in the other run, where the first does what is not done there. */
  #insteadOf({ here, there }: Parting, other: readonly RecordedEntry[]): RecordedEntry | null {
    if (here === null) return there;
    const next = other.find((entry) => entry.at >= here.at && entry.node === here.node && !TIMING.has(entry.kind));
    return next === undefined || (next.kind === here.kind && there !== null) ? there : next;
  }

  #tellKnown(affair: Affair): void {
    const run = this.#run;
    const { clients, subject } = affair;
    const event = focusOf(run, affair);
    const [known = []] = knownAt([event], run, { clients, streams: subject.streams });
    const at = run.history.findLast((each) => each.event <= event)?.at ?? 0;
    for (const { who, text } of known.slice(0, KNOWN_MOST)) this.#say('known', text, { at, event }, who);
  }
}

/** As many lines as a story has; those of the chain and of what is known go first, from their ends. */
function fitting(lines: readonly StoryLine[]): readonly StoryLine[] {
  const over = lines.length - LINES_MOST;
  if (over <= 0) return lines;
  const known = lines.filter(({ part }) => part === 'known');
  const spare = new Set(
    [...known.slice(2).reverse(), ...lines.filter(({ part }) => part === 'breach').slice(1)].slice(0, over),
  );
  return lines.filter((line) => !spare.has(line)).slice(0, LINES_MOST);
}

const numbers = (places: readonly number[]): string =>
  places.length < 2 ? places.join('') : `${places.slice(0, -1).join(', ')} and ${places.at(-1)}`;

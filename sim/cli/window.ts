/**
 * `--around POINT --window WIDTH`: the part of a run that is shown.
 *
 * A point is a law (where it broke), an event (`812`, or `#812` as the timeline writes it) or an instant, which always has
 * a unit (`3.2s`); a width is a time or, without a unit, a number of events, before the point and behind it alike.
 */
import type { Law } from '../../properties/laws/law.ts';
import { formatDuration, formatInstant, type Instant, parseDuration } from '../../src/time.ts';
import type { Outcome } from '../core/outcome.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { counted } from '../report/words.ts';
import { UsageError } from './errors.ts';
import { unknownName } from './names.ts';

/** Without `--window`: so long before and behind an instant or a breach, so many events beside an event. */
const BEFORE_US = 2_000_000;
const BEHIND_US = 500_000;
const EVENTS = 40;

interface Moment {
  readonly at: Instant;
  readonly event: number;
}

/** What of a run is shown. */
export interface Window {
  shows(moment: Moment | RecordedEntry): boolean;
  /** Whether an entry is only what went on beside. */
  meanwhile?(entry: RecordedEntry): boolean;
  /** What is shown, in a line. */
  readonly about: string;
}

/** `laws` are those that judged the run. Throws `UsageError` for a point that the run does not have, or a width that is none. */
export function windowOf(
  around: string,
  width: string | undefined,
  outcome: Outcome,
  entries: readonly Moment[],
  laws: readonly Law[],
): Window {
  const { moment, is, words } = pointOf('--around', around, outcome, entries, laws);
  const { events, before, behind } = width === undefined ? widthBeside(is) : widthOf(width);
  if (events !== null)
    return {
      shows: ({ event }) => Math.abs(event - moment.event) <= events,
      about: `shown: ${counted(events, 'event')} before and after ${words}; --window 200 shows more events, --window 5s more time`,
    };
  return {
    shows: ({ at }) => at >= moment.at - before && at <= moment.at + behind,
    about: `shown: ${formatDuration(before)} before and ${formatDuration(behind)} after ${words}; --window 5s shows more time, --window 200 more events`,
  };
}

interface Point {
  readonly moment: Moment;
  readonly is: 'event' | 'instant';
  readonly words: string;
}

/** The point that `flag` was given. */
export function pointOf(
  flag: string,
  around: string,
  outcome: Outcome,
  entries: readonly Moment[],
  laws: readonly Law[],
): Point {
  if (/^#?\d+$/.test(around)) {
    const event = Number(around.replace('#', ''));
    if (event > outcome.events) throw beyond(flag, around, outcome);
    // Not every event is one that a witness sees.
    const at = entries.findLast((entry) => entry.event <= event)?.at ?? 0;
    return { moment: { at: at as Instant, event }, is: 'event', words: `event #${event}` };
  }
  const time = parseDuration(around);
  if (time !== undefined) {
    if (time > outcome.ended) throw beyond(flag, around, outcome);
    const event = entries.find(({ at }) => at >= time)?.event ?? outcome.events;
    return { moment: { at: time as number as Instant, event }, is: 'instant', words: formatInstant(time) };
  }
  const law = laws.find(({ name }) => name === around);
  if (law === undefined)
    throw unknownName(
      `${flag}: expected a law, an event such as 812, or a time such as 3.2s, got`,
      around,
      laws.map(({ name }) => name),
      'hangup list laws shows all',
    );
  const breach = outcome.breaches.find((each) => each.law === around);
  if (breach !== undefined)
    return {
      moment: breach,
      is: 'instant',
      words: `${around} broke at ${formatInstant(breach.at)}, event #${breach.event}`,
    };
  return {
    moment: { at: outcome.ended, event: outcome.events },
    is: 'instant',
    words: `the end of the run, because ${around} holds in it`,
  };
}

interface Width {
  readonly events: number | null;
  readonly before: number;
  readonly behind: number;
}

const widthBeside = (is: Point['is']): Width => ({
  events: is === 'event' ? EVENTS : null,
  before: BEFORE_US,
  behind: BEHIND_US,
});

function widthOf(text: string): Width {
  if (/^\d{1,15}$/.test(text)) return { events: Number(text), before: 0, behind: 0 };
  const time = parseDuration(text);
  if (time === undefined)
    throw new UsageError(
      `--window: expected a time such as 2s, or a number of events such as 50, got ${JSON.stringify(text)}`,
    );
  return { events: null, before: time, behind: time };
}

const beyond = (flag: string, around: string, { ended, events }: Outcome): UsageError =>
  new UsageError(`${flag}: the run ends at ${formatInstant(ended)} with event #${events}, got ${around}`);

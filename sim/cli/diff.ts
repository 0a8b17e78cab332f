/**
 * `hangup diff A B`: where two runs part. Two seeds, two failure files, a seed and a failure file; or one run beside itself
 * without some of its faults (`--without 2`).
 */
import pc from 'picocolors';
import { counted } from '../../src/count.ts';
import { samePlain } from '../../src/plain.ts';
import { formatDuration, formatInstant } from '../../src/time.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Flags } from '../core/overrides.ts';
import { type RunOptions, run } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { settingOf } from '../core/setting.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { worldOf } from '../core/worlds.ts';
import { Cast } from '../explain/cast.ts';
import { linesIn, print } from '../explain/fold.ts';
import { textOf } from '../explain/lines.ts';
import { momentOf, partingOf, type Side } from '../explain/parting.ts';
import { mustBeReady } from './arguments.ts';
import { EXIT, UsageError } from './errors.ts';
import { subjectOf } from './subject.ts';
import { say, sayJson } from './terminal.ts';
import { VERSION } from './version.ts';

export interface DiffFlags extends Flags {
  readonly without?: string;
  readonly json?: boolean;
}

/** So many lines of each run stand around the parting, before it and behind. */
const BEFORE = 3;
const BEHIND = 8;

interface Made extends Side {
  readonly name: string;
  readonly scenario: Scenario;
  readonly outcome: Outcome;
}

/** 0: they are the same run, event for event; 1: they part. */
export async function diff(a: string, b: string | undefined, flags: DiffFlags): Promise<number> {
  if (b === undefined && flags.without === undefined)
    throw new UsageError('expected two runs, or --without FAULT beside one: hangup diff midstream/text@7 --without 2');
  if (b !== undefined && flags.without !== undefined)
    throw new UsageError('--without: expected one run, which is compared with itself without those faults, got two');
  const first = await madeOf(a, flags);
  const second =
    b === undefined ? await madeOf(a, flags, placesOf(flags.without as string, first.outcome)) : await madeOf(b, flags);
  const exact = firstDifference(first.history, second.history);
  const parting = exact === null ? null : partingOf(first, second, first.scenario.protocol);
  const isSame = exact === null && first.outcome.digest === second.outcome.digest;
  if (flags.json) {
    const entryIn = ({ history, scenario }: Made, entry: RecordedEntry | null | undefined): object | null =>
      entry === null || entry === undefined
        ? null
        : {
            at: entry.at,
            event: entry.event,
            node: entry.node,
            text: textOf(linesIn(history, scenario.protocol)(entry)),
          };
    sayJson(
      {
        schema: 'hangup/diff/1',
        version: VERSION,
        identical: isSame,
        a: sideIn(first),
        b: sideIn(second),
        first_difference:
          exact === null
            ? null
            : { a: entryIn(first, first.history[exact]), b: entryIn(second, second.history[exact]) },
        parting: parting === null ? null : { a: entryIn(first, parting.here), b: entryIn(second, parting.there) },
      },
      2,
    );
  } else say(text(first, second, exact, parting, isSame).join('\n'));
  return isSame ? EXIT.holds : EXIT.broken;
}

const sideIn = ({ name, outcome: { digest, verdict, events, ended, breaches, exceeded } }: Made): object => ({
  name,
  ...{ digest, verdict, events, ended, breaches, exceeded },
});

async function madeOf(what: string, flags: Flags, without: readonly number[] = []): Promise<Made> {
  const { scenario, seed, options } = await subjectOf(what, flags);
  mustBeReady([scenario]);
  const whole: RunOptions =
    without.length === 0 ? options : { ...options, plan: planOf(scenario, seed, options, without) };
  const history: RecordedEntry[] = [];
  const outcome = run(scenario, seed, { ...whole, witness: (entry) => void history.push(entry) });
  const { world } = worldOf(scenario, settingOf(scenario, seed, { ...options, cell: outcome.cell }));
  const left =
    without.length === 0 ? '' : ` without ${without.length === 1 ? 'fault' : 'faults'} ${without.join(', ')}`;
  return { name: `${what}${left}`, scenario, outcome, history, cast: new Cast(world, history) };
}

/** The plan of a run, as it draws it, without some of its faults. */
const planOf = (scenario: Scenario, seed: string, options: RunOptions, without: readonly number[]): Outcome['plan'] =>
  (options.plan ?? run(scenario, seed, { ...options, laws: [] }).plan).filter((_, place) => !without.includes(place));

function placesOf(text: string, { plan }: Outcome): readonly number[] {
  return text.split(',').map((each) => {
    const place = /^\d{1,6}$/.test(each.trim()) ? Number(each) : -1;
    if (place < 0 || place >= plan.length)
      throw new UsageError(
        plan.length === 0
          ? `--without: the plan of this run has no fault, got ${JSON.stringify(each)}`
          : `--without: expected the number of a fault, 0 to ${plan.length - 1}, or several (0,2), got ${JSON.stringify(each)}`,
      );
    return place;
  });
}

/** The place of the first entry that is not in both, with all that it says and when; null for two histories that are alike. */
function firstDifference(a: readonly RecordedEntry[], b: readonly RecordedEntry[]): number | null {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a[at], b[at]];
    if (x === undefined || y === undefined || !samePlain({ ...x, cause: 0 }, { ...y, cause: 0 })) return at;
  }
  return null;
}

function text(
  a: Made,
  b: Made,
  exact: number | null,
  parting: ReturnType<typeof partingOf>,
  isSame: boolean,
): readonly string[] {
  const lines = [verdictLine('a', a), verdictLine('b', b)];
  if (isSame) return [...lines, pc.green('the same run, event for event')];
  if (exact === null) return [...lines, 'the same is seen in both; only their digests differ'];
  lines.push(
    exact === 0
      ? 'they differ from their first entry on'
      : `alike for ${counted(exact, 'entry', 'entries')}, until ${placeIn(a.history[exact - 1] as RecordedEntry)}`,
  );
  if (parting === null)
    return [...lines, 'in both the same is said and done, only at other times', ...bothAround(a, b, exact, exact)];
  const { at } = momentOf(parting);
  const place = ({ history }: Made, entry: RecordedEntry | null): number =>
    entry === null
      ? Math.max(
          0,
          history.findIndex((each) => each.at >= at),
        )
      : entry.id - 1;
  return [
    ...lines,
    `the first that is not the same in kind, at ${formatInstant(at)}:`,
    ...[['a', a, parting.here] as const, ['b', b, parting.there] as const].map(
      ([letter, { history, scenario }, entry]) =>
        entry === null
          ? `  ${letter}  nothing of the kind happens`
          : `  ${letter}  ${entry.node} ${textOf(linesIn(history, scenario.protocol)(entry))} (${placeIn(entry)})`,
    ),
    ...bothAround(a, b, place(a, parting.here), place(b, parting.there)),
  ];
}

const bothAround = (a: Made, b: Made, inA: number, inB: number): readonly string[] => [
  ...around('a', a, inA),
  ...around('b', b, inB),
];

function around(letter: string, { history, scenario }: Made, place: number): readonly string[] {
  const lineFor = linesIn(history, scenario.protocol);
  const lines = history.slice(Math.max(0, place - BEFORE), place + BEHIND).map(lineFor);
  return ['', `around it, ${letter}:`, ...print(lines, true)];
}

const placeIn = ({ at, event }: RecordedEntry): string => `${formatInstant(at)}, event #${event}`;

function verdictLine(letter: string, { name, outcome }: Made): string {
  const { digest, events, ended, breaches, exceeded } = outcome;
  const [breach] = breaches;
  const verdict =
    breach !== undefined
      ? pc.red(`breaks ${breach.law} at ${formatInstant(breach.at)}, event #${breach.event}`)
      : exceeded !== null
        ? pc.red(`comes to no end (${exceeded})`)
        : pc.green('every law holds');
  return `${letter}  ${name}: ${verdict}; ${counted(events, 'event')}, ${formatDuration(ended)}, digest ${digest}`;
}

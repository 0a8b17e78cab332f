/** History as columns: when, who, what, why, with all texts in one. */

import { visible } from '../../../src/visible.ts';
import type { Protocol } from '../../core/protocol.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import { linesIn } from '../../explain/fold.ts';
import { textOf } from '../../explain/lines.ts';
import type { Lanes } from './lanes.ts';
import { type Rows, SORT, type Texts } from './model.ts';

const SORTS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(['sent', 'delivered', 'lost'].map((kind) => [kind, SORT.message])),
  ...Object.fromEntries(
    ['dialled', 'opened', 'asked', 'accepted', 'refused', 'hungUp', 'closed', 'socket'].map((kind) => [
      kind,
      SORT.connection,
    ]),
  ),
  timerSet: SORT.timer,
  timerFired: SORT.timer,
  fault: SORT.fault,
  healed: SORT.fault,
  ...Object.fromEntries(
    ['crashed', 'restarted', 'reloaded', 'paused', 'throttled', 'clock', 'rest', 'held'].map((kind) => [
      kind,
      SORT.process,
    ]),
  ),
  ...Object.fromEntries(['console', 'uncaught', 'noted', 'custom'].map((kind) => [kind, SORT.code])),
};

/** Nearly all words are: then nobody needs to look for what a terminal or a page would obey. */
const PLAIN = /^[!-~][ -~]*$/;

/** `told`: rows whose words are needed at once; those of a long run follow later (`textsOf`). */
export function rowsOf(history: readonly RecordedEntry[], lanes: Lanes, protocol: Told, told: readonly number[]): Rows {
  const count = history.length;
  const rows = {
    count,
    at: new Float64Array(count),
    event: new Uint32Array(count),
    lane: new Int16Array(count),
    sort: new Uint8Array(count),
    cause: new Uint32Array(count),
    message: new Int32Array(count).fill(-1),
    whoOf: new Uint16Array(count),
  };
  const who: string[] = [];
  const places = new Map<string, number>();
  for (const [i, entry] of history.entries()) {
    rows.at[i] = entry.at;
    rows.event[i] = entry.event;
    rows.lane[i] = lanes.of(entry.node);
    rows.sort[i] = SORTS[entry.kind] ?? SORT.application;
    rows.cause[i] = entry.cause;
    let place = places.get(entry.node);
    if (place === undefined) {
      place = who.length;
      places.set(entry.node, place);
      who.push(visible(entry.node));
    }
    rows.whoOf[i] = place;
  }
  if (count <= AT_ONCE) return { ...rows, who, texts: textsOf(history, protocol), early: new Map() };
  const wordsFor = wordsIn(history, protocol);
  const early = new Map(told.map((row) => [row, wordsFor(history[row] as RecordedEntry)]));
  return { ...rows, who, texts: null, early };
}

type Told = Pick<Protocol, 'vocabulary'> | undefined;

/** Words of more rows than that take longer than the run. */
const AT_ONCE = 20_000;

function wordsIn(history: readonly RecordedEntry[], protocol: Told): (entry: RecordedEntry) => string {
  const lineFor = linesIn(history, protocol);
  return (entry) => {
    // A fault has another name on a page, and stands where it is.
    const words = textOf(lineFor(entry)).replace(/^fault \d+ /, '');
    return PLAIN.test(words) ? words : visible(words.trim());
  };
}

/** The words of every row. */
export function textsOf(history: readonly RecordedEntry[], protocol: Told): Texts {
  const wordsFor = wordsIn(history, protocol);
  const texts: string[] = [];
  const begins = new Uint32Array(history.length);
  let length = 0;
  for (const [i, entry] of history.entries()) {
    begins[i] = length;
    const text = wordsFor(entry);
    texts.push(text);
    length += text.length + 1;
  }
  return { text: texts.join('\n'), begins };
}

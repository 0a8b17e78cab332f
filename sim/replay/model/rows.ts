/** History as columns: when, who, what, why, with all texts in one. */

import { visible } from '../../../src/visible.ts';
import type { Protocol } from '../../core/protocol.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import { linesIn } from '../../explain/fold.ts';
import { textOf } from '../../explain/lines.ts';
import type { Lanes } from './lanes.ts';
import { type Rows, SORT } from './model.ts';

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

export function rowsOf(
  history: readonly RecordedEntry[],
  lanes: Lanes,
  protocol: Pick<Protocol, 'vocabulary'> | undefined,
): Rows {
  const count = history.length;
  const rows = {
    count,
    at: new Float64Array(count),
    event: new Uint32Array(count),
    lane: new Int16Array(count),
    sort: new Uint8Array(count),
    cause: new Uint32Array(count),
    message: new Int32Array(count).fill(-1),
    begins: new Uint32Array(count),
    whoOf: new Uint16Array(count),
  };
  const who: string[] = [];
  const places = new Map<string, number>();
  const texts: string[] = [];
  const lineFor = linesIn(history, protocol);
  let length = 0;
  for (const [i, entry] of history.entries()) {
    rows.at[i] = entry.at;
    rows.event[i] = entry.event;
    rows.lane[i] = lanes.of(entry.node);
    rows.sort[i] = SORTS[entry.kind] ?? SORT.application;
    rows.cause[i] = entry.cause;
    rows.begins[i] = length;
    let place = places.get(entry.node);
    if (place === undefined) {
      place = who.length;
      places.set(entry.node, place);
      who.push(visible(entry.node));
    }
    rows.whoOf[i] = place;
    const text = visible(textOf(lineFor(entry)).trim());
    texts.push(text);
    length += text.length + 1;
  }
  return { ...rows, text: texts.join('\n'), who };
}

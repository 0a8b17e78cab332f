/**
 * The credit of a snapshot, for the law of bounded memory: what was granted on one connection for its pieces.
 *
 * Nothing of it is processed before it is whole, so its credit is counted from where it began, and from what of it
 * arrived. One that goes on behind another on the same connection has what that was granted, by HELDs that are still on
 * their way when it begins.
 */
import { counted } from '../../../src/count.ts';
import type { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Held, Reset, Snapshot } from '../../../src/session/wire/frames.ts';
import type { Breach } from './law.ts';

/** A snapshot on one connection. */
export interface Pieces {
  readonly epoch: number;
  /** Up to which byte it arrived, and up to which credit was granted for it; -1 before the first piece. */
  arrived: number;
  granted: number;
}

/** Whoever grants: its credit, and the byte that its application processed up to in the epoch of the snapshot. */
export interface Granter {
  readonly node: NodeId;
  readonly credit: number;
  readonly processed: number;
}

export function beginPieces(snapshots: Few<number, Pieces>, { stream, epoch, held }: Reset): void {
  if (held > 0 && snapshots.get(stream)?.epoch === epoch) return;
  snapshots.set(stream, { epoch, arrived: -1, granted: -1 });
}

/** A piece was sent. Whether it is owed at all is judged by the law no-waste. */
export function judgePiece(
  pieces: Pieces | undefined,
  { node, credit, processed }: Granter,
  sender: NodeId,
  { stream, epoch, chunks }: Snapshot,
  breach: Breach,
): void {
  const [first] = chunks;
  const last = chunks.at(-1);
  if (pieces?.epoch !== epoch || first === undefined || last === undefined) return;
  if (pieces.granted < 0) {
    pieces.arrived = first.start;
    pieces.granted = first.start + credit;
  }
  // What waited for a busy application when the snapshot began may be processed meanwhile.
  pieces.granted = Math.max(pieces.granted, processed + credit);
  if (last.end > pieces.granted)
    breach(
      `${sender} sent a snapshot of stream ${stream} up to byte ${last.end}, ${counted(last.end - pieces.granted, 'byte')} beyond what ${node} had granted for it.`,
    );
}

/** The client granted more. */
export function judgeHeld(
  pieces: Pieces | undefined,
  { node, credit, processed }: Granter,
  { stream, epoch, limit }: Held,
  breach: Breach,
): void {
  if (pieces?.epoch !== epoch) return;
  // What another connection brought while this one shook hands was granted for as well, and is processed.
  const held = Math.max(pieces.arrived, processed);
  if (limit - held > credit)
    breach(
      `${node} granted a snapshot of stream ${stream} up to byte ${limit}, ${counted(limit - held, 'byte')} beyond what it held; its credit is ${credit}.`,
    );
  if (limit > pieces.granted) pieces.granted = limit;
}

export function arrive(snapshots: Few<number, Pieces>, { stream, epoch, chunks }: Snapshot): void {
  const pieces = snapshots.get(stream);
  const end = chunks.at(-1)?.end ?? 0;
  if (pieces?.epoch === epoch && end > pieces.arrived) pieces.arrived = end;
}

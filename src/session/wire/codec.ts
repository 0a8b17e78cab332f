/**
 * Frames as bytes, and back.
 *
 * The simulator passes frames as values and only counts their bytes; real sockets carry what is written here. Reading is
 * total: whatever a peer sends comes out as a frame within every limit, or as one sentence that says what is wrong.
 * Whether a sound frame makes sense at this point of a session is for the machines to judge.
 */
import { CLOSE } from '../../close-codes.ts';
import { counted } from '../../count.ts';
import { type ContentOf, Reader, type WireClose, WireProblem, Writer } from './bytes.ts';
import type { Frame } from './frames.ts';
import { layoutOf, layoutOfCode } from './layout.ts';
import { LIMITS } from './limits.ts';

/** A frame with its payloads, or what is wrong with the bytes. */
export type Decoded =
  | {
      readonly ok: true;
      readonly frame: Frame;
      /** The bytes of each chunk of DATA or SNAPSHOT, the body of SEND: views of the bytes that were read. */
      readonly payloads: readonly Uint8Array[];
    }
  | {
      readonly ok: false;
      /** Names frame and field: `DATA.chunk: 70000 bytes, at most 65536`. */
      readonly problem: string;
      /** What PROTOCOL.md closes the connection with. */
      readonly close: WireClose;
    };

function checkSize(type: string, bytes: number): void {
  if (bytes <= LIMITS.frameBytes) return;
  throw new WireProblem(`${type}: ${counted(bytes, 'byte')}, at most ${LIMITS.frameBytes}`, CLOSE.messageTooBig);
}

/**
 * A frame as bytes.
 *
 * @param contentOf the bytes of one chunk, `chunk.start` to `chunk.end` of its content (a `subarray`, for example)
 * @param body the body of a SEND, `frame.bytes` long; it may be left out when that is 0
 * @throws WireProblem for a frame that breaks a limit, or whose payload is not the one that it names
 */
export function encode(frame: Frame, contentOf: ContentOf, body?: Uint8Array): Uint8Array {
  const layout = layoutOf(frame.type);
  if (layout === undefined) throw new WireProblem(`frame: unknown type ${JSON.stringify(frame.type)}`);
  const writer = new Writer(contentOf, body ?? null);
  writer.u8(layout.code);
  layout.fields.write(writer, frame);
  checkSize(frame.type, writer.length);
  return writer.finish();
}

/** The frame that these bytes are, all of them; never throws. */
export function decode(bytes: Uint8Array): Decoded {
  try {
    const reader = new Reader(bytes);
    const code = reader.u8('frame');
    const layout = layoutOfCode(code);
    checkSize(layout?.type ?? 'frame', bytes.length);
    if (layout === undefined) throw new WireProblem(`frame: unknown type ${code}`);
    const frame = { type: layout.type, ...layout.fields.read(reader) } as Frame;
    if (reader.left > 0) throw new WireProblem(`${layout.type}: ${counted(reader.left, 'byte')} behind its end`);
    return { ok: true, frame, payloads: reader.payloads };
  } catch (problem) {
    if (!(problem instanceof WireProblem)) throw problem;
    return { ok: false, problem: problem.message, close: problem.close };
  }
}

/**
 * An open WebSocket, at one end: messages, pings, and the closing handshake (RFC 6455 sections 5 to 7).
 *
 * What the specification leaves to an end is as Chromium has it for a client (`websocket_channel.cc`) and as `ws` has it for a
 * server, because these two are what people use; the times that they wait are in `Manners`.
 */
import { type Duration, seconds } from '../time.ts';
import type { Ask, Heard, MessageData } from './endpoint.ts';
import { FLAWS, type Flaw } from './flaws.ts';
import { CONTROL_MOST, type Frame, FrameReader, OPCODES } from './frame-reader.ts';
import { closeFrame, fragments, frame, type Mask, textFrame } from './frame-writer.ts';
import { lengthOf, utf8 } from './utf8.ts';

export type Said = Ask | Heard | { readonly type: 'ping' | 'pong'; readonly data: Uint8Array };

/** What one kind of end does that another does not. */
export interface Manners {
  readonly isClient: boolean;
  /** How long it waits for the answer to its close frame. */
  readonly closeAnswer: Duration;
  /** How long it waits, after both close frames, for the end of the connection. Null: the time of `closeAnswer` goes on. */
  readonly tcpEnd: Duration | null;
  /** Which close codes fail the connection; default: those that must not be sent. */
  readonly refuses?: (code: number) => boolean;
}

/** Chromium waits 60 s for the answer, and 2 s for the server to hang up (`kClosingHandshakeTimeoutSeconds`, `kUnderlyingConnectionCloseTimeoutSeconds`). */
export const BROWSER: Manners = {
  isClient: true,
  closeAnswer: seconds(60),
  tcpEnd: seconds(2),
  // It takes any code but the three that stand for something that was not said (`ParseClose`).
  refuses: (code) => code === 1005 || code === 1006 || code === 1015,
};

/** `ws` waits 30 s from its close frame to the end of the connection (`closeTimeout`). */
export const SERVER: Manners = { isClient: false, closeAnswer: seconds(30), tcpEnd: null };

/** `closeSent`: nothing of ours follows. `parted`: both have said that they close, or one has failed; TCP is to end. */
type Phase = 'open' | 'closeSent' | 'parted' | 'over';

export class Conversation {
  readonly #manners: Manners;
  readonly #draw: () => Mask;
  readonly #autoPong: boolean;
  readonly #tellsSent: boolean;
  readonly #reader: FrameReader;
  readonly #frames: Frame[] = [];
  #phase: Phase = 'open';
  /** What the other side's close frame said. */
  #heard: { readonly code: number; readonly reason: string } | null = null;
  #flaw: Flaw | null = null;
  /** All that was written on the connection, and for each message that may still be in the process: where it ends, its bytes. */
  #written: number;
  #unsent: number[] = [];

  /** `draw`: the masks of frames, of a client; `written`: bytes that went before, in the handshake. */
  constructor(
    manners: Manners,
    options: {
      readonly draw: (() => number) | null;
      readonly longest: number;
      readonly autoPong: boolean;
      readonly tellsSent?: boolean;
      readonly written: number;
    },
  ) {
    const { draw, longest, autoPong, tellsSent = true, written } = options;
    const { isClient, refuses } = manners;
    this.#manners = manners;
    this.#draw = draw ?? (() => null);
    this.#autoPong = autoPong;
    this.#tellsSent = tellsSent;
    this.#written = written;
    const rules = { masked: !isClient, longest };
    this.#reader = new FrameReader(refuses === undefined ? rules : { ...rules, refuses });
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  received(bytes: Uint8Array, out: Said[]): void {
    if (this.#phase === 'over') return;
    const frames = this.#frames;
    this.#reader.read(bytes, frames);
    for (const each of frames) this.#take(each, out);
    frames.length = 0;
  }

  ended(clean: boolean, out: Said[]): void {
    if (this.#phase === 'over') return;
    const isClean = clean && this.#heard !== null && this.#flaw === null;
    this.#over(isClean, '', out);
  }

  kept(buffered: number, out: Said[]): void {
    if (this.#phase === 'over') return;
    const left = this.#written - buffered;
    const unsent = this.#unsent;
    let bytes = 0;
    let sent = 0;
    for (; sent < unsent.length && (unsent[sent] as number) <= left; sent += 2) bytes += unsent[sent + 1] as number;
    if (sent > 0) {
      unsent.splice(0, sent);
      out.push({ type: 'sent', bytes });
    }
    this.#watch(out);
  }

  overdue(out: Said[]): void {
    if (this.#phase !== 'closeSent' && this.#phase !== 'parted') return;
    out.push({ type: 'terminate', how: 'fin' });
    this.#over(this.#heard !== null && this.#flaw === null, 'nobody ended the connection in time', out);
  }

  send(data: MessageData, pieces: readonly number[] | undefined, out: Said[]): void {
    if (this.#phase !== 'open') return;
    const isText = typeof data === 'string';
    if (pieces === undefined || pieces.length === 0)
      this.#write(isText ? textFrame(data, this.#draw()) : frame(OPCODES.binary, data, true, this.#draw()), out);
    else {
      const payload = isText ? utf8(data) : data;
      const opcode = isText ? OPCODES.text : OPCODES.binary;
      for (const each of fragments(opcode, payload, pieces, this.#draw)) this.#write(each, out);
    }
    if (!this.#tellsSent) return;
    this.#unsent.push(this.#written, isText ? lengthOf(data) : data.length);
    this.#watch(out);
  }

  ping(type: 'ping' | 'pong', data: Uint8Array, out: Said[]): void {
    if (data.length > CONTROL_MOST)
      throw new RangeError(`a ${type} of ${data.length} bytes: at most ${CONTROL_MOST} fit into one`);
    if (this.#phase === 'open') this.#write(frame(OPCODES[type], data, true, this.#draw()), out);
  }

  close(code: number, reason: string, out: Said[]): void {
    if (this.#phase !== 'open') return;
    this.#write(closeFrame(code === 0 ? 1005 : code, reason, this.#draw()), out);
    this.#phase = 'closeSent';
    out.push({ type: 'wait', for: this.#manners.closeAnswer });
  }

  terminate(how: 'fin' | 'rst', out: Said[]): void {
    if (this.#phase === 'over') return;
    out.push({ type: 'terminate', how });
    this.#over(false, '', out);
  }

  #write(bytes: Uint8Array, out: Said[]): void {
    this.#written += bytes.length;
    out.push({ type: 'write', bytes });
  }

  /** Asks to hear when the oldest message that is still here has left. */
  #watch(out: Said[]): void {
    if (this.#unsent.length > 0) out.push({ type: 'drain', below: this.#written - (this.#unsent[0] as number) });
  }

  #take(arrived: Frame, out: Said[]): void {
    if (this.#phase === 'over' || (this.#phase === 'parted' && !this.#manners.isClient)) return;
    if (arrived.type === 'flaw') {
      this.#fail(arrived.flaw, out);
      return;
    }
    if (this.#phase === 'parted') {
      // A browser fails a connection on which something follows a close frame.
      this.#fail(FLAWS.afterClose, out);
      return;
    }
    switch (arrived.type) {
      case 'text':
      case 'binary':
        // A browser drops what comes after it has said that it closes, `ws` does not.
        if (this.#phase === 'open' || !this.#manners.isClient) out.push({ type: 'message', data: arrived.data });
        return;
      case 'ping':
        if (this.#autoPong) this.ping('pong', arrived.data, out);
        out.push(arrived);
        return;
      case 'pong':
        out.push(arrived);
        return;
      case 'close':
        this.#closed(arrived.code, arrived.reason, out);
    }
  }

  #closed(code: number, reason: string, out: Said[]): void {
    const { isClient, closeAnswer, tcpEnd } = this.#manners;
    const isAnswered = this.#phase === 'closeSent';
    this.#heard = { code, reason };
    if (!isAnswered) this.#write(closeFrame(code, reason, this.#draw()), out);
    this.#phase = 'parted';
    // The server hangs up first, so that the client need not keep the port for a while (section 7.1.1).
    if (!isClient) out.push({ type: 'end' });
    if (tcpEnd !== null) out.push({ type: 'wait', for: tcpEnd });
    else if (!isAnswered) out.push({ type: 'wait', for: closeAnswer });
    if (!isAnswered) out.push({ type: 'closing', code, reason });
  }

  #fail(flaw: Flaw, out: Said[]): void {
    const { isClient, closeAnswer } = this.#manners;
    const wasOpen = this.#phase === 'open';
    this.#flaw = flaw;
    if (isClient) {
      if (wasOpen) this.#write(closeFrame(FLAWS.reserved.code, flaw.said, this.#draw()), out);
      out.push({ type: 'terminate', how: 'fin' });
      this.#over(false, '', out);
      return;
    }
    if (wasOpen) this.#write(closeFrame(flaw.code, '', null), out);
    this.#phase = 'parted';
    out.push({ type: 'end' });
    if (wasOpen) out.push({ type: 'wait', for: closeAnswer });
  }

  #over(clean: boolean, late: string, out: Said[]): void {
    if (this.#phase !== 'open') out.push({ type: 'wait', for: null });
    this.#phase = 'over';
    this.#unsent = [];
    const heard = this.#flaw === null ? this.#heard : null;
    out.push({
      type: 'closed',
      code: heard?.code ?? 1006,
      reason: heard?.reason ?? '',
      clean,
      failed: this.#flaw !== null,
      status: 101,
      why: this.#flaw?.why ?? late,
    });
  }
}

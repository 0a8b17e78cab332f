/** What can be wrong with the frames of a WebSocket: the code to close it with, and how a browser says so (Chromium, `websocket_channel.cc`). */

export interface Flaw {
  /** RFC 6455 section 7.4.1: 1002, 1007 or 1009. */
  readonly code: number;
  /** For a person. */
  readonly why: string;
  /** The reason in the close frame that Chromium sends; its code is 1002 for each of them. */
  readonly said: string;
}

const HEADER = 'WebSocket Protocol Error';
const flaw = (code: number, why: string, said = HEADER): Flaw => ({ code, why, said });

export const FLAWS = {
  reserved: flaw(1002, 'a reserved bit is set', 'Invalid reserved bit'),
  opcode: flaw(1002, 'an unknown opcode', 'Unknown opcode'),
  masked: flaw(1002, 'a frame of a server is masked', 'Masked frame from server'),
  unmasked: flaw(1002, 'a frame of a client is not masked'),
  length: flaw(1002, 'a length that is not written as short as it can be'),
  longControl: flaw(1002, 'a control frame of more than 125 bytes'),
  controlFragment: flaw(1002, 'a fragment of a control frame'),
  continuation: flaw(1002, 'a continuation of nothing', 'Unexpected continuation'),
  unfinished: flaw(1002, 'a new message before the last one was whole', 'Previous data frame unfinished'),
  utf8: flaw(1007, 'a text that is no UTF-8', 'Invalid UTF-8 in text frame'),
  closeLength: flaw(1002, 'a close frame of one byte', ''),
  closeCode: flaw(1002, 'a close frame with a code that must not be sent', ''),
  closeReason: flaw(1007, 'a close frame whose reason is no UTF-8', 'Invalid UTF-8 in Close frame'),
  afterClose: flaw(1002, 'a frame after a close frame'),
  tooLong: flaw(1009, 'a message that is too long'),
} as const satisfies Readonly<Record<string, Flaw>>;

/** Whether a close frame may carry that code (RFC 6455 section 7.4, and what IANA registered since: 1012 to 1014). */
export const maySay = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999);

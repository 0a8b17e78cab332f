/**
 * A WebSocket client, as a browser's network service is one for a page: it asks for the upgrade, judges the answer, talks, and
 * says how it ended. Sentences in `why` are those that Chromium writes into a page's console.
 */
import { seconds } from '../time.ts';
import { BROWSER, Conversation, type Said } from './conversation.ts';
import type { ClientSaid, MessageData, WebSocketClient, WebSocketClientOptions } from './endpoint.ts';
import { HeadReader, type StatusLine, statusLine } from './head.ts';
import { judgeAnswer, keyOf, upgradeRequest } from './upgrade.ts';

/** From the first SYN to the answer (Chromium, `kHandshakeTimeoutIntervalInSeconds`). */
const HANDSHAKE = seconds(240);
/** A frame that is longer is refused by its head (Chromium, `websocket_frame_parser.cc`). */
const LONGEST = 0x7fff_ffff;
/** A browser's limit for the head of a response (Chromium, `HttpStreamParser::kMaxHeaderBufSize`). */
const HEAD_LONGEST = 262_144;

const NOTHING: readonly never[] = [];
const ASKED = 'Error during WebSocket handshake:';

/** What a browser calls an end of TCP that the link names. */
const NET_ERRORS: Readonly<Record<string, string>> = {
  refused: 'net::ERR_CONNECTION_REFUSED',
  reset: 'net::ERR_CONNECTION_RESET',
  'timed out': 'net::ERR_CONNECTION_TIMED_OUT',
  lost: 'net::ERR_NETWORK_CHANGED',
};

type Phase = 'dialling' | 'asked' | 'open' | 'over';

export function webSocketClient(options: WebSocketClientOptions): WebSocketClient {
  const { url, protocols = [], origin = null, fields = [], draw, longest = LONGEST } = options;
  let phase: Phase = 'dialling';
  let key = '';
  let written = 0;
  let answer = answerReader();
  let open: Conversation | null = null;

  const failed = (why: string, status: number, out: ClientSaid[]): readonly ClientSaid[] => {
    phase = 'over';
    out.push(
      { type: 'wait', for: null },
      { type: 'closed', code: 1006, reason: '', clean: false, failed: true, status, why },
    );
    return out;
  };

  /** The answer is judged as soon as its head is there; a body of one that is no 101 interests nobody. */
  const read = (bytes: Uint8Array): readonly ClientSaid[] => {
    let at = 0;
    for (;;) {
      at = answer.read(bytes, at);
      if (answer.flaw !== null) {
        const why = answer.start === null ? 'Invalid status line' : answer.flaw.why;
        return failed(`${ASKED} ${why}`, 0, [{ type: 'terminate', how: 'fin' }]);
      }
      if (!answer.isDone) return NOTHING;
      const start = answer.start as StatusLine;
      const { status } = start;
      if (status >= 200 || status === 101) return judged(start, bytes, at);
      answer = answerReader();
    }
  };

  const judged = (start: StatusLine, bytes: Uint8Array, at: number): readonly ClientSaid[] => {
    const { status } = start;
    const judgement = judgeAnswer(start, answer.fields, { key, protocols });
    if ('why' in judgement) {
      const why =
        status === 401 ? 'HTTP Authentication failed; no valid credentials available' : `${ASKED} ${judgement.why}`;
      return failed(why, status, [{ type: 'terminate', how: 'fin' }]);
    }
    phase = 'open';
    open = new Conversation(BROWSER, { draw, longest, autoPong: true, written });
    const out: Said[] = [];
    if (at < bytes.length) open.received(bytes.subarray(at), out);
    return [{ type: 'wait', for: null }, { type: 'opened', protocol: judgement.protocol }, ...ofPage(out)];
  };

  /** What an open WebSocket does; it hears nothing of pings. */
  const talk = (what: (conversation: Conversation, out: Said[]) => void): readonly ClientSaid[] => {
    if (open === null) return NOTHING;
    const out: Said[] = [];
    what(open, out);
    return out.length === 0 ? NOTHING : ofPage(out);
  };

  return {
    begin: () => (phase === 'dialling' ? [{ type: 'wait', for: HANDSHAKE }] : NOTHING),

    connected() {
      if (phase !== 'dialling') return NOTHING;
      phase = 'asked';
      key = keyOf(draw);
      const bytes = upgradeRequest({ url, protocols, origin, fields, key });
      written = bytes.length;
      return [{ type: 'write', bytes }];
    },

    received(bytes) {
      if (phase === 'asked') return read(bytes);
      return talk((conversation, out) => conversation.received(bytes, out));
    },

    ended(clean, why) {
      if (phase === 'open') return talk((conversation, out) => conversation.ended(clean, out));
      if (phase === 'over') return NOTHING;
      const error = clean ? 'net::ERR_CONNECTION_CLOSED' : (NET_ERRORS[why] ?? 'net::ERR_CONNECTION_FAILED');
      if (phase === 'dialling') return failed(`Error in connection establishment: ${error}`, 0, []);
      if (clean && !answer.isBegun) return failed('Connection closed before receiving a handshake response', 0, []);
      return failed(`${ASKED} ${error}`, 0, []);
    },

    kept: (buffered) => talk((conversation, out) => conversation.kept(buffered, out)),

    overdue() {
      if (phase === 'open') return talk((conversation, out) => conversation.overdue(out));
      if (phase === 'over') return NOTHING;
      return failed('WebSocket opening handshake timed out', 0, [{ type: 'terminate', how: 'fin' }]);
    },

    send: (data: MessageData) => talk((conversation, out) => conversation.send(data, undefined, out)),

    close(code, reason) {
      if (phase === 'open') return talk((conversation, out) => conversation.close(code, reason, out));
      if (phase === 'over') return NOTHING;
      const why = 'WebSocket is closed before the connection is established.';
      return failed(why, 0, [{ type: 'terminate', how: 'fin' }]);
    },
  };
}

const answerReader = (): HeadReader<StatusLine> => new HeadReader(statusLine, false, HEAD_LONGEST);

const ofPage = (said: readonly Said[]): readonly ClientSaid[] =>
  said.some(isPing) ? (said.filter((each) => !isPing(each)) as ClientSaid[]) : (said as readonly ClientSaid[]);

const isPing = ({ type }: Said): boolean => type === 'ping' || type === 'pong';

/**
 * A server's end of a connection: whole requests, one after the other, each answered before the next is told, until one of them
 * is an upgrade that is accepted; then a WebSocket. What is malformed is answered as a server does it, and told as `gone`.
 */
import { NOTHING } from '../machine.ts';
import { BodyReader, ofRequest } from './body.ts';
import { Conversation, type Said, SERVER } from './conversation.ts';
import type { Request, Response, ServerConnection, ServerConnectionOptions, ServerSaid } from './endpoint.ts';
import { countOf, type Field, fieldOf, lists } from './fields.ts';
import { HeadReader, type RequestLine, requestLine, statusText } from './head.ts';
import { bytesOf, joinedAll } from './latin1.ts';
import { responseBytes } from './response.ts';
import { asksForWebSocket, judgeUpgrade, type Upgrade, upgradeAnswer } from './upgrade.ts';
import { utf8 } from './utf8.ts';

/** As much as `ws` takes (`maxPayload`). */
const LONGEST = 100 * 1024 * 1024;
const NO_BYTES: Uint8Array = new Uint8Array(0);

type Phase = 'head' | 'body' | 'asked' | 'open' | 'over';

/** A request that waits for its answer. */
interface Asked {
  readonly method: string;
  /** Whether the connection is kept for the next request. */
  readonly keeps: boolean;
  readonly upgrade: Upgrade | null;
}

export function serverConnection(options: ServerConnectionOptions = {}): ServerConnection {
  const { longest = LONGEST, autoPong = true, tellsSent = true } = options;
  let phase: Phase = 'head';
  let reader = requestReader();
  let body = new BodyReader(0, longest);
  /** What came behind a request that is not answered yet. */
  let behind: Uint8Array[] = [];
  let asked: Asked | null = null;
  let written = 0;
  let open: Conversation | null = null;

  const write = (bytes: Uint8Array, out: ServerSaid[]): void => {
    written += bytes.length;
    out.push({ type: 'write', bytes });
  };

  const gone = (why: string, out: ServerSaid[]): void => {
    phase = 'over';
    out.push({ type: 'gone', why });
  };

  /** An answer to what is no sound request, and the end of the connection. */
  const refuse = (status: number, fields: readonly Field[], why: string, out: ServerSaid[]): void => {
    const said: Response = { status, fields: [...fields, ['Content-Type', 'text/plain']], body: utf8(why) };
    write(responseBytes(said, false, false), out);
    out.push({ type: 'end' });
    gone(why, out);
  };

  const tell = (out: ServerSaid[]): void => {
    const { method, target, minor } = reader.start as RequestLine;
    const { fields } = reader;
    const request: Request = { method, target, fields, body: body.body };
    const connection = fieldOf(fields, 'connection');
    const keeps = minor === 1 ? !lists(connection, 'close') : lists(connection, 'keep-alive');
    if (!asksForWebSocket(request)) {
      phase = 'asked';
      asked = { method, keeps, upgrade: null };
      out.push({ type: 'request', ...request });
      return;
    }
    const upgrade = judgeUpgrade(request, minor);
    if ('why' in upgrade) {
      refuse(upgrade.status, upgrade.fields, upgrade.why, out);
      return;
    }
    phase = 'asked';
    asked = { method, keeps: false, upgrade };
    const { protocols, origin } = upgrade;
    out.push({ type: 'upgrade', ...request, protocols, origin });
  };

  const read = (bytes: Uint8Array, out: ServerSaid[]): void => {
    let at = 0;
    if (phase === 'head') {
      at = reader.read(bytes, at);
      if (reader.flaw !== null) {
        refuse(reader.flaw.status, [], reader.flaw.why, out);
        return;
      }
      if (!reader.isDone) return;
      const { method, minor } = reader.start as RequestLine;
      const { fields } = reader;
      // HTTP/1.1 asks for exactly one (RFC 9112 section 3.2).
      const hosts = countOf(fields, 'host');
      if (hosts > 1 || (minor === 1 && hosts === 0)) {
        refuse(400, [], 'a request without Host, or with several', out);
        return;
      }
      const framing = ofRequest(fields);
      if (typeof framing === 'object') {
        refuse(framing.status, [], `${framing.why} in a ${method}`, out);
        return;
      }
      body = new BodyReader(framing, longest);
      phase = 'body';
      if (lists(fieldOf(fields, 'expect'), '100-continue') && at === bytes.length && !body.isDone && body.flaw === null)
        write(bytesOf(`${statusText(100)}\r\n\r\n`), out);
    }
    at = body.read(bytes, at);
    if (body.flaw !== null) {
      refuse(body.flaw.status, [], body.flaw.why, out);
      return;
    }
    if (!body.isDone) return;
    behind = at < bytes.length ? [bytes.slice(at)] : [];
    tell(out);
  };

  const talk = (what: (conversation: Conversation, out: Said[]) => void): readonly ServerSaid[] => {
    if (open === null) return NOTHING;
    const out: Said[] = [];
    what(open, out);
    return out;
  };

  return {
    received(bytes) {
      if (phase === 'open') return talk((conversation, out) => conversation.received(bytes, out));
      if (phase === 'over') return NOTHING;
      if (phase === 'asked') {
        behind.push(bytes);
        return NOTHING;
      }
      const out: ServerSaid[] = [];
      read(bytes, out);
      return out;
    },

    ended(clean, why) {
      if (phase === 'open') return talk((conversation, out) => conversation.ended(clean, out));
      if (phase === 'over') return NOTHING;
      const isIdle = phase === 'head' && !reader.isBegun;
      const out: ServerSaid[] = [];
      gone(clean ? (isIdle ? '' : 'the client hung up before it was answered') : why, out);
      return out;
    },

    kept: (buffered) => talk((conversation, out) => conversation.kept(buffered, out)),
    overdue: () => talk((conversation, out) => conversation.overdue(out)),

    respond(response) {
      if (phase !== 'asked' || asked === null) return NOTHING;
      const { method, keeps } = asked;
      const out: ServerSaid[] = [];
      write(responseBytes(response, keeps, method === 'HEAD'), out);
      asked = null;
      if (!keeps) {
        out.push({ type: 'end' });
        gone('', out);
        return out;
      }
      phase = 'head';
      reader = requestReader();
      const next = joinedAll(behind);
      behind = [];
      if (next.length > 0) read(next, out);
      return out;
    },

    accept({ protocol = '', fields = [] } = {}) {
      const upgrade = asked?.upgrade ?? null;
      if (phase !== 'asked' || upgrade === null) return NOTHING;
      const out: ServerSaid[] = [];
      write(upgradeAnswer(upgrade.key, protocol, fields), out);
      asked = null;
      phase = 'open';
      open = new Conversation(SERVER, { draw: null, longest, autoPong, tellsSent, written });
      for (const each of behind) open.received(each, out as Said[]);
      behind = [];
      return out;
    },

    send: (data, pieces) => talk((conversation, out) => conversation.send(data, pieces, out)),
    ping: (data = NO_BYTES) => talk((conversation, out) => conversation.ping('ping', data, out)),
    pong: (data = NO_BYTES) => talk((conversation, out) => conversation.ping('pong', data, out)),
    close: (code, reason) => talk((conversation, out) => conversation.close(code, reason, out)),

    terminate(how) {
      if (phase === 'open') return talk((conversation, out) => conversation.terminate(how, out));
      if (phase === 'over') return NOTHING;
      const out: ServerSaid[] = [{ type: 'terminate', how }];
      gone('', out);
      return out;
    },
  };
}

const requestReader = (): HeadReader<RequestLine> => new HeadReader(requestLine, true);

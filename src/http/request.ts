/** One whole HTTP request and its response, on a connection of its own, as `fetch` makes it for a page. */
import { NOTHING } from '../machine.ts';
import { addressOf } from './address.ts';
import { BodyReader, ofResponse } from './body.ts';
import type { HttpRequest, HttpRequestOptions, RequestSaid } from './endpoint.ts';
import type { Field } from './fields.ts';
import { HeadReader, head, type StatusLine, statusLine } from './head.ts';
import { joined } from './latin1.ts';

const LONGEST = 100 * 1024 * 1024;
const HEAD_LONGEST = 262_144;
const NO_BYTES: Uint8Array = new Uint8Array(0);

export function httpRequest(options: HttpRequestOptions): HttpRequest {
  const { method, url, fields = [], body: sent = null, longest = LONGEST } = options;
  let phase: 'dialling' | 'head' | 'body' | 'over' = 'dialling';
  let reader = responseReader();
  let body = new BodyReader(0, longest);

  const failed = (why: string, ...before: readonly RequestSaid[]): readonly RequestSaid[] => {
    phase = 'over';
    return [...before, { type: 'failed', why }];
  };

  const answered = (...before: readonly RequestSaid[]): readonly RequestSaid[] => {
    phase = 'over';
    const { status, reason } = reader.start as StatusLine;
    return [...before, { type: 'answered', status, reason, fields: reader.fields, body: body.body }];
  };

  return {
    connected() {
      if (phase !== 'dialling') return NOTHING;
      phase = 'head';
      return [{ type: 'write', bytes: requestBytes(method, url, fields, sent) }];
    },

    received(bytes) {
      if (phase === 'over' || phase === 'dialling') return NOTHING;
      let at = 0;
      while (phase === 'head') {
        at = reader.read(bytes, at);
        if (reader.flaw !== null) return failed(reader.flaw.why, { type: 'terminate', how: 'fin' });
        if (!reader.isDone) return NOTHING;
        const { status } = reader.start as StatusLine;
        if (status < 200) {
          if (status === 101) return failed('an upgrade that nobody asked for', { type: 'terminate', how: 'fin' });
          reader = responseReader();
          continue;
        }
        const framing = ofResponse(method, status, reader.fields);
        if (typeof framing === 'object') return failed(framing.why, { type: 'terminate', how: 'fin' });
        body = new BodyReader(framing, longest);
        phase = 'body';
      }
      body.read(bytes, at);
      if (body.flaw !== null) return failed(body.flaw.why, { type: 'terminate', how: 'fin' });
      return body.isDone ? answered({ type: 'end' }) : NOTHING;
    },

    ended(clean, why) {
      if (phase === 'over') return NOTHING;
      if (phase === 'body' && clean && body.end()) return answered();
      // A browser takes a head that ends with its connection for whole, unless it is encrypted (Chromium, `HttpStreamParser`).
      if (phase === 'head' && clean && reader.start !== null && url.startsWith('http:')) return answered();
      const missing =
        phase === 'body' ? 'the response ended before it was whole' : 'the connection ended without a response';
      return failed(clean ? missing : why === '' ? 'reset' : why);
    },

    abort: () => (phase === 'over' ? NOTHING : failed('aborted', { type: 'terminate', how: 'fin' })),
  };
}

const responseReader = (): HeadReader<StatusLine> => new HeadReader(statusLine, false, HEAD_LONGEST);

/** Methods whose requests have a length even if they have no body (RFC 9110 section 8.6). */
const LONG: readonly string[] = ['POST', 'PUT', 'PATCH'];

/** A request as bytes. */
export function requestBytes(
  method: string,
  url: string,
  fields: readonly Field[],
  body: Uint8Array | null,
): Uint8Array {
  const { host, target } = addressOf(url);
  const said: Field[] = [
    ['Host', host],
    ['Connection', 'keep-alive'],
  ];
  if (body !== null || LONG.includes(method)) said.push(['Content-Length', String(body?.length ?? 0)]);
  return joined(head(`${method} ${target} HTTP/1.1`, [...said, ...fields]), body ?? NO_BYTES);
}

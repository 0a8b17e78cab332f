/**
 * `fetch` (https://fetch.spec.whatwg.org/#fetch-method) of bodies that are small and whole: its promise is resolved when all
 * of a response is there. A network error is a TypeError, as everywhere.
 */
import type { Handle } from '../../host.ts';
import { forgetAborted, whenAborted } from '../abort.ts';
import { needs } from '../idl.ts';
import { define, type Inside, type Part } from '../inside.ts';
import { contentIn } from './body.ts';
import { FormData } from './form-data.ts';
import { Headers, pairsOfText, textOfHeaders } from './headers.ts';
import { installRequest, Request, type RequestInit } from './request.ts';
import { installResponse, Response, responseOf } from './response.ts';

interface Pending {
  readonly request: Request;
  resolve(response: Response): void;
  reject(reason: unknown): void;
  readonly aborted: () => void;
}

export function installFetch(inside: Inside, location: () => string): Part {
  installRequest(inside, location);
  installResponse(inside, location);
  const pending = new Map<Handle, Pending>();
  const settle = (handle: Handle): Pending | undefined => {
    const found = pending.get(handle);
    pending.delete(handle);
    if (found !== undefined) forgetAborted(found.request.signal, found.aborted);
    return found;
  };

  for (const [name, value] of Object.entries({ Headers, Request, Response, FormData })) define(name, value);
  define('fetch', async function fetch(input: unknown, init?: RequestInit): Promise<Response> {
    needs(1, arguments.length, "execute 'fetch' on 'Window'");
    const request = new Request(input, init);
    const { signal } = request;
    if (signal.aborted) throw signal.reason;
    return new Promise((resolve, reject) => {
      const handle = inside.handle();
      const aborted = (): void => {
        if (settle(handle) === undefined) return;
        inside.host.fetchAbort(handle);
        reject(signal.reason);
      };
      whenAborted(signal, aborted);
      pending.set(handle, { request, resolve, reject, aborted });
      const body = contentIn(request)?.bytes ?? null;
      inside.host.fetch(handle, request.method, request.url, textOfHeaders(request.headers), body, request.redirect);
    });
  });
  return {
    fetched(handle, status, statusText, url, headers, bytes) {
      const found = settle(handle);
      if (found === undefined) return;
      inside.task(() => {
        if (status === 0) found.reject(new TypeError('Failed to fetch'));
        else
          found.resolve(
            responseOf({
              status,
              statusText,
              url,
              redirected: url !== found.request.url,
              headers: pairsOfText(headers),
              bytes: new Uint8Array(bytes),
            }),
          );
      });
    },
    reset: () => pending.clear(),
    held: () =>
      [...pending.values()].flatMap(({ request }) => ['sockets', `a request ${request.method} ${request.url}`]),
  };
}

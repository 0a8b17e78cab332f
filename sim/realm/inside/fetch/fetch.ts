/**
 * `fetch` (https://fetch.spec.whatwg.org/#fetch-method) of bodies that are small and whole: its promise is resolved when all
 * of a response is there. A network error is a TypeError, as everywhere.
 */
import { forgetAborted, whenAborted } from '../abort.ts';
import { needs } from '../idl.ts';
import { define, type Inside } from '../inside.ts';
import { contentIn } from './body.ts';
import { FormData } from './form-data.ts';
import { Headers, pairsOfText, textOfHeaders } from './headers.ts';
import { installRequest, Request, type RequestInit } from './request.ts';
import { type Answer, REDIRECTS, type Requests } from './requests.ts';
import { installResponse, opaqueRedirect, Response, responseOf } from './response.ts';

export function installFetch(inside: Inside, location: () => string, requests: Requests): void {
  installRequest(inside, location);
  installResponse(inside, location);
  for (const [name, value] of Object.entries({ Headers, Request, Response, FormData })) define(name, value);
  define('fetch', async function fetch(input: unknown, init?: RequestInit): Promise<Response> {
    needs(1, arguments.length, "execute 'fetch' on 'Window'");
    const request = new Request(input, init);
    const { signal, method, url, redirect } = request;
    if (signal.aborted) throw signal.reason;
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        requests.abort(handle);
        reject(signal.reason);
      };
      const body = contentIn(request)?.bytes ?? null;
      const handle = requests.begin(
        { method, url, headers: textOfHeaders(request.headers), body, redirect },
        (answer) => {
          forgetAborted(signal, aborted);
          inside.task(() => {
            if (answer.status === 0)
              reject(new TypeError(inside.profile === 'node' ? 'fetch failed' : 'Failed to fetch'));
            else resolve(responseTo(request, answer));
          });
        },
      );
      whenAborted(signal, aborted);
    });
  });
}

function responseTo(request: Request, { status, statusText, url, headers, bytes }: Answer): Response {
  if (request.redirect === 'manual' && REDIRECTS.includes(status)) return opaqueRedirect(url);
  return responseOf({
    status,
    statusText,
    url,
    redirected: url !== request.url.replace(/#.*$/s, ''),
    headers: pairsOfText(headers),
    bytes,
  });
}

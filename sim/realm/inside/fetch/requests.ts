/** Requests under way, of whoever asked for them: `fetch` and XMLHttpRequest. Each is answered once and as a whole, or not at all. */
import type { Handle } from '../../host.ts';
import type { Inside, Part } from '../inside.ts';
import { notOffered } from '../missing.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  /** Lines `name: value`. */
  readonly headers: string;
  readonly body: Uint8Array | null;
  readonly redirect: string;
}

/** Status 0 is a network error. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** Where the last of its redirects led to. */
  readonly url: string;
  /** Lines `name: value`. */
  readonly headers: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Requests {
  begin(asked: Asked, then: (answer: Answer) => void): Handle;
  /** Nobody wants its answer any more; nothing happens to one that is answered. */
  abort(handle: Handle): void;
  readonly part: Part;
}

/** Statuses that lead elsewhere (https://fetch.spec.whatwg.org/#redirect-status). */
export const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

interface Pending {
  readonly asked: Asked;
  then(answer: Answer): void;
}

export function installRequests(inside: Inside): Requests {
  const pending = new Map<Handle, Pending>();
  return {
    begin(asked, then) {
      if (/^(?:blob|data):/.test(asked.url)) throw notOffered(`a request of ${asked.url}`, 'only http: and https: are');
      const handle = inside.handle();
      pending.set(handle, { asked, then });
      const { method, url, headers, body, redirect } = asked;
      inside.host.fetch(handle, method, url, headers, body, redirect);
      return handle;
    },
    abort(handle) {
      if (pending.delete(handle)) inside.host.fetchAbort(handle);
    },
    part: {
      fetched(handle, status, statusText, url, headers, bytes) {
        const found = pending.get(handle);
        if (found === undefined) return;
        pending.delete(handle);
        // What crossed the wall is a view of another realm's bytes.
        found.then({ status, statusText, url, headers, bytes: new Uint8Array(bytes) });
      },
      reset: () => pending.clear(),
      held: () => [...pending.values()].flatMap(({ asked }) => ['sockets', `a request ${asked.method} ${asked.url}`]),
    },
  };
}

/**
 * What a browser has and a page here does not.
 *
 * Code asks for some of it by name before it uses it (`typeof DOMParser`), because servers, workers and older browsers have
 * none either: that is not there at all, so it takes its other way, and who uses it without asking gets a ReferenceError
 * that names it. The rest is there by name, and throws when it is used.
 */
import { define, type Part } from '../inside.ts';
import { defineMissing, notOffered } from '../missing.ts';

/**
 * Not there, because code asks first: `DOMParser`, `customElements` and observers of a DOM; streams (`ReadableStream`,
 * `CompressionStream`, …); `RTCPeerConnection`, `WebTransport` and `WebSocketStream`; `indexedDB` and `caches`, which
 * private windows may lack, too.
 */
export function installAbsent(): Part {
  defineMissing(['EventSource'], 'streams over HTTP are for later');
  defineMissing(['FileReader'], 'a Blob has `arrayBuffer()` and `text()`');
  defineMissing(['Worker', 'SharedWorker'], 'a page is one thread');
  defineMissing(['Image', 'Audio'], 'a page has no DOM');
  define('history', stand('history', 'a client has one page'));
  return {};
}

/** An object of which nothing can be used. */
const stand = (name: string, why: string): object =>
  new Proxy(Object.create(null) as object, {
    get(_, key) {
      if (typeof key === 'symbol' || key === 'then') return undefined;
      throw notOffered(`${name}.${key}`, why);
    },
  });

/** What a browser has and a page here does not: it is there by name, and throws when it is used. */
import { define, type Part } from '../inside.ts';
import { defineMissing, notOffered } from '../missing.ts';

export function installAbsent(): Part {
  defineMissing(['EventSource'], 'streams over HTTP are for later');
  defineMissing(
    [
      'ReadableStream',
      'WritableStream',
      'TransformStream',
      'CompressionStream',
      'DecompressionStream',
      'TextDecoderStream',
      'TextEncoderStream',
    ],
    'there are no streams yet',
  );
  defineMissing(['Worker', 'SharedWorker'], 'a page is one thread');
  defineMissing(
    ['RTCPeerConnection', 'WebTransport', 'WebSocketStream'],
    'of transports there are WebSocket, fetch and XMLHttpRequest',
  );
  defineMissing(
    ['MutationObserver', 'IntersectionObserver', 'ResizeObserver', 'DOMParser', 'Image', 'Audio'],
    'a page has no DOM',
  );
  for (const [name, why] of [
    ['indexedDB', 'stores with transactions are for later'],
    ['caches', 'there are no workers'],
    ['customElements', 'a page has no DOM'],
    ['history', 'a client has one page'],
  ] as const)
    define(name, stand(name, why));
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

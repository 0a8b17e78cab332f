/**
 * Where a realm is known to differ from what it stands for, and why. A difference says which lines stand in place of
 * which; one that is not there any more is as wrong as one that is not listed.
 */
import type { Logs } from './program.ts';

export interface Difference {
  readonly program: string;
  readonly who: 'client' | 'tab' | 'server';
  /** Lines of the real log, one after the other; none: `realm` is behind all of it. */
  readonly real: readonly string[];
  readonly realm: readonly string[];
  readonly why: string;
}

const ABSENT_NAMES = [
  ...['ReadableStream', 'WeakRef', 'FinalizationRegistry', 'WebTransport', 'RTCPeerConnection'],
  ...['CompressionStream', 'WebSocketStream', 'DOMParser', 'MutationObserver', 'Notification'],
].map((name) => [name, 'function'] as const);
const ABSENT_OBJECTS = ['indexedDB', 'WebAssembly', 'Atomics', 'caches', 'scheduler', 'cookieStore'].map(
  (name) => [name, 'object'] as const,
);

const DEFLATE = 'no compression is offered, and none accepted: what crosses the wire is larger, and means the same';
const WINDOW =
  'a peer that reads nothing is never full, because the link has no receive window: whatever was sent is on its way';
const EARLY =
  'a close in the step of the dial comes before the dial was answered, so the server hears of neither; on a loopback it was';
const ABSENT = 'what a page here does not have is not there, so that code which asks first takes its other way';

export const DIFFERENCES: readonly Difference[] = [
  {
    ...{ program: 'request', who: 'server', why: DEFLATE },
    real: ['sec-websocket-extensions "permessage-deflate; client_max_window_bits"'],
    realm: ['sec-websocket-extensions undefined'],
  },
  ...['echo-deflate', 'node-ws-deflate'].flatMap((program): Difference[] => [
    {
      ...{ program, who: 'client', why: DEFLATE },
      real: ['open 1 "" "permessage-deflate"'],
      realm: ['open 1 "" ""'],
    },
    {
      ...{ program, who: 'server', why: DEFLATE },
      real: ['connection "/" "" "permessage-deflate"'],
      realm: ['connection "/" "" ""'],
    },
  ]),
  {
    ...{ program: 'url', who: 'client' },
    real: ['"http://a b/" "http://a%20b/"'],
    realm: ['"http://a b/" "throws" "TypeError"'],
    why: 'a space in a host is an error in the URL standard, as in Node; this Chromium lets it pass',
  },
  ...[...ABSENT_NAMES, ...ABSENT_OBJECTS].map(
    ([name, kind]): Difference => ({
      ...{ program: 'present', who: 'client', why: ABSENT },
      real: [`${name} "${kind}"`],
      realm: [`${name} "undefined"`],
    }),
  ),
  ...['"a" null "1"', '"a" "1" "2"', '"b" null "3"', '"a" "2" null', 'null null null', '"end" null ""'].map(
    (change): Difference => ({
      ...{ program: 'storage-events', who: 'client' },
      real: [`storage ${change} true false`],
      realm: [`storage ${change} true true`],
      why: 'all tabs of a client have one URL, and so has whoever stored something',
    }),
  ),
  {
    ...{ program: 'place', who: 'client' },
    real: ['typeof what is Node’s "undefined" "undefined" "undefined" "undefined"'],
    realm: ['typeof what is Node’s "undefined" "undefined" "undefined" "object"'],
    why: 'a page is bundled as for production, where bundlers take `global` for the window',
  },
  {
    ...{ program: 'exceptions', who: 'client' },
    real: ['stack "undefined"'],
    realm: ['stack "string"'],
    why: 'a DOMException has a stack, so that a report can say where it was made',
  },
  {
    ...{ program: 'structured-clone', who: 'client' },
    real: ['moved 4 0'],
    realm: ['moved 4 4'],
    why: 'a buffer that is transferred stays with who gave it, too: this engine has nothing that takes it away',
  },
  {
    ...{ program: 'fetch-chunked', who: 'server' },
    real: [],
    realm: ['end', 'closed'],
    why: 'a request has a connection of its own, which ends with its response; Chromium keeps it for the next one',
  },
  ...['close-connecting', 'close-connecting-twice', 'shape'].map(
    (program): Difference => ({ program, who: 'server', real: ['end', 'closed'], realm: [], why: EARLY }),
  ),
  {
    ...{ program: 'back-pressure', who: 'client', why: WINDOW },
    real: ['most of it is held true'],
    realm: ['most of it is held false'],
  },
  {
    ...{ program: 'back-pressure', who: 'client', why: WINDOW },
    real: ['the closing handshake waits behind it 2 true'],
    realm: ['the closing handshake waits behind it 2 false'],
  },
  {
    ...{ program: 'net-filling', who: 'client', why: WINDOW },
    real: ['after a while false', 'drain 0'],
    realm: ['drain 0', 'after a while true'],
  },
];

/** Programs that say nothing of a realm, and why. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'timer-long-task': 'time stands still within a step: a loop that waits for the clock never ends',
};

export const differencesOf = (name: string): readonly Difference[] =>
  DIFFERENCES.filter(({ program }) => program === name);

/** The real log with the known differences in it; null where one does not fit any more. */
export function asInRealm(logs: Logs, differences: readonly Difference[]): Logs | null {
  const changed: Record<string, readonly string[]> = { ...logs };
  for (const { who, real, realm } of differences) {
    const lines = changed[who] ?? [];
    const at =
      real.length === 0 ? lines.length : lines.findIndex((_, i) => real.every((line, k) => lines[i + k] === line));
    if (at < 0) return null;
    changed[who] = [...lines.slice(0, at), ...realm, ...lines.slice(at + real.length)];
  }
  return changed;
}

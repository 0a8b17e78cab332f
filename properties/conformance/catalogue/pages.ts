/** What else a page stands on: timers, URLs, text, clones, signals, `fetch`. */
import type { Program } from '../program.ts';
import { each, program, script } from './scripts.ts';

const timers = (name: string, says: string, call: string): Program => program(name, says, script('timers.page', call));
const platform = (name: string, says: string, call: string): Program =>
  program(name, says, script('platform.page', call));
const fetched = (name: string, says: string, call: string, ...args: readonly unknown[]): Program =>
  program(name, says, script('fetch.page', call, ...args), script('http.server', 'answering'));

export const pages: readonly Program[] = [
  timers('timer-order', 'timers by their time, then by their order', 'order'),
  timers('timer-delays', 'delays that are none', 'oddDelays'),
  timers('timer-zero-one', 'delays of zero, one, and none', 'zeroAndOne'),
  timers('timer-nesting', 'nested timers of zero', 'nesting'),
  timers('timer-turns', 'microtasks, promises and timers', 'turns'),
  timers('timer-clearing', 'intervals that are cleared in their callback', 'clearing'),
  timers(
    'timer-cleared-by-first',
    'of two timers that are due at once, the first clears the second',
    'clearedByTheFirst',
  ),
  timers('timer-callbacks', 'what a callback is given, and what can be one', 'callbacks'),
  timers('timer-throws', 'timers that throw', 'throwing'),
  timers('timer-long-task', 'an interval behind a task that takes long', 'longTask'),
  timers('channel-turns', 'a message channel beside timers', 'channels'),
  timers('frames-of-animation', 'frames of animation', 'frames'),
  timers('clocks', 'clocks of a page', 'clocks'),
  timers('microtask-errors', 'errors in microtasks', 'microtaskErrors'),
  platform('url', 'URLs and their oddities', 'urls'),
  platform('text-codecs', 'text into bytes and back', 'text'),
  platform('structured-clone', 'what `structuredClone` copies and refuses', 'clones'),
  platform('abort-signals', 'signals, their reasons, several in one', 'signals'),
  platform('blobs', 'blobs', 'blobs'),
  platform('dice', 'random values and digests', 'dice'),
  platform('exceptions', 'DOMException and errors', 'exceptions'),
  platform('words', 'dates and numbers in words', 'words'),
  platform('present', 'what there is', 'present'),
  fetched('fetch', 'a request, and what its response says', 'whole'),
  fetched(
    'fetch-statuses',
    'a request for each status',
    'statuses',
    [200, 201, 204, 304, 400, 401, 404, 429, 500, 503],
  ),
  fetched('fetch-bodies', 'methods and bodies', 'bodies'),
  program('fetch-refused', 'requests that cannot be made', script('fetch.page', 'failing')),
  program(
    'fetch-cut',
    'a connection that ends without an answer',
    script('fetch.page', 'cutOff'),
    each([['head'], ['end']]),
  ),
  program(
    'fetch-cut-head',
    'a connection that ends within the head',
    script('fetch.page', 'cutOff'),
    each([['head'], ['write', 'HTTP/1.1 200 OK\r\nContent-Le'], ['wait', 50], ['end']]),
  ),
  program(
    'fetch-cut-body',
    'a connection that ends within the body',
    script('fetch.page', 'cutOff'),
    each([['head'], ['write', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'], ['wait', 50], ['end']]),
  ),
  program(
    'fetch-to-the-end',
    'a body without a length, which ends with the connection',
    script('fetch.page', 'cutOff'),
    each([['head'], ['write', 'HTTP/1.1 200 OK\r\n\r\nall of '], ['wait', 50], ['write', 'it'], ['end']]),
  ),
  program(
    'fetch-chunked',
    'a body in chunks',
    script('fetch.page', 'cutOff'),
    each([
      ['head'],
      ['write', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n'],
      ['wait', 50],
      ['write', '4;x=y\r\n two\r\n0\r\n\r\n'],
      ['wait', 50],
      ['end'],
    ]),
  ),
  program(
    'fetch-chunked-cut',
    'a body in chunks that ends before its last',
    script('fetch.page', 'cutOff'),
    each([
      ['head'],
      ['write', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n'],
      ['wait', 50],
      ['end'],
    ]),
  ),
  program(
    'fetch-garbage',
    'an answer that is no HTTP',
    script('fetch.page', 'cutOff'),
    each([['head'], ['write', '\u0000garbage that is no HTTP at all'], ['wait', 50], ['end']]),
  ),
  fetched('fetch-aborted', 'requests that are aborted', 'aborted'),
  fetched('fetch-redirects', 'redirects', 'redirects'),
  fetched('fetch-order', 'two requests, microtasks and timers', 'orders'),
  program('fetch-classes', 'the classes of fetch by themselves', script('fetch.page', 'classes')),
];

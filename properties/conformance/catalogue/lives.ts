/** Lives of pages: events and turns around a socket, tabs that are reloaded, frozen, offline, or two. */
import type { Program } from '../program.ts';
import { accepted, page, program, type Step, script, ws } from './scripts.ts';

const events = (call: string) => script('events.page', call);
const tab = (call: string, ...args: readonly unknown[]) => script('tab.page', call, ...args);
const FROZEN = [
  [500, 'hide'],
  [700, 'freeze'],
  [2700, 'resume'],
  [3000, 'show'],
] as const;

const answersClose: readonly Step[] = [['got', 'close'], ['frames', ['close', { code: 1000 }]], ['end']];

export const lives: readonly Program[] = [
  program(
    'message-event',
    'what a message event says of itself',
    page('messageEvent'),
    accepted(['frames', ['text', 'hello']], ...answersClose),
  ),
  program(
    'socket-turns',
    'listeners, microtasks and timers around each event',
    page('turns', { timers: true }),
    accepted(
      ['wait', 100],
      ['frames', ['text', 'one']],
      ['wait', 100],
      ['frames', ['close', { code: 1000 }]],
      ['got', 'close'],
      ['end'],
    ),
  ),
  program(
    'socket-turns-one-segment',
    'the same when all comes in one segment',
    page('turns', { timers: false }),
    accepted(['frames', ['text', 'one'], ['text', 'two'], ['close', { code: 1000 }]], ['got', 'close'], ['end']),
  ),
  program(
    'handler-throws',
    'handlers that throw',
    events('throwing'),
    accepted(['frames', ['text', 'hello']], ...answersClose),
  ),
  program('unhandled', 'errors and rejections that nobody handles', events('unhandled')),
  program('reported', '`reportError`, and an error in the handler of errors', events('reported')),
  program('listener-order', 'attributes and listeners by the order in which they were set', events('order')),
  program('listener-changes', 'listeners that come and go during a dispatch', events('changing')),
  program('listener-objects', 'listeners that are objects', events('objects')),
  program('listener-stopping', 'stopping and cancelling', events('stopping')),
  program('listener-checkpoints', 'microtasks between listeners', events('checkpoints'), accepted(...answersClose)),
  program('listener-signal', 'listeners that a signal takes away', events('signalled')),
  program('events-made', 'events that a page makes', events('made')),
  program('reload', 'a reload with an open socket, from outside', tab('reloading', { how: 'outside' }), accepted(), {
    steps: [[400, 'reload']],
  }),
  program('reload-itself', 'a page that reloads itself', tab('reloading', { how: 'location' }), accepted()),
  program(
    'reload-closing',
    'a page that closes its socket in `pagehide`',
    tab('reloading', { how: 'location', close: true }),
    accepted(...answersClose),
  ),
  program('tab-closed', 'a tab that is closed', tab('closedTab'), ws('echo'), { steps: [[400, 'close tab']] }),
  program(
    'frozen',
    'a tab that is frozen while messages come',
    tab('frozen'),
    accepted(['wait', 1000], ['frames', ['text', 'one']], ['wait', 100], ['frames', ['text', 'two']], ...answersClose),
    { steps: FROZEN },
  ),
  program(
    'frozen-closed',
    'a connection that ends while its tab is frozen',
    tab('frozenAndClosed'),
    accepted(['wait', 1000], ['frames', ['text', 'one'], ['close', { code: 1001 }]], ['wait', 200], ['end']),
    { steps: FROZEN },
  ),
  program('hidden', 'a tab that is hidden and shown', tab('hidden'), undefined, {
    steps: [
      [300, 'hide'],
      [600, 'show'],
    ],
  }),
  program('offline', 'a device that goes offline and comes back', tab('offline'), accepted(...answersClose), {
    steps: [
      [300, 'offline'],
      [700, 'online'],
    ],
  }),
  program('broadcast', 'two tabs and a channel', tab('channelListener'), undefined, { tab: tab('channelSpeaker') }),
  program('storage-events', 'two tabs and what they store', tab('storageListener'), undefined, {
    tab: tab('storageWriter'),
  }),
  program('storage', '`Storage` as an object', tab('storageShape')),
  program('place', 'what a page says of itself', tab('place')),
];

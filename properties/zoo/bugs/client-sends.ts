/** Clients that lose, repeat or reorder what their application submitted. */
import { attached, type PendingSend } from '../../../src/session/client/state.ts';
import { type Stored, store } from '../../../src/session/client/storage.ts';
import type { Instant } from '../../../src/time.ts';
import { type Bug, bug } from '../bug.ts';
import { changed, frameIn, without } from '../say.ts';

/** The sends of an outbox, by number. */
const pendings = (outbox: Readonly<Record<number, PendingSend>>): [number, PendingSend][] =>
  Object.entries(outbox).map(([clientSeq, pending]) => [Number(clientSeq), { ...pending }]);

export const CLIENT_SENDS: readonly Bug[] = [
  bug(
    'client',
    'forgets-what-it-had-sent',
    ['ueberdosis/hocuspocus#183', 'nextcloud/text#5126'],
    'What went out on a connection that was lost is not sent again on the next one: only what never went out is.',
    {
      around({ state, event, step }) {
        const welcome = frameIn(event, 'WELCOME');
        if (welcome === null || state.session?.id !== welcome.session) return step();
        const sent = pendings(state.outbox).filter(([, pending]) => pending.sent);
        return without(step(), (effect) => {
          const frame = frameIn(effect, 'SEND');
          return frame !== null && sent.some(([clientSeq]) => clientSeq === frame.clientSeq);
        });
      },
    },
  ),
  bug(
    'client',
    'sends-again-as-new',
    ['socketio/socket.io-client#1279', 'socketio/socket.io-client-java#519'],
    'A send that took effect, and whose answer was lost with its connection, goes out once more under a new number.',
    {
      around({ state, event, step }) {
        const welcome = frameIn(event, 'WELCOME');
        if (welcome === null || state.session?.id !== welcome.session) return step();
        const all = pendings(state.outbox);
        if (all.some(([clientSeq, { sent }]) => sent && clientSeq <= welcome.sendAck)) {
          state.outbox = {};
          state.nextSend = Math.max(state.nextSend, welcome.sendAck + 1) - all.length;
          state.nextSend = Math.max(state.nextSend, welcome.sendAck + 1);
          for (const [, pending] of all) state.outbox[state.nextSend++] = { ...pending, sent: false };
        }
        return step();
      },
    },
  ),
  bug(
    'client',
    'offline-queue-in-reverse',
    'mqttjs/MQTT.js#450',
    'What was submitted while there was no connection is numbered, and so takes effect, last in first out.',
    {
      around({ state, event, step }) {
        if (frameIn(event, 'WELCOME') !== null) {
          const unsent = pendings(state.outbox).filter(([, { sent }]) => !sent);
          const last = unsent.map(([, pending]) => pending).reverse();
          for (const [i, [clientSeq]] of unsent.entries()) state.outbox[clientSeq] = last[i] as PendingSend;
        }
        return step();
      },
    },
  ),
  bug(
    'client',
    'keeps-its-numbers-in-a-new-session',
    'bytebeamio/rumqtt#1056',
    'A client whose session was lost goes on with the old numbers of what it had not sent, and the new session waits for number 1.',
    {
      around({ state, event, step }) {
        const welcome = frameIn(event, 'WELCOME');
        const before = pendings(state.outbox).filter(([, { sent }]) => !sent);
        const { nextSend } = state;
        const lost = welcome !== null && state.session !== null && state.session.id !== welcome.session;
        const effects = step();
        if (!lost || before.length === 0 || attached(state) === null) return effects;
        state.outbox = {};
        for (const [clientSeq, pending] of before) state.outbox[clientSeq] = { ...pending, sent: true };
        state.nextSend = nextSend;
        return changed(effects, (effect) => {
          const frame = frameIn(effect, 'SEND');
          const kept = before.find(([, { key }]) => key === frame?.key);
          return kept === undefined ? effect : ({ ...effect, payload: { ...frame, clientSeq: kept[0] } } as never);
        });
      },
    },
  ),
  bug(
    'client',
    'counts-lost-sends-for-ever',
    'ueberdosis/hocuspocus#825',
    'Sends that were lost with their session stay in the count of what is unsettled, until the outbox is full for good.',
    {
      around({ state, event, step }) {
        const welcome = frameIn(event, 'WELCOME');
        const { outboxCount, outboxBytes } = state;
        const lost = welcome !== null && state.session !== null && state.session.id !== welcome.session;
        const effects = step();
        if (lost) {
          state.outboxCount = outboxCount;
          state.outboxBytes = outboxBytes;
        }
        return effects;
      },
    },
  ),
  bug(
    'client',
    'second-tab-repeats-numbers',
    ['firebase/firebase-js-sdk#927', 'tuanpmt/esp_mqtt#129'],
    'A second tab numbers its sends from 1, as the first one did: the server answers with the results of others.',
    {
      around({ state, event, step }) {
        const welcome = frameIn(event, 'WELCOME');
        if (welcome === null || event.type !== 'frame') return step();
        const first = state.nextSend - Object.keys(state.outbox).length;
        const effects = step({ ...event, payload: { ...welcome, sendAck: Math.min(welcome.sendAck, first - 1) } });
        const own = attached(state);
        if (own?.conn === event.conn) own.sendAck = welcome.sendAck;
        return effects;
      },
    },
  ),
  bug(
    'client',
    'second-tab-takes-the-queue',
    ['imuniqueshiv/MeetOnMemory#1913', 'firebase/firebase-js-sdk#706'],
    'A second tab finds the queue of unsettled sends in the storage, and sends what the first tab sends as well.',
    {
      page: (page) => ({
        ...page,
        open(config, stored, tab, now) {
          const opened = page.open(config, stored, tab, now);
          const kept = stored as Stored | null;
          if (opened === null || kept === null) return opened;
          const sends = Object.values(kept.sends);
          const outbox = Object.fromEntries(Object.entries(kept.sends).map(([n, send]) => [n, { ...send }]));
          const outboxBytes = sends.reduce((sum, { bytes }) => sum + bytes, 0);
          const state = {
            ...(opened.state as object),
            outbox,
            outboxBytes,
            outboxCount: sends.length,
            nextSend: kept.nextSend,
          };
          return { ...opened, state };
        },
      }),
    },
  ),
  bug<'client', { at: Instant; stored: Stored }>(
    'client',
    'storage-lags-behind',
    ['matrix-org/seshat#19', 'element-hq/element-web#3375'],
    'A page stores its cursors and sends every two seconds, and not in the write in which the application stores what it made of them.',
    {
      around(around) {
        const { state, context, step } = around;
        const effects = step();
        const { memory } = around;
        if (memory === null || context.now - memory.at >= 2_000_000)
          around.memory = { at: context.now, stored: store(state) };
        return effects;
      },
      page: (page) => ({
        ...page,
        persist: (state) => (state as { zoo?: { stored: Stored } }).zoo?.stored ?? page.persist(state),
      }),
    },
  ),
  bug(
    'client',
    'dial-counter-starts-again',
    ['apache/pulsar#20032', 'tuanpmt/esp_mqtt#129'],
    'A page that is loaded again counts its dials from 1, so that its HELLO looks older than those of the page before.',
    {
      page: (page) => ({
        ...page,
        revive(stored, old, now) {
          const state = page.revive(stored, old, now) as { config: object };
          return { ...state, config: { ...state.config, dialsFrom: 0 } };
        },
      }),
    },
  ),
  bug(
    'client',
    'token-of-the-first-connect',
    ['supabase/realtime-js#126', 'supabase/supabase-py#1655'],
    'HELLO always shows the token with which the first connection was opened, whatever was renewed since.',
    {
      around(around) {
        const effects = around.step();
        return changed(effects, (effect) => {
          const hello = frameIn(effect, 'HELLO');
          if (hello === null) return effect;
          around.memory ??= hello.token;
          return { ...effect, payload: { ...hello, token: around.memory } } as never;
        });
      },
    },
  ),
  bug(
    'client',
    'dials-with-a-dead-token',
    ['supabase/supabase-js#2614', 'supabase/supabase-js#1732'],
    'A client that comes back after its token expired dials with it, and asks for another one only when it was turned away.',
    {
      around({ state, event, context, step }) {
        const { token } = state;
        const dials =
          event.type === 'online' || event.type === 'moved' || (event.type === 'timer' && event.timer === 'retry');
        if (!dials || token === null || token.expiresAt > context.now) return step();
        state.token = { ...token, expiresAt: (context.now + 3_600_000_000) as Instant };
        const effects = step();
        if (state.token?.serial === token.serial) state.token = { ...token };
        return effects;
      },
    },
  ),
  bug(
    'client',
    'taken-over-dials-again',
    ['Comfy-Org/ComfyUI#549', 'bigbluebutton/bigbluebutton#15013'],
    'A client that another process of the same user took over from reconnects, and the two take turns.',
    {
      around: ({ event, step }) =>
        step(event.type === 'closed' && event.code === 4001 ? { ...event, code: 1012 } : event),
    },
  ),
  bug(
    'client',
    'unauthorized-dials-again',
    ['supabase/supabase-js#2596', 'AndyMik90/Aperant#1663'],
    'A client whose token is worth nothing any more goes on dialling with it.',
    {
      around: ({ event, step }) =>
        step(event.type === 'closed' && event.code === 4003 ? { ...event, code: 1011 } : event),
    },
  ),
];

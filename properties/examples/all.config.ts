/** All examples with published packages and hand-written clients, for one sweep. */
import { config } from 'hangup';
import chat from '../../examples/chat/chat.hangup.ts';
import mistakes from '../../examples/chat/mistakes.hangup.ts';
import defaults from '../../examples/graphql-ws/defaults.hangup.ts';
import journal from '../../examples/graphql-ws/journal.hangup.ts';
import mutations from '../../examples/graphql-ws/mutations.hangup.ts';
import partysocket from '../../examples/reconnecting/partysocket.hangup.ts';
import herd from '../../examples/reconnecting/partysocket-herd.hangup.ts';
import reconnecting from '../../examples/reconnecting/reconnecting.hangup.ts';
import unwatched from '../../examples/reconnecting/unwatched.hangup.ts';
import lines from '../../examples/socketio/lines.hangup.ts';
import recovery from '../../examples/socketio/recovery.hangup.ts';
import document from '../../examples/yjs/document.hangup.ts';

export default config({
  scenarios: [
    chat,
    ...mistakes.scenarios,
    reconnecting,
    partysocket,
    herd,
    unwatched,
    lines,
    recovery,
    journal,
    defaults,
    mutations,
    document,
  ],
});

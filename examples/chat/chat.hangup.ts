/** What the chat promises, and who says what when. `CHAT_BUG=resend`, `cursor` or `listener` puts a mistake back. */
import { system } from 'hangup/system';

export default system({
  name: 'chat',
  client: './chat.client.ts',
  server: './chat.server.ts',
  env: { CHAT_BUG: process.env.CHAT_BUG ?? '' },
  // Not `crash`, `drain` and `restart`: the log is in memory.
  faults: [
    'cut',
    'cutFrame',
    'addressChange',
    'flap',
    'reset',
    'rebind',
    'halfOpen',
    'cleanClose',
    'closeCode',
    'stall',
    'offline',
    'suspend',
    'sleep',
  ],
  story: ({ every, client }) => [every('1s', client.say, (n, { node }) => `${node} says ${n}`)],
  promises: {
    delivery: 'exactly-once',
    order: 'per-stream',
    backWithin: '60s',
    backoff: 'least',
    noLeak: true,
  },
});

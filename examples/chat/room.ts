/** The chat as a system: what it promises, and who says what when. */
import { system } from 'hangup/system';
import type { Bug } from './chat.ts';

/** Not `crash`, `drain` and `restart`: the log is in memory. */
const FAULTS = [
  'cut',
  'cutFrame',
  'flap',
  'reset',
  'rebind',
  'halfOpen',
  'cleanClose',
  'closeCode',
  'addressChange',
  'stall',
  'offline',
  'suspend',
  'sleep',
];

/** The chat, right or with one of the mistakes that such a class usually has. */
export const room = (name: string, bug: Bug | '' = '', faults = FAULTS) =>
  system({
    name,
    client: './chat.client.ts',
    server: './chat.server.ts',
    env: { CHAT_BUG: bug },
    faults,
    story: ({ every, client }) => [every('1s', client.say, (n, { node }) => `${node} says ${n}`)],
    promises: {
      delivery: 'exactly-once',
      order: 'per-stream',
      backWithin: '60s',
      backoff: 'least',
      noLeak: true,
    },
  });

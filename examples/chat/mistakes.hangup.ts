/** The chat with each of its three mistakes; the second needs a connection that ends while it catches up. */
import { config } from 'hangup';
import { room } from './room.ts';

export default config({
  scenarios: [
    room('chat/resend', 'resend'),
    room('chat/cursor', 'cursor', ['cutFrame', 'offline']),
    room('chat/listener', 'listener'),
  ],
});
